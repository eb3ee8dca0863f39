"""What runs inside the process of `confined`: limits itself, opens one spreadsheet or archive, answers, ends."""

import io
import resource
import sys
import zipfile
from contextlib import nullcontext, suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from showfloor.tabular.confined import Cell, Opened, Task
from showfloor.tabular.model import BadFile

_MEMBERS = 2_000
_CELLS = 2_000_000
_UNPACKED = 8  # times the size that a file may have
_TEXTS = (".csv", ".tsv", ".txt")
_SAVE = "save the sheet as CSV (UTF-8)"
_JUNK = ("__MACOSX/", ".DS_Store")


def main() -> None:
    """Read task and file from standard input, answer on standard output."""
    source = sys.stdin.buffer
    task = msgspec.msgpack.decode(source.read(int.from_bytes(source.read(4), "big")), type=Task)
    confine(task)
    data = source.read(task.bytes)
    answer = open_archive(data, task)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
    sys.stdout.buffer.flush()


def confine(task: Task) -> None:
    """Give up memory, processor time, files and processes beyond what the task needs."""
    for what, most in (
        (resource.RLIMIT_AS, task.memory),
        (resource.RLIMIT_CPU, task.processor_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError) if sys.platform == "darwin" else nullcontext():  # macOS limits no memory
            resource.setrlimit(what, (most, most))


def open_archive(data: bytes, task: Task) -> Opened:
    """Open a ZIP file: a spreadsheet, or an archive with one text file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith(_JUNK)]
            if len(members) > _MEMBERS:
                raise BadFile(f"is an archive of more than {_MEMBERS} files", "send the table alone")
            if sum(one.file_size for one in members) > _UNPACKED * task.bytes:
                raise BadFile(f"unpacks to more than {_UNPACKED * task.bytes // 2**20} MiB", "split it")
            names = {one.filename for one in members}
            if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
                return open_sheet(data, task)
            return _open_member(archive, members, names, task)
    except BadFile as bad:
        return Opened(problem=bad.problem, mend=bad.mend)
    except MemoryError:
        return Opened(problem="needs too much memory to open", mend=_SAVE)
    except Exception as error:  # for a broken file the libraries raise anything; nothing of ours runs here
        problem = f"is a damaged or locked archive ({type(error).__name__})"
        return Opened(problem=problem, mend="export it again, without a password")


def _open_member(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], names: set[str], task: Task) -> Opened:
    if "mimetype" in names or "word/document.xml" in names or "Index/Document.iwa" in names:
        raise BadFile("is a document or spreadsheet of another kind", "save it as CSV (UTF-8) or as .xlsx")
    texts = [one for one in members if one.filename.lower().endswith(_TEXTS)]
    if len(texts) != 1:
        raise BadFile(f"is an archive with {len(texts)} CSV files", "send one table, unpacked")
    with archive.open(texts[0]) as file:
        data = file.read(task.bytes + 1)
    if len(data) > task.bytes:
        raise BadFile(f"holds a file larger than {task.bytes // 2**20} MiB", "split it")
    return Opened(data=data)


def open_sheet(data: bytes, task: Task) -> Opened:
    """Open a workbook: the sheet of that name, or the one with content."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
        sheets = {name: book.get_sheet_by_name(name) for name in visible}
    except (CalamineError, ValueError, KeyError) as error:
        raise BadFile(
            f"is a damaged spreadsheet ({type(error).__name__})", "save it again as .xlsx, or as CSV"
        ) from None
    filled = [name for name, sheet in sheets.items() if sheet.height]
    listed = ", ".join(f"`{name}`" for name in filled[:10])
    if task.sheet is not None and task.sheet not in filled:
        raise BadFile(f"has no sheet `{task.sheet}` with content", f"it has {listed or 'none'}")
    if not filled:
        raise BadFile("has no cell with content", "fill its first sheet, with a line of headers")
    usual = task.usual_sheet if task.usual_sheet in filled else ""
    if task.sheet is None and len(filled) > 1 and not usual:
        raise BadFile(f"has several sheets with content: {listed}", "name one of them, or take the others out")
    name = task.sheet or usual or filled[0]
    sheet = sheets[name]
    if sheet.height > task.rows + 1 or sheet.width > task.columns or sheet.height * sheet.width > _CELLS:
        size = f"has {sheet.height} rows and {sheet.width} columns"
        raise BadFile(f"{size}; {task.rows}, {task.columns} and {_CELLS} cells may be", "split it")
    rows = [[cell(value, task) for value in row] for row in sheet.iter_rows()]
    return Opened(sheet=name, first=(sheet.start or (0, 0))[0] + 1, rows=rows)


def cell(value: Any, task: Task) -> Cell:
    """Return a cell's text: numbers with the 15 digits that spreadsheets show, times as ISO 8601."""
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return Cell(format(Decimal(format(value, ".15g")), "f"), number=True)
    if isinstance(value, timedelta):
        return Cell(_clock(value))
    if isinstance(value, datetime | date | time):
        return Cell(value.isoformat())
    return Cell(str(value)[: task.cell + 1])


def _clock(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


if __name__ == "__main__":
    main()
