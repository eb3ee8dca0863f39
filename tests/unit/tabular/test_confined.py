"""Spreadsheets and archives, good and hostile, are opened in a process with limits."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import xlsxwriter

from showfloor.tabular import BadFile, Limits, confined
from showfloor.tabular.history import read_history
from showfloor.tabular.product_files import read_products

HEADER = ["Product", "Title", "Price_USD", "commission_percent"]
ROWS: list[list[Any]] = [HEADER, ["A", "Sofa", 1299, 5], [], ["B", "Ghế", 19.9, ""], ["C", "Sum", 0.1 + 0.2, "12%"]]
NO_ZONE = datetime(2026, 1, 1, 10, tzinfo=UTC).replace(tzinfo=None)
CSV = b"product,price_usd\nA,5\n"


def book(**sheets: Sequence[Sequence[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        clock = workbook.add_format({"num_format": "[hh]:mm:ss"})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, datetime):
                        sheet.write_datetime(at, column, value, day)
                    elif isinstance(value, timedelta):
                        sheet.write_datetime(at, column, value, clock)
                    elif isinstance(value, str):
                        sheet.write_string(at, column, value)
                    else:
                        sheet.write(at, column, value)
    return out.getvalue()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name.replace("__", "/").replace("_csv", ".csv"), data)
    return out.getvalue()


def hostile_sheet(xml: bytes) -> bytes:
    """Return a workbook whose one sheet is this."""
    good = zipfile.ZipFile(io.BytesIO(book(S=ROWS)))
    members = {one: good.read(one) for one in good.namelist()}
    members["xl/worksheets/sheet1.xml"] = xml
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return out.getvalue()


def refused(data: bytes, says: str, **options: Any) -> None:
    with pytest.raises(BadFile) as bad:
        confined.opened(data, Limits(), **options)
    assert says in bad.value.problem and bad.value.mend


def test_a_spreadsheet_is_read_with_its_own_line_numbers():
    products, currency, table, *_ = read_products(book(Sheet1=ROWS, Empty=[]), "list.xlsx", currency="USD")
    assert (currency, table.sheet, table.problems) == ("USD", "Sheet1", [])
    assert [(p.line, p.reference, p.title, p.price, p.commission_bps) for p in products] == [
        (2, "A", "Sofa", 129900, 500), (4, "B", "Ghế", 1990, 0), (5, "C", "Sum", 30, 1200),
    ]  # fmt: skip


def test_a_reference_too_long_for_a_spreadsheet_is_refused():
    rows = [
        HEADER,
        [123456789012345, "x", 1, ""],
        [1234567890123456789, "x", 1, ""],
        ["1234567890123456789", "x", 1, ""],
    ]
    products, _, table, *_ = read_products(book(S=rows), "list.xlsx", currency="USD")
    assert [(p.line, p.value) for p in table.problems] == [(3, "1234567890123460000")]
    assert [p.reference for p in products] == ["123456789012345", "", "1234567890123456789"]


def test_a_percentage_kept_as_a_fraction_is_asked_about():
    _, _, table, *_ = read_products(book(S=[HEADER, ["A", "x", 1, 0.12]]), "list.xlsx", currency="USD")
    assert [(p.line, p.value) for p in table.problems] == [(2, "0.12")]


def test_days_and_lengths_of_a_spreadsheet_are_read():
    header = ["session", "host", "started_at", "duration_s", "gmv_usd"]
    rows = [
        header,
        ["s1", "h", "2026-01-01T10:00:00Z", timedelta(hours=1), 5],
        ["s2", "h", NO_ZONE, 60, 5],
    ]
    past, table = read_history(book(S=rows), "x.xlsx", datetime(2026, 11, 30, tzinfo=UTC))
    assert past[0].duration_s == 3600
    assert [(p.line, p.column, p.problem) for p in table.problems] == [(3, "started_at", "has no zone")]


def test_of_several_sheets_with_content_one_must_be_named():
    data = book(Old=ROWS, New=[HEADER, ["Z", "z", 1, ""]])
    refused(data, "several sheets with content: `Old`, `New`")
    refused(data, "has no sheet `Gone`", sheet="Gone")
    products, _, table, *_ = read_products(data, "list.xlsx", sheet="New", currency="USD")
    assert (table.sheet, [p.reference for p in products]) == ("New", ["Z"])
    refused(book(Empty=[]), "has no cell with content")


def test_an_archive_with_one_csv_is_that_file():
    assert confined.opened(archive(list_csv=CSV, readme=b"hi"), Limits()).data == CSV
    refused(archive(a_csv=CSV, b_csv=CSV), "is an archive with 2 CSV files")
    refused(archive(readme=b"hi"), "is an archive with 0 CSV files")
    refused(archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "of another kind")
    refused(b"PK\x03\x04" + b"x" * 99, "is a damaged or locked archive")
    refused(book(S=ROWS)[:-400], "is a damaged")


def test_a_bomb_is_refused_by_size():
    bomb = archive(list_csv=b"a" * (2 * 2**20 + 1))
    assert len(bomb) < 2**13
    with pytest.raises(BadFile, match="holds a file larger than 2 MiB"):
        confined.opened(bomb, Limits(bytes=2 * 2**20))
    refused(archive(**{f"f{n}_csv": b"" for n in range(2_001)}), "more than 2000 files")


def test_a_sheet_of_all_cells_there_can_be_is_refused():
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    refused(hostile_sheet(f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()), "")


def test_a_sheet_of_more_cells_than_we_take_is_refused():
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="90000"><c r="AZ90000"><v>1</v></c></row>'
    data = hostile_sheet(f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode())
    refused(data, "has 90000 rows and 52 columns")


def test_a_sheet_that_unpacks_to_too_much_is_refused():
    huge = hostile_sheet(b"<worksheet><sheetData>" + b" " * (17 * 2**20))
    with pytest.raises(BadFile, match="unpacks to more than 16 MiB"):
        confined.opened(huge, Limits(bytes=2 * 2**20))


def test_a_sheet_that_breaks_off_is_refused():
    refused(hostile_sheet(b"<worksheet><sheetData><row><c><v>1"), "is a damaged spreadsheet")


def test_a_process_that_does_not_end_is_killed():
    task = confined.Task(rows=1, columns=1, cell=1, bytes=2**30)
    with pytest.raises(BadFile, match="takes too long"):
        confined.run(task, b"PK", wall_s=0.0)


@pytest.mark.parametrize("limit", [{"memory": 64 * 2**20}, {"processor_s": 0}])
def test_a_process_that_needs_too_much_is_ended(limit: dict[str, int]):
    task = confined.Task(rows=1_000_000, columns=200, cell=10_000, bytes=2**28, **limit)
    row = b'<row><c t="str"><v>' + b"x" * 1_000 + b"</v></c></row>"
    data = hostile_sheet(b"<worksheet><sheetData>" + row * 100_000 + b"</sheetData></worksheet>")
    with pytest.raises(BadFile, match="needs too much"):
        confined.run(task, data)
