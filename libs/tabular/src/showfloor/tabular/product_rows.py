"""From the rows of a table to products: rows of one product are its variants."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from showfloor.kernel import text
from showfloor.kernel.currencies import EXPONENTS
from showfloor.tabular import numbers
from showfloor.tabular.model import Problem
from showfloor.tabular.row import Row
from showfloor.tabular.shop_formats import NAMES, VALUES, Format
from showfloor.tabular.table import Table

UNKNOWN = "not known"
MAX_VARIANTS = 100
_TITLE, _CATEGORY, _REFERENCE, _VALUE = 200, 60, 64, 60
_NO = frozenset({"0", "no", "false", "outofstock", "out of stock"})
_OVERSOLD = re.compile(r"[-−]\d+")
_LEFT_OUT = frozenset({"grouped", "external"})


@dataclass(slots=True)
class VariantRow:
    """A variant of a product of a file. Amounts in minor units of the currency."""

    line: int
    reference: str
    values: tuple[str, ...]
    price: int
    compare_at: int | None
    stock: int | None
    image_url: str


@dataclass(slots=True)
class ProductRow:
    """One product of a file. Amounts in minor units of the currency."""

    line: int
    reference: str
    title: str
    category: str
    price: int
    commission_bps: int
    compare_at: int | None = None
    stock: int | None = None
    image_url: str = ""
    link: str = ""
    options: tuple[str, ...] = ()
    variants: list[VariantRow] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """The rows of one product: the one that tells of all of it, and those of its variants."""

    reference: str
    head: Row
    rows: list[Row] = field(default_factory=list)


class _Reader:
    """Reads products, and counts what is left out on the way."""

    def __init__(self, table: Table, currency: str, form: Format, strict: bool) -> None:
        self._table, self._decimals, self._form, self._strict = table, EXPONENTS[currency], form, strict
        self.shortened = self.pictures = 0

    def product(self, group: _Group) -> ProductRow:
        head, rows = group.head, group.rows
        options = self._options(group)
        category = self._category(head)
        product = ProductRow(
            line=head.line,
            reference=group.reference,
            title=self._title(head, f"{category} {group.reference}"),
            category=category,
            price=0,
            commission_bps=head.percent("commission_percent") or 0,
            image_url=self._picture(head, "image_url"),
            link=head.raw("link"),
            options=tuple(name for _, name in options),
        )
        if not rows:
            head.refuse("kind", "is a product with variations, and the file has none of them", "export it whole")
        elif options:
            product.variants = self._variants(rows, options)
            product.price = min(one.price for one in product.variants)
        else:
            product.price, product.compare_at = self._prices(rows[0])
            product.stock = self._stock(rows[0])
            for row in rows[1:]:
                row.refuse("product", f"is already on line {head.line}", "name each once, or say what differs")
        return product

    def _options(self, group: _Group) -> list[tuple[str, str]]:
        """Return the value columns that rows of a product use, with the name of each option."""
        rows = [group.head, *group.rows]
        used = []
        for number, (name, value) in enumerate(zip(NAMES, VALUES, strict=True), 1):
            if not any(row.raw(value) for row in group.rows):
                continue
            teller = next((row for row in rows if row.raw(name)), None)
            fallback = "Variation" if number == 1 else f"Option {number}"
            used.append((value, fallback if teller is None else teller.text(name, _VALUE)))
        default = [(name, group.rows[0].raw(value)) for value, name in used] if group.rows else []
        # What Shopify writes for a product without options.
        return [] if default == [("Title", "Default Title")] and len(group.rows) == 1 else used

    def _variants(self, rows: Sequence[Row], options: Sequence[tuple[str, str]]) -> list[VariantRow]:
        found: list[VariantRow] = []
        lines: dict[object, int] = {}
        for row in rows:
            values = tuple(self._value(row, column) for column, _ in options)
            price, compared = self._prices(row)
            reference = self._variant_reference(row, values)
            for key, column, what in ((values, options[0][0], "values"), (reference, "variant", "reference")):
                if key in lines and key:
                    row.refuse(column, f"has the {what} of line {lines[key]}", "make each variant one of its own")
                lines.setdefault(key, row.line)
            picture = self._picture(row, "image_url" if row.raw("parent") else "variant_image_url")
            found.append(VariantRow(row.line, reference, values, price, compared, self._stock(row), picture))
        if len(found) > MAX_VARIANTS:
            problem = f"is variant {len(found)} of its product; at most {MAX_VARIANTS} may be"
            rows[-1].refuse("product", problem, "split the product")
        return found

    def _value(self, row: Row, column: str) -> str:
        if not row.raw(column) and row.raw("parent"):
            return "Any"  # a variation that stands for every value of an attribute
        return row.text(column, _VALUE)

    def _variant_reference(self, row: Row, values: Sequence[str]) -> str:
        column = "product" if row.raw("parent") else "variant"
        if row.raw(column):
            return row.reference(column)
        return (_own(row) if row.raw("parent") else row.raw("row_id")) or shortened("/".join(values))

    def _title(self, row: Row, default: str) -> str:
        if self._strict or text.length(row.raw("title")) <= _TITLE:
            return row.text("title", _TITLE, default=default)
        self.shortened += 1
        return text.cut(row.raw("title"), _TITLE)

    def _category(self, row: Row) -> str:
        if self._strict or not self._form.paths:
            return row.text("category", _CATEGORY, default=UNKNOWN)
        first = (
            re.split(r"(?<!\\),", row.raw("category"))[0] if self._form.name == "woocommerce" else row.raw("category")
        )
        steps = [step.strip() for step in first.replace("\\,", ",").split(self._form.paths) if step.strip()]
        return text.cut(steps[-1], _CATEGORY) if steps else UNKNOWN

    def _picture(self, row: Row, column: str) -> str:
        """Return the first picture. Addresses that are no https are left out: pages may not load them."""
        value = row.raw(column)
        if self._strict or not value:
            return value
        first = value.split(",")[0].strip() if self._form.name == "woocommerce" else value
        if first.startswith("https://") and not re.search(r"\s", first):
            return first
        self.pictures += 1
        return ""

    def _prices(self, row: Row) -> tuple[int, int | None]:
        """Return the price, and what it cost before."""
        sale = row.amount("sale_price", self._decimals)
        if sale is not None and not row.raw("price"):
            return sale, None
        price = row.amount("price", self._decimals, needed=True) or 0
        if sale is not None and sale < price:
            return sale, price
        before = row.amount("compare_at_price", self._decimals)
        # Other systems keep a price before that is none: it is not shown there.
        return price, before if self._strict or before is None or before > price else None

    def _stock(self, row: Row) -> int | None:
        value = row.raw("stock")
        if not self._strict:
            if row.raw("sells_on").casefold() in ("continue", "true") or self._uncounted(row):
                return None
            if _OVERSOLD.fullmatch(value):
                return 0
            if value.casefold() == "parent":
                value = ""
            if not value:
                return 0 if row.raw("in_stock").casefold() in _NO else None
        return row.whole("stock", 0, 10**9)

    def _uncounted(self, row: Row) -> bool:
        return "stock_counted" in self._table.found and not row.raw("stock_counted")


def products_of(
    table: Table, currency: str, form: Format, *, strict: bool, tells_variants: bool
) -> tuple[list[ProductRow], list[Problem]]:
    """Return the products of a table, and what was left out. `strict`: our own format, of which nothing is forgiven."""
    reader = _Reader(table, currency, form, strict)
    groups, left = _groups(table, form, strict=strict, tells_variants=tells_variants)
    products = [reader.product(group) for group in groups]
    for count, what, mend in (
        (reader.shortened, f"titles are longer than {_TITLE} characters and were shortened", "change them afterwards"),
        (reader.pictures, "pictures have no https address and were left out", "add them afterwards"),
    ):
        if count:
            left.append(Problem(0, "", "", f"{count} {what}", mend))
    return products, left


def _groups(table: Table, form: Format, *, strict: bool, tells_variants: bool) -> tuple[list[_Group], list[Problem]]:
    groups: dict[str, _Group] = {}
    left: list[Problem] = []
    names = _parents(table)
    last = ""
    for row in table.rows:
        kinds = {one.strip() for one in row.raw("kind").casefold().split(",")}
        if kinds & _LEFT_OUT:
            left.append(
                Problem(
                    row.line, "", row.raw("title"), "is grouped, or sold elsewhere; it was left out", "add it by hand"
                )
            )
            continue
        if row.raw("parent"):
            group = groups.get(names.get(row.raw("parent"), ""))
            if group is None:
                row.refuse("parent", "is not in the file", "export the product with its variations")
            else:
                group.rows.append(row)
            continue
        continues = (
            tells_variants and last and not row.raw("product") and not row.raw("row_id") and not row.raw("title")
        )
        reference = last if continues else _reference(row, form, strict)
        last = reference
        known = groups.get(reference) if tells_variants else None
        if known is None:
            groups[reference if reference not in groups else f"{reference} {row.line}"] = known = _Group(reference, row)
        elif _pictures_only(row):
            continue
        if "variable" not in kinds:
            known.rows.append(row)
    if not tells_variants:
        table.refuse_repeated("product", [one.reference for one in groups.values()])
    return [*groups.values()], left


def _parents(table: Table) -> dict[str, str]:
    """Return the product that each word names by which variations call their parent."""
    names: dict[str, str] = {}
    if "parent" not in table.found:
        return names
    for row in table.rows:
        if not row.raw("parent"):
            own = _own(row)
            names.setdefault(row.raw("product"), own)
            names[f"id:{row.raw('row_id')}"] = own
    names.pop("", None)
    return names


def _own(row: Row) -> str:
    return row.raw("product") or (f"id:{row.raw('row_id')}" if row.raw("row_id") else "")


def _reference(row: Row, form: Format, strict: bool) -> str:
    value = row.raw("product")
    if strict or (value and len(value) <= _REFERENCE) or numbers.is_rounded(value):
        return row.reference("product")
    if not value and form.name == "woocommerce":
        value = _own(row)
    if not value and form.name == "tiktok_shop":
        value = row.raw("title")
    return shortened(value) if value else row.reference("product")


def _pictures_only(row: Row) -> bool:
    """Tell whether a row holds one more picture of its product, and nothing else that is read."""
    return not any(row.raw(name) for name in ("price", "sale_price", "variant", *VALUES))


def shortened(value: str) -> str:
    """Return a reference that is made of a longer text, the same for the same text."""
    value = text.normal(value)
    if len(value) <= _REFERENCE:
        return value
    return f"{text.cut(value, 48).strip()[:54]}~{blake2b(value.encode(), digest_size=4).hexdigest()}"
