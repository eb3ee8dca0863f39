"""Which shop system a file of products comes from, by its line of headers, and which of its columns is which of ours.

The names are those of the systems' own exports; docs/formats.md names the sources.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from showfloor.tabular.headers import key
from showfloor.tabular.model import Column, Columns, Found
from showfloor.tabular.numbers import Mark

FormatName = Literal["showfloor", "shopify", "woocommerce", "tiktok_shop", "other"]
LeftOut = Literal["", "nobody_reads_it", "another_column_fills_it", "chosen"]

OPTIONS = (1, 2, 3)
NAMES, VALUES = tuple(f"option_{n}" for n in OPTIONS), tuple(f"option_{n}_value" for n in OPTIONS)

COLUMNS = Columns(
    "catalogues",
    (
        Column("product", needed=True),
        Column("price", needed=True, number=True, currency=True),
        Column("title"),
        Column("category"),
        Column("commission_percent", number=True, percent=True),
        Column("compare_at_price", number=True),
        Column("stock", number=True),
        Column("image_url"),
        Column("link"),
        Column("variant"),
        Column("variant_image_url"),
        *(Column(name) for pair in zip(NAMES, VALUES, strict=True) for name in pair),
    ),
)
# What exports of other systems say of a product beside that; none is a column of our own format.
_OF_OTHERS = ("sale_price", "in_stock", "stock_counted", "sells_on", "parent", "kind", "row_id")
FIELDS = frozenset((*(column.name for column in COLUMNS.of), *_OF_OTHERS))
NUMBERS = (*(column.name for column in COLUMNS.of if column.number), "sale_price")
AMOUNTS = frozenset({"price", "compare_at_price", "sale_price"})
TELL_VARIANTS = frozenset((*VALUES, "variant", "parent"))


@dataclass(frozen=True, slots=True)
class Format:
    """A system's export: the headers that tell it, and its names for our fields, the best first.

    A name that ends in `*` stands for all that begin so.
    """

    name: FormatName
    told_by: tuple[frozenset[str], ...]  # all headers of one of these
    names: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...] = ("product", "price")
    mark: Mark = None  # which decimal mark it writes, when it writes one alone
    paths: str = ""  # what parts the steps of a category; its last step is taken


SHOPIFY = Format(
    "shopify",
    (
        frozenset({"handle", "title", "variant_price"}),
        frozenset({"handle", "title", "option1_name", "option1_value"}),
        frozenset({"url_handle", "title", "price"}),
    ),
    {
        "product": ("handle", "url_handle"),
        "title": ("title",),
        "category": ("type", "product_type", "product_category", "standard_product_type"),
        "price": ("variant_price", "price"),
        "compare_at_price": ("variant_compare_at_price", "compare_at_price"),
        "stock": ("variant_inventory_qty", "inventory_quantity"),
        "stock_counted": ("variant_inventory_tracker", "inventory_tracker"),
        "sells_on": ("variant_inventory_policy", "continue_selling_when_out_of_stock"),
        "image_url": ("image_src", "product_image_url"),
        "variant": ("variant_sku", "sku"),
        "variant_image_url": ("variant_image", "variant_image_url"),
        **{NAMES[n - 1]: (f"option{n}_name",) for n in OPTIONS},
        **{VALUES[n - 1]: (f"option{n}_value",) for n in OPTIONS},
    },
    mark=".",
    paths=">",
)
WOOCOMMERCE = Format(
    "woocommerce",
    (frozenset({"type", "sku", "name", "regular_price"}),),
    {
        "product": ("sku",),
        "row_id": ("id",),
        "kind": ("type",),
        "parent": ("parent",),
        "title": ("name",),
        "category": ("categories",),
        "price": ("regular_price",),
        "sale_price": ("sale_price",),
        "stock": ("stock",),
        "in_stock": ("in_stock?",),
        "image_url": ("images",),
        **{NAMES[n - 1]: (f"attribute_{n}_name",) for n in OPTIONS},
        **{VALUES[n - 1]: (f"attribute_{n}_value_s",) for n in OPTIONS},
    },
    paths=">",
)
TIKTOK_SHOP = Format(
    "tiktok_shop",
    (frozenset({"product_name", "seller_sku", "price"}), frozenset({"product_name", "sku_id", "price"})),
    {
        "product": ("product_id",),
        "row_id": ("sku_id",),
        "title": ("product_name",),
        "category": ("category",),
        "price": ("price",),
        "stock": ("quantity", "quantity_*", "warehouse_quantity*"),
        "image_url": ("main_image",),
        "variant": ("seller_sku",),
        "variant_image_url": ("property_1_image",),
        **{NAMES[n - 1]: (f"property_name_{n}",) for n in OPTIONS},
        **{VALUES[n - 1]: (f"property_value_{n}", *(("variation_value",) if n == 1 else ())) for n in OPTIONS},
    },
    needed=("price",),  # a new product of the template has no id yet: its name tells it
    paths="/",
)
OTHER = Format("other", (), {})
FORMATS = (SHOPIFY, WOOCOMMERCE, TIKTOK_SHOP)


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of a file: the field that it fills, or why it is left out, and the first value below it."""

    header: str
    field: str = ""
    sample: str = ""
    left_out: LeftOut = ""


def recognised(keys: Sequence[str]) -> Format | None:
    """Return the system whose export has this line of headers; None for our own and for what nobody knows."""
    has = frozenset(keys)
    return next((one for one in FORMATS if any(told <= has for told in one.told_by)), None)


def count_known(cells: Sequence[str]) -> int:
    """Return how many of the cells are headers of some system whose files we know."""
    return sum(1 for cell in cells if len(cell) <= 80 and key(cell) in _KNOWN)


def columns_of(form: Format, keys: Sequence[str], filled: Sequence[bool]) -> tuple[dict[str, int], dict[int, LeftOut]]:
    """Return which column fills which field, and why the others do not.

    Where a system has several columns for a field, the best that holds something is taken.
    """
    fields: dict[str, int] = {}
    left: dict[int, LeftOut] = {}
    for field, names in form.names.items():
        places = [at for name in names for at, one in enumerate(keys) if _is(one, name)]
        if places:
            fields[field] = next((at for at in places if filled[at]), places[0])
            left.update((at, "another_column_fills_it") for at in places if at != fields[field])
    taken = set(fields.values())
    for at in range(len(keys)):
        if at not in taken:
            left.setdefault(at, "nobody_reads_it")
    return fields, left


def _is(one: str, name: str) -> bool:
    return one.startswith(name[:-1]) if name.endswith("*") else one == name


def found_of(fields: Mapping[str, int], header: Sequence[str], currency: str, form: Format) -> dict[str, Found]:
    """Return where our columns are, with the currency of amounts."""
    return {
        field: Found(
            at,
            header[at].strip(),
            currency if field in AMOUNTS else "",
            percent=field == "commission_percent",
            mark=form.mark if field in NUMBERS else None,
        )
        for field, at in fields.items()
    }


_KNOWN = frozenset(
    [name for form in FORMATS for names in form.names.values() for name in names]
    + [column.name for column in COLUMNS.of]
)
