"""Exports of Shopify, WooCommerce and TikTok Shop, in the shape that these systems write; all texts are simulated."""

import csv
import io
import subprocess
import sys
from collections.abc import Sequence

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from showfloor.tabular import BadFile, Limits
from showfloor.tabular.product_files import ProductFile, Unmapped, mapping_of, read_products
from showfloor.tabular.writing import cell

SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option1 Linked To,"
    "Option2 Name,Option2 Value,Option2 Linked To,Variant SKU,Variant Grams,Variant Inventory Tracker,"
    "Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Image Src,Image Position,"
    "Variant Image,Status\n"
    'linen-apron,Linen apron,"<p>Washed linen.\nTwo pockets.</p>",Northway,Home & Garden > Kitchen,Kitchen,'
    '"linen, new",TRUE,Size,S,,Colour,Sand,,AP-S-SA,300,shopify,4,deny,19.90,24.90,https://cdn.example/a.jpg,1,,active\n'
    "linen-apron,,,,,,,,,M,,,Sand,,AP-M-SA,300,shopify,-2,deny,21.90,0,,,https://cdn.example/m.jpg,active\n"
    "linen-apron,,,,,,,,,M,,,Ink,,AP-M-IN,300,shopify,7,deny,21.90,,,,,active\n"
    "linen-apron,,,,,,,,,,,,,,,,,,,,,https://cdn.example/b.jpg,2,,\n"
    "oak-board,Oak board,,Northway,,Kitchen,,TRUE,Title,Default Title,,,,,OB-1,900,,0,continue,34.00,34.00,,,,active\n"
)
SHOPIFY_NOW = (
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Status,SKU,Option1 name,Option1 value,Price,"
    "Price / International,Compare-at price,Inventory tracker,Inventory quantity,Continue selling when out of stock,"
    "Product image URL,Variant image URL\n"
    "Mug,mug,,Northway,Home > Drinkware,,,active,MUG-W,Colour,White,9.50,,,shopify,3,FALSE,https://cdn.example/m.png,\n"
    ",mug,,,,,,,MUG-B,,Blue,9.50,,,shopify,0,FALSE,,\n"
)
WOOCOMMERCE = (
    "\ufeffID,Type,SKU,Name,Published,Is featured?,Visibility in catalog,Short description,In stock?,Stock,Sale price,"
    "Regular price,Categories,Tags,Images,Parent,Position,Attribute 1 name,Attribute 1 value(s),Attribute 1 visible,"
    "Attribute 1 global\n"
    '44,variable,TEE,Cotton tee,1,0,visible,"Soft, heavy",1,,,,"Clothing > Tees, Sale",,'
    '"https://x.example/t1.jpg, https://x.example/t2.jpg",,0,Size,"S, M",1,1\n'
    "45,variation,TEE-S,Cotton tee - S,1,0,visible,,1,12,15,18,,,https://x.example/s.jpg,TEE,1,Size,S,,1\n"
    "46,variation,,Cotton tee - M,1,0,visible,,0,parent,,18,,,,id:44,2,Size,M,,1\n"
    '47,"simple, virtual",GIFT,Gift card,1,0,visible,,1,,,25,Cards,,http://x.example/g.jpg,,0,,,,\n'
    "48,grouped,SET,Summer set,1,0,visible,,1,,,,Clothing,,,,0,,,,\n"
    "49,simple,,Cap,1,0,visible,,0,,,20,Clothing,,,,0,,,,\n"
)
# fmt: off
KEYS = (
    "category", "brand", "product_name", "product_description", "main_image", "image_2", "property_name_1",
    "property_value_1", "property_1_image", "property_name_2", "property_value_2", "parcel_weight", "price", "quantity",
    "seller_sku",
)
LABELS = (
    "Category", "Brand", "Product Name", "Product Description", "Main Product Image", "Product Image 2",
    "Variation 1 name", "Variation 1", "Variant Image", "Variation 2 name", "Variation 2", "Package Weight(g)",
    "Retail Price (Local Currency)", "Quantity", "Seller SKU",
)
# fmt: on
LONG = "Rechargeable desk lamp with three colours of light, a folding arm, a pen tray and a timer for thirty minutes"
HINTS = ("Choose one", "", "Fewer than 255 characters", *[""] * 9, "Between 0.01 and 7,600 in your currency", "", "")


