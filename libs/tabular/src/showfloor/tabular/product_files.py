"""Reads a file of products of any system that we know, or by a mapping of its columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

from showfloor.kernel import text
from showfloor.kernel.currencies import EXPONENTS
from showfloor.tabular import headers, reading, shop_formats
from showfloor.tabular.model import BadFile, Found, Limits, Problem, Problems
from showfloor.tabular.product_rows import ProductRow, products_of
from showfloor.tabular.shop_formats import COLUMNS, FIELDS, NUMBERS, OTHER, TELL_VARIANTS, Format, MappedColumn
from showfloor.tabular.table import Table

PEEKED = 50  # rows that samples are taken of
SAMPLE = 60  # characters
_DESCRIBING = 6  # rows below the headers of a template that may describe its columns
LONGEST_PRICE = 24
_TEMPLATE = "Template"  # the sheet of TikTok Shop's workbooks that holds products

Record = tuple[int, list[str]]


@dataclass(slots=True)
class Heading:
    """What the line of headers tells: the system, what each column is, and which needed fields have none."""

    format: shop_formats.FormatName = "other"
    columns: list[MappedColumn] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


class Unmapped(BadFile):
    """The columns of a file do not fill the fields that a product needs."""

    def __init__(self, error: BadFile, heading: Heading) -> None:
        super().__init__(error.problem, error.mend, error.line)
        self.heading = heading


class ProductFile(NamedTuple):
    """The products of a file; `tells_variants`: one without variants has none."""

    products: list[ProductRow]
    currency: str
    table: Table
    heading: Heading
    tells_variants: bool


def read_products(
    data: bytes, file_name: str, limits: Limits = reading.USUAL, sheet: str | None = None, *, currency: str,
    mapping: Mapping[str, str] | None = None,
) -> ProductFile:  # fmt: skip
    """Return the products of a file. Raises BadFile, and Unmapped with what its columns are.

    `currency` is the shop's: that of amounts whose header names none. `mapping` says which column fills which field.
    """
    records, used = reading.records_of(data, shop_formats.count_known, limits, sheet, _TEMPLATE)
    line, header = reading.header_of(records, limits)
    keys = [headers.key(cell) for cell in header]
    form = shop_formats.recognised(keys)
    first, rest = _peeked(records)
    if form is not None and form.name == "tiktok_shop":
        first, described = _without_descriptions(first, keys)
    else:
        described = []
    samples = [_sample(first, at) for at in range(len(header))]
    noted = Problems(limits.problems)
    if mapping:
        found, heading = _chosen(line, header, mapping, form, currency, samples)
    elif form is not None:
        found, heading = _of_format(line, header, keys, form, currency, samples)
    else:
        found, heading, warnings = _our_own(line, header, noted, currency, samples)
        described += warnings
    table = Table(file_name, found, [], noted, described, used)
    reading.fill(table, chain(first, rest), line, header, limits)
    if form is None or form.mark is None:
        reading.settle_marks(table, NUMBERS)
    form = form or OTHER
    tells = bool(TELL_VARIANTS & found.keys())
    own = found["price"].currency
    products, left = products_of(table, own, form, strict=heading.format == "showfloor", tells_variants=tells)
    table.warnings = [*table.warnings, *left]
    return ProductFile(products, own, table, heading, tells)


def _peeked(records: Iterator[Record]) -> tuple[list[Record], Iterator[Record]]:
    """Return the first rows and the rest; where the file cannot be read any more, the rest says so."""
    first: list[Record] = []
    try:
        for record in islice(records, PEEKED):
            first.append(record)
    except BadFile as broken:
        return first, _failing(broken)
    return first, records


def _failing(broken: BadFile) -> Iterator[Record]:
    raise broken
    yield


def _without_descriptions(first: list[Record], keys: Sequence[str]) -> tuple[list[Record], list[Problem]]:
    """Take out the rows in which a template describes its columns: they stand on top, and have words for a price."""
    price, name = keys.index("price"), keys.index("product_name")
    describing: list[Record] = []
    for record in first[:_DESCRIBING]:
        said, called = (record[1][at].strip() if at < len(record[1]) else "" for at in (price, name))
        if (called and not said) or (len(said) <= LONGEST_PRICE and any(c.isdigit() for c in said)):
            break
        describing.append(record)
    told = [
        Problem(line, "", "", "describes the columns of the template; it was left out", "no product is missing")
        for line, _ in describing
    ]
    return first[len(describing) :], told


def _sample(rows: Sequence[Record], at: int) -> str:
    for _, cells in rows:
        if at < len(cells) and (value := " ".join(cells[at].split())):
            return value if len(value) <= SAMPLE else f"{text.cut(value, SAMPLE)}…"
    return ""


def _heading(
    name: shop_formats.FormatName, header: Sequence[str], fields: Mapping[str, int], samples: Sequence[str],
    why: Callable[[int], shop_formats.LeftOut],
) -> Heading:  # fmt: skip
    filled = {at: name for name, at in fields.items()}
    columns = [
        MappedColumn(cell.strip(), filled.get(at, ""), samples[at], "" if at in filled else why(at))
        for at, cell in enumerate(header)
        if cell.strip() or samples[at]
    ]
    return Heading(name, columns)


def _of_format(
    line: int, header: Sequence[str], keys: Sequence[str], form: Format, currency: str, samples: Sequence[str]
) -> tuple[dict[str, Found], Heading]:
    fields, left = shop_formats.columns_of(form, keys, [bool(one) for one in samples])
    heading = _heading(form.name, header, fields, samples, lambda at: left.get(at, "nobody_reads_it"))
    _must_fill(line, heading, fields, form.needed)
    return shop_formats.found_of(fields, header, currency, form), heading


def _chosen(
    line: int, header: Sequence[str], mapping: Mapping[str, str], form: Format | None, currency: str,
    samples: Sequence[str],
) -> tuple[dict[str, Found], Heading]:  # fmt: skip
    places: dict[str, int] = {}
    for at, cell in enumerate(header):
        places.setdefault(cell.strip(), at)
    heading = _heading(form.name if form else "other", header, {}, samples, lambda _: "chosen")
    for name in mapping.values():
        if name not in places:
            has = ", ".join(places)[:300]
            raise Unmapped(BadFile(f"has no column `{name}`", f"the line of headers has: {has}", line), heading)
    fields = {field: places[name] for field, name in mapping.items()}
    heading = _heading(heading.format, header, fields, samples, lambda _: "chosen")
    _must_fill(line, heading, fields, form.needed if form else ("product", "price"))
    found = shop_formats.found_of(fields, header, _named_currency(header[fields["price"]]) or currency, form or OTHER)
    return found, heading


def _our_own(
    line: int, header: Sequence[str], noted: Problems, currency: str, samples: Sequence[str]
) -> tuple[dict[str, Found], Heading, list[Problem]]:
    """Read the headers of our own format. What is nobody's is refused with the columns that it has."""
    try:
        found, warnings = headers.matched(line, header, COLUMNS, noted)
    except BadFile as error:
        heading = _heading("other", header, {}, samples, lambda _: "nobody_reads_it")
        heading.missing = ["product", "price"]
        raise Unmapped(error, heading) from None
    for name in ("compare_at_price",):
        if name in found:
            found[name].currency = found["price"].currency
    fields = {name: one.at for name, one in found.items()}
    return found, _heading("showfloor", header, fields, samples, lambda _: "nobody_reads_it"), warnings


def _must_fill(line: int, heading: Heading, fields: Mapping[str, int], needed: Sequence[str]) -> None:
    heading.missing = [name for name in needed if name not in fields]
    if heading.missing:
        has = ", ".join(column.header for column in heading.columns)[:300]
        names = ", ".join(heading.missing)
        raise Unmapped(
            BadFile(f"has no column {names}", f"say which column it is; the line of headers has: {has}", line), heading
        )


def _named_currency(header: str) -> str:
    code = headers.key(header).rpartition("_")[2].upper()
    return code if code in EXPONENTS else ""


def mapping_of(said: Sequence[str]) -> dict[str, str]:
    """Return a mapping that was said as `field:column`. Raises ValueError with the number of the first bad one."""
    mapping: dict[str, str] = {}
    for number, one in enumerate(said):
        name, colon, column = one.partition(":")
        if not colon or name not in FIELDS or name in mapping or not column.strip():
            raise ValueError(number)
        mapping[name] = column.strip()
    return mapping
