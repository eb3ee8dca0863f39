"""The products of a shop as a file. docs/formats.md states the format."""

from dataclasses import dataclass

from showfloor.kernel.currencies import EXPONENTS
from showfloor.tabular.model import Column, Columns, Limits
from showfloor.tabular.reading import USUAL, read_table
from showfloor.tabular.row import Row
from showfloor.tabular.table import Table

UNKNOWN = "not known"

COLUMNS = Columns(
    "catalogues",
    (
        Column("product", needed=True),
        Column("price", needed=True, number=True, currency=True),
        Column("title"),
        Column("category"),
        Column("commission_percent", number=True, percent=True),
    ),
)


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One product of a catalogue."""

    line: int
    reference: str
    title: str
    category: str
    price: int  # minor units of the currency
    commission_bps: int


def read_catalogue(
    data: bytes, file_name: str, limits: Limits = USUAL, sheet: str | None = None
) -> tuple[list[CatalogueRow], str, Table]:
    """Return the products of a file, their currency, and the table with every problem. Raises BadFile."""
    table = read_table(data, file_name, COLUMNS, limits, sheet)
    currency = table.currency("price")
    products = [_product(row, currency) for row in table.rows]
    table.refuse_repeated("product", [row.reference for row in products])
    return products, currency, table


def _product(row: Row, currency: str) -> CatalogueRow:
    reference = row.reference("product")
    category = row.text("category", 60, default=UNKNOWN)
    return CatalogueRow(
        line=row.line,
        reference=reference,
        title=row.text("title", 200, default=f"{category} {reference}"),
        category=category,
        price=row.amount("price", EXPONENTS[currency], needed=True) or 0,
        commission_bps=row.percent("commission_percent") or 0,
    )
