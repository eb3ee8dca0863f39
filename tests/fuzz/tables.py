"""The files that people bring: tables of every dialect and encoding, texts of every category of Unicode."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

import xlsxwriter
from changes import alike, any_text, anywhere, csv_cells
from inputs import Parser

from showfloor.cli.recording import comment_entries
from showfloor.cli.terminal import shown
from showfloor.kernel import text
from showfloor.service.allowing import ShopHome
from showfloor.session.imports.edges import files, plan
from showfloor.session.imports.edges.model import Job, Report
from showfloor.tabular import BadFile, Limits, Table
from showfloor.tabular.chat import read_chat
from showfloor.tabular.confined import Opened, Task
from showfloor.tabular.history import read_history
from showfloor.tabular.opening import open_archive
from showfloor.tabular.product_files import read_products

NOW = datetime(2026, 11, 30, tzinfo=UTC)
HISTORY = (
    b"session,host,started_at,duration_s,views,average_stay_s,gmv_eur\n"
    b"s1,Ana,2026-01-01T10:00:00Z,3600,10,3,12.50\ns2,Ben,2026-01-02T10:00:00+08:00,60,1,,0\n"
)
CATALOGUE = b"product,title,category,price_eur,commission_percent\np1,Tea,Drinks,12.50,10\np2,Mug,,3,\n"
SHOPIFY = (
    b"Handle,Title,Type,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Inventory Tracker,"
    b"Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Image Src,Variant Image\n"
    b"apron,Apron,Kitchen,Size,S,Colour,Sand,A-S,shopify,4,deny,19.90,,https://cdn.example/a.jpg,\n"
    b"apron,,,,M,,Sand,A-M,shopify,-1,deny,19.90,25.00,,https://cdn.example/m.jpg\n"
    b"apron,,,,,,,,,,,,,https://cdn.example/b.jpg,\nmug,Mug,,Title,Default Title,,,,,,,9.5,0,,\n"
)
WOOCOMMERCE = (
    b"ID,Type,SKU,Name,In stock?,Stock,Sale price,Regular price,Categories,Images,Parent,Attribute 1 name,"
    b"Attribute 1 value(s)\n"
    b'7,variable,TEE,Tee,1,,,,"Clothing > Tees, Sale","https://x.example/a.jpg, https://x.example/b.jpg",,Size,"S, M"\n'
    b"8,variation,TEE-S,Tee - S,1,5,12,15,,,TEE,Size,S\n9,variation,,Tee - M,0,,,15,,,id:7,Size,M\n"
    b"10,simple,,Bag,1,3,,20,,,,,\n"
)
TIKTOK = (
    b"product_id,category,product_name,property_name_1,property_value_1,price,quantity,seller_sku,main_image\n"
    b"Product ID,Category,Product Name,Variation 1,Value,Retail Price,Quantity,Seller SKU,Main image\n"
    b"1729384756012345678,Home/Lamps,Lamp,Colour,Red,12.5,3,L-R,https://x.example/l.jpg\n"
    b"1729384756012345678,Home/Lamps,Lamp,Colour,Blue,12.5,0,L-B,\n"
)
CHAT = b"offset_s,viewer,message\n0.5,v1,hello\n-1:35,v2,hi\n"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "shift-jis", "gb18030")
NUMBERS = (
    "1,299", "1.299,00", "1 299", "1'299.50", "١٢٩٩", "$5", "5 €", "-1", "(1)", "1e9", "N/A", "-", "12%", "1,29,900",
    "1.2.3", "01:00:00", "-1:35", "1:75", "9" * 45, "0,5", ",", ".", "−5", "１２", "²",
)  # fmt: skip


def any_dialect(rng: Random, seed: bytes) -> bytes:
    """Change cells, headers, delimiter, quotes, line ends and encoding."""
    rows = list(csv.reader(io.StringIO(csv_cells(rng, seed).decode(errors="replace"))))
    for _ in range(rng.randrange(3)):
        row = rng.choice(rows)
        if row:
            row[rng.randrange(len(row))] = any_text(rng) if rng.random() < 0.5 else rng.choice(NUMBERS)
    if rng.random() < 0.1:
        _change_header(rng, rows[0])
    if rng.random() < 0.1:
        rows.insert(rng.randrange(len(rows)), [])
    out = io.StringIO()
    delimiter = rng.choice(",,;\t|")
    if rng.random() < 0.05:
        out.write(f"sep={delimiter}\r\n")
    end, quoting = rng.choice(("\n", "\r\n", "\r")), rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    encoding = rng.choice(ENCODINGS) if rng.random() < 0.3 else "utf-8"
    return out.getvalue().encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")


def _change_header(rng: Random, header: list[str]) -> None:
    at = rng.randrange(len(header))
    one = header[at]
    header[at] = rng.choice((one.upper(), f" {one} ", one[:-1], one + "s", f"\ufeff{one}", "", rng.choice(header)))
    if rng.random() < 0.3:
        header.append(rng.choice((one, "price_usd", "gmv_jpy", "colour")))


def _good(read: Callable[[bytes], Any], use: Callable[[Any], Any]) -> Callable[[bytes], Any]:
    """Return a reader that uses the rows of a good table, and sees that each problem of a bad one can be told."""

    def run(data: bytes) -> Any:
        found = read(data)
        rows, table = found[0], next(one for one in found if isinstance(one, Table))
        for problem in table.problems:
            assert problem.line > 0 and problem.problem and problem.mend
            shown(str(problem)).encode()
        if table.problems:
            raise BadFile("has problems", "mend them")
        return use(rows)

    return run


def _import(kind: Any) -> Callable[[bytes], Any]:
    """Return the check of an import: every row of a good table becomes a step, or a problem that can be told."""
    shop = ShopHome(UUID(int=1), "EUR")
    job = Job(
        import_id=UUID(int=2), shop_id=shop.shop_id, kind=kind, file_name=f"{kind}.csv", sheet="", mapping=(),
        digest=b"", currency="EUR", state="checking", report=Report(), position=0, detail="", created_at=NOW,
        expires_at=NOW, held=True,
    )  # fmt: skip

    def run(data: bytes) -> Any:
        read = files.read(job, data, NOW)
        planned = plan.planned(read.parsed, shop, plan.Hosts(shop.shop_id, {}), NOW)
        for problem in (*read.problems, *planned.problems):
            assert problem.problem and problem.mend
        return planned.steps()

    return run


@cache
def _book() -> bytes:
    """Return a small spreadsheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((["product", "price_eur", "title"], ["p1", 12.5, "Tea"], ["p2", "1,299.00", True])):
            sheet.write_row(at, 0, row)
    return out.getvalue()