def lamp(colour: str, picture: str, price: float, quantity: int, sku: str) -> tuple[object, ...]:
    about = ("Home/Lighting/Lamps", "No brand", LONG, "<p>Warm.</p>", "https://x.example/l.jpg", "")
    return (*about, "Colour", colour, picture, "", "", 700, price, quantity, sku)


TIKTOK = (
    KEYS,
    LABELS,
    ("Mandatory", "Optional", *["Mandatory"] * 13),
    HINTS,
    lamp("White", "https://x.example/w.jpg", 24.5, 30, "L-W"),
    lamp("Black", "", 26, 0, "L-B"),
)


def read(data: str | bytes, currency: str = "EUR", mapping: Sequence[str] = (), **more: Limits) -> ProductFile:
    content = data.encode() if isinstance(data, str) else data
    return read_products(content, "p.csv", currency=currency, mapping=mapping_of(mapping), **more)


def book(**sheets: Sequence[Sequence[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return out.getvalue()


def variants(product: object) -> list[tuple[object, ...]]:
    return [(v.reference, v.values, v.price, v.compare_at, v.stock, v.image_url) for v in product.variants]  # type: ignore[attr-defined]


def test_a_shopify_export_keeps_its_variants() -> None:
    found = read(SHOPIFY)
    assert (found.heading.format, found.table.problems, found.currency) == ("shopify", [], "EUR")
    apron, board = found.products
    assert (apron.line, apron.reference, apron.title, apron.category) == (2, "linen-apron", "Linen apron", "Kitchen")
    assert (apron.options, apron.image_url) == (("Size", "Colour"), "https://cdn.example/a.jpg")
    assert variants(apron) == [
        ("AP-S-SA", ("S", "Sand"), 1990, 2490, 4, ""),
        ("AP-M-SA", ("M", "Sand"), 2190, None, 0, "https://cdn.example/m.jpg"),  # sold more than there was
        ("AP-M-IN", ("M", "Ink"), 2190, None, 7, ""),
    ]
    assert (board.reference, board.options, board.variants, board.price) == ("oak-board", (), [], 3400)
    assert (board.compare_at, board.stock) == (None, None)  # no price before, and stock that nobody tracks


def test_the_newer_names_of_shopify_are_read_as_well() -> None:
    found = read(SHOPIFY_NOW)
    (mug,) = found.products
    assert (found.heading.format, found.table.problems, mug.category) == ("shopify", [], "Drinkware")
    assert [(v.reference, v.values, v.stock) for v in mug.variants] == [
        ("MUG-W", ("White",), 3),
        ("MUG-B", ("Blue",), 0),
    ]


def test_a_woocommerce_export_finds_the_parents_of_variations() -> None:
    found = read(WOOCOMMERCE)
    assert (found.heading.format, found.table.problems) == ("woocommerce", [])
    tee, gift, cap = found.products
    assert (tee.reference, tee.category, tee.image_url) == ("TEE", "Tees", "https://x.example/t1.jpg")
    assert variants(tee) == [
        ("TEE-S", ("S",), 1500, 1800, 12, "https://x.example/s.jpg"),
        ("id:46", ("M",), 1800, None, 0, ""),
    ]
    assert (gift.reference, gift.price, gift.stock, gift.image_url) == ("GIFT", 2500, None, "")
    assert (cap.reference, cap.stock) == ("id:49", 0)
    told = [(one.line, one.problem) for one in found.table.warnings]
    assert told == [
        (6, "is grouped, or sold elsewhere; it was left out"),
        (0, "1 pictures have no https address and were left out"),
    ]


def test_a_variation_whose_parent_is_missing_is_refused_by_line() -> None:
    found = read(WOOCOMMERCE.replace(",TEE,1,Size", ",OTHER,1,Size"))
    assert [(p.line, p.column, p.problem) for p in found.table.problems] == [(3, "Parent", "is not in the file")]


@pytest.mark.parametrize("workbook", [True, False])
def test_a_tiktok_shop_template_is_read_from_its_sheet(workbook: bool) -> None:
    if workbook:
        data = book(Instructions=[["Read me"]], Template=TIKTOK, Brand=[["No brand"]])
    else:
        out = io.StringIO()
        csv.writer(out).writerows(TIKTOK)
        data = out.getvalue().encode()
    found = read(data, "USD")
    (lamp,) = found.products
    assert (found.heading.format, found.table.problems) == ("tiktok_shop", [])
    assert (lamp.title, lamp.category, len(lamp.reference) <= 64) == (LONG, "Lamps", True)
    assert variants(lamp) == [
        ("L-W", ("White",), 2450, None, 30, "https://x.example/w.jpg"),
        ("L-B", ("Black",), 2600, None, 0, ""),
    ]
    assert [one.line for one in found.table.warnings] == [2, 3, 4]


def test_a_tiktok_shop_export_is_told_apart_by_its_product_ids() -> None:
    rows = "product_id,category,product_name,sku_id,variation_value,price,quantity,seller_sku\n"
    rows += "1729384756012345678,Lamps,Lamp,1729384756012345001,Red,12.5,3,\n"
    rows += "1729384756012345678,Lamps,Lamp,1729384756012345002,Blue,12.5,4,L-B\n"
    (lamp,) = read(rows).products
    assert (lamp.reference, lamp.options) == ("1729384756012345678", ("Variation",))
    assert [one.reference for one in lamp.variants] == ["1729384756012345001", "L-B"]


def test_each_column_is_told_with_its_field_or_why_not() -> None:
    columns = {one.header: (one.field, one.sample, one.left_out) for one in read(SHOPIFY).heading.columns}
    assert columns["Handle"] == ("product", "linen-apron", "")
    assert columns["Type"] == ("category", "Kitchen", "")
    assert columns["Product Category"] == ("", "Home & Garden > Kitchen", "another_column_fills_it")
    assert columns["Body (HTML)"] == ("", "<p>Washed linen. Two pockets.</p>", "nobody_reads_it")


def test_a_mapping_says_which_column_fills_which_field() -> None:
    data = "Artikel;Name;Preis;Farbe\nA1;Tasse;9,50;weiß\nA1;Tasse;9,90;blau\n"
    with pytest.raises(Unmapped) as unknown:
        read(data)
    assert unknown.value.heading.missing == ["product", "price"]
    assert [one.header for one in unknown.value.heading.columns] == ["Artikel", "Name", "Preis", "Farbe"]
    found = read(data, mapping=["product:Artikel", "title:Name", "price:Preis", "option_1_value:Farbe"])
    (cup,) = found.products
    assert (found.heading.format, cup.title, found.table.problems) == ("other", "Tasse", [])
    assert [(v.reference, v.values, v.price) for v in cup.variants] == [
        ("weiß", ("weiß",), 950),
        ("blau", ("blau",), 990),
    ]


def test_a_mapping_overrides_what_was_recognised() -> None:
    mapping = ["product:Variant SKU", "title:Title", "price:Variant Price"]
    found = read(
        SHOPIFY.replace("linen-apron,,,,,,,,,,,,,,,,,,,,,https://cdn.example/b.jpg,2,,\n", ""), mapping=mapping
    )
    assert [one.reference for one in found.products] == ["AP-S-SA", "AP-M-SA", "AP-M-IN", "OB-1"]
    assert {one.left_out for one in found.heading.columns} == {"", "chosen"}


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (["product:Handle"], "has no column price"),
        (["product:Handel", "price:Variant Price"], "has no column `Handel`"),
    ],
)
def test_a_mapping_that_leaves_a_need_open_is_refused(mapping: list[str], says: str) -> None:
    with pytest.raises(Unmapped, match=says):
        read(SHOPIFY, mapping=mapping)


@pytest.mark.parametrize("bad", ["price", "prize:Price", "price:", ":Price"])
def test_a_mapping_names_fields_that_there_are(bad: str) -> None:
    with pytest.raises(ValueError, match="1"):
        mapping_of(["product:SKU", bad])


@pytest.mark.parametrize(
    ("was", "now", "line", "says"),
    [
        ("AP-M-IN", "AP-M-SA", 5, "has the reference of line 4"),
        ("M,,,Ink", "M,,,Sand", 5, "has the values of line 4"),
        ("M,,,Ink", ",,,Ink", 5, "must be 1 to 60 characters"),
        ("21.90,,,,,active", "many,,,,,active", 5, "is not a number"),
    ],
)
def test_what_is_wrong_with_a_variant_is_told_by_its_line(was: str, now: str, line: int, says: str) -> None:
    found = read(SHOPIFY.replace(was, now))
    assert [(p.line, p.problem) for p in found.table.problems] == [(line, says)]


def test_more_than_a_hundred_variants_are_refused() -> None:
    rows = "".join(f"tee,Tee,Size,{n},T-{n},5\n" for n in range(101))
    found = read("Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n" + rows)
    assert [(p.line, p.problem) for p in found.table.problems] == [
        (102, "is variant 101 of its product; at most 100 may be")
    ]


def test_a_long_handle_is_shortened_the_same_way_each_time() -> None:
    long = "a-very-long-handle-" * 8
    one, other = (read(SHOPIFY.replace("linen-apron", handle)).products[0].reference for handle in (long, long + "x"))
    assert one == read(SHOPIFY.replace("linen-apron", long)).products[0].reference != other
    assert len(one) <= 64


def test_our_own_format_has_variants_too() -> None:
    found = read(
        "product,title,price_eur,stock,variant,option_1,option_1_value\n"
        "tee,Tee,5,1,T-S,Size,S\ntee,,6,2,T-M,,M\ncup,Cup,3,,,,\n"
    )
    assert (found.heading.format, found.table.problems) == ("showfloor", [])
    tee, cup = found.products
    assert [(v.reference, v.price, v.stock) for v in tee.variants] == [("T-S", 500, 1), ("T-M", 600, 2)]
    assert (cup.variants, cup.price, cup.stock) == ([], 300, None)


ODD = ["=1+1", "@cmd", "1.299,00", "-5", "9" * 40, "\u202e", "\x00"]
_ROWS = list(csv.reader(io.StringIO(SHOPIFY)))


@settings(max_examples=60, deadline=None)
@given(
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    delimiter=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    order=st.permutations(range(len(_ROWS[0]))),
)
def test_every_dialect_of_an_export_gives_the_same_products(
    encoding: str, delimiter: str, end: str, quoting: int, order: list[int]
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([row[at] for at in order] for row in _ROWS)
    found = read(out.getvalue().encode(encoding))
    assert found.table.problems == []
    assert [(p.reference, p.title, variants(p)) for p in found.products] == [
        (p.reference, p.title, variants(p)) for p in read(SHOPIFY).products
    ]


@settings(max_examples=120, deadline=None)
@given(
    seed=st.sampled_from([SHOPIFY, WOOCOMMERCE]),
    row=st.integers(1, 5),
    column=st.integers(0, 20),
    value=st.one_of(
        st.text(max_size=40), st.sampled_from(["=1+1", "@cmd", "1.299,00", "-5", "9" * 40, "\u202e", "\x00"])
    ),
)
def test_any_cell_is_read_or_refused_with_a_way_out(seed: str, row: int, column: int, value: str) -> None:
    rows = list(csv.reader(io.StringIO(seed)))
    rows[min(row, len(rows) - 1)][column % len(rows[0])] = value
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    try:
        found = read(out.getvalue().encode("utf-8", "surrogatepass"))
    except BadFile as refused:
        assert refused.problem
        assert refused.mend
        return
    assert all(problem.problem and problem.mend for problem in found.table.problems)


MANY = """
import resource
from showfloor.tabular import Limits
from showfloor.tabular.product_files import read_products

def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

head = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\\n"
data = (head + "".join(f"p{n // 10},T{n // 10},Size,{n % 10},S{n},5\\n" for n in range(100_000))).encode()
before = most()
found = read_products(data, "p.csv", Limits(rows=100_000), currency="EUR")
print(len(found.products), len(found.table.problems), (most() - before) // 1024)
"""


def test_a_hundred_thousand_rows_take_bounded_memory() -> None:
    done = subprocess.run([sys.executable, "-c", MANY], capture_output=True, text=True, check=True)
    products, problems, mebibytes = map(int, done.stdout.split())
    assert (products, problems) == (10_000, 0)
    assert mebibytes < 256


def test_a_file_of_too_many_rows_is_refused_where_it_is_too_long() -> None:
    found = read(SHOPIFY, limits=Limits(rows=3))
    assert [(p.line, p.problem) for p in found.table.problems] == [(6, "has more than 3 rows")]


@pytest.mark.parametrize("value", ["=HYPERLINK(1)", "@SUM(A1)", "+1", "-1+cmd", "＝1"])
def test_a_formula_comes_in_as_text_and_goes_out_as_text(value: str) -> None:
    data = book(S=[["product", "price_eur", "title"], ["a", 5, "x"]])
    assert read(data).products[0].title == "x"
    (product,) = read(f'product,price_eur,title\na,5,"{value}"\n').products
    assert product.title == value
    assert cell(product.title).startswith("'")