def any_part(rng: Random, seed: bytes) -> bytes:
    """Change one part of a spreadsheet, and pack it again."""
    with zipfile.ZipFile(io.BytesIO(seed)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = rng.choice([name for name in parts if name.startswith("xl/")])
    parts[name] = anywhere(rng, parts[name]) if rng.random() < 0.5 else alike(rng, parts[name])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return out.getvalue()


def _spreadsheet(data: bytes) -> Opened:
    limits = Limits()
    try:
        opened = open_archive(data, Task(limits.rows, limits.columns, limits.cell, limits.bytes))
    except BaseException as error:  # a panic of the spreadsheet library ends its process
        if type(error).__name__ == "PanicException":
            raise BadFile("breaks the spreadsheet library", "save it as CSV") from None
        raise
    if opened.problem:
        raise BadFile(opened.problem, opened.mend)
    return opened


def _line(data: bytes) -> str:
    value = data.decode("utf-8", "surrogatepass" if b"\xed" in data else "replace")
    clean = text.line(value, 1, 120)
    assert text.line(clean, 1, 120) == clean and text.length(clean) <= 120 and text.visible(clean)
    return clean


def _text_bytes(rng: Random, _seed: bytes) -> bytes:
    return any_text(rng).encode("utf-8", "surrogatepass")


def parsers() -> list[Parser]:
    """Return them all."""
    bad = (BadFile,)
    history = _good(lambda data: read_history(data, "h.csv", NOW), len)
    catalogue = _good(lambda data: read_products(data, "c.csv", currency="USD"), len)
    chat = _good(lambda data: read_chat(data, "chat.csv"), lambda lines: comment_entries(lines, 60_000))
    return [
        Parser("history CSV", HISTORY, history, bad, any_dialect),
        Parser("catalogue CSV", CATALOGUE, catalogue, bad, any_dialect),
        Parser("import of history", HISTORY, _import("history"), bad, any_dialect),
        Parser("import of a catalogue", CATALOGUE, _import("catalogue"), bad, any_dialect),
        *(
            Parser(f"import from {name}", seed, _import("catalogue"), bad, any_dialect)
            for name, seed in (("Shopify", SHOPIFY), ("WooCommerce", WOOCOMMERCE), ("TikTok Shop", TIKTOK))
        ),
        Parser("chat log", CHAT, chat, bad, any_dialect),
        Parser("spreadsheet", _book(), _spreadsheet, bad, any_part),
        Parser("names and titles", "👩‍🍳 Lan".encode(), _line, (text.BadText, UnicodeDecodeError), _text_bytes),
    ]
