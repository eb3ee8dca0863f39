"""Downloads as XLSX workbooks: numbers are numbers, times are UTC and say so, and no text is ever a formula.

A workbook is a ZIP whose directory comes last, so it is written to a temporary file first, a row at a time: what is in
memory does not grow with it. XlsxWriter does that; its writing waits in a thread.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import IO, Any, Final

import xlsxwriter  # type: ignore[import-untyped]

from showfloor.gateway.http import transcode
from showfloor.kernel.currencies import EXPONENTS
from showfloor.tabular import writing

KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS: Final = 1_000_000  # a sheet has 1,048,576; what is more is said in its last row, never left out silently
_PIECE: Final = 64 * 1024
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": 'yyyy-mm-dd hh:mm:ss" UTC"',
    "remove_timezone": True,
}
_TIMES: Final = frozenset(("create_time", "start_time", "end_time"))

Row = Sequence[Any]
Sheet = tuple[Sequence[str], list[Row]]
"""Column names, and rows: text, numbers, truths, times with a zone, `Amount`s, None."""


class Amount(tuple[int, str]):
    """An amount in minor units, and its currency."""

    __slots__ = ()


async def download(
    pages: AsyncIterator[Any], read: Callable[[Any], Sheet], empty: Sequence[str], name: str
) -> AsyncIterator[bytes]:
    """Write pages into a workbook, then yield it in pieces. `empty`: the columns when there is no page."""
    with tempfile.TemporaryFile() as file:
        book = _Book(file, name)
        begun = False
        async for page in pages:
            columns, rows = read(page)
            await asyncio.to_thread(book.add, [*([columns] if not begun else []), *rows])
            begun = True
        if not begun:
            book.add([empty])
        await asyncio.to_thread(book.close)
        file.seek(0)
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece


def comments(columns: Sequence[str]) -> Callable[[Any], Sheet]:
    """Return how a page of comments is read."""
    return lambda page: (columns, [_cells(transcode.encode(comment), columns) for comment in page.comments])


def sessions(columns: Sequence[str]) -> Callable[[Any], Sheet]:
    """Return how a page of sessions with their metrics is read."""

    def read(page: Any) -> Sheet:
        rows: list[Row] = []
        for row in page.sessions:
            shown = transcode.encode(row.session)
            rows.append([*_cells(shown, columns), *(_reading(one, row.session.currency) for one in row.readings)])
        return (*columns, *page.metrics), rows

    return read


def _cells(shown: dict[str, Any], columns: Iterable[str]) -> Row:
    cells = []
    for column in columns:
        value = shown.get(column)
        cells.append(datetime.fromisoformat(value).astimezone(UTC) if value and column in _TIMES else value)
    return cells


def _reading(reading: Any, currency: str) -> Any:
    if not reading.HasField("value"):
        return None
    return Amount((int(reading.value), currency)) if reading.HasField("exponent") else reading.value


class _Book:
    """A workbook of one sheet that is written row by row."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._book = xlsxwriter.Workbook(file, _OPTIONS)
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        self._head = self._book.add_format({"bold": True})
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._moneys: dict[str, Any] = {}
        self._rows = 0

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if self._rows == MOST_ROWS:
                self._sheet.write_string(self._rows, 0, "A sheet holds no more rows: take the CSV for all of them.")
            if self._rows >= MOST_ROWS:
                self._rows = MOST_ROWS + 1
                return
            for column, value in enumerate(row):
                self._write(column, value)
            self._rows += 1

    def close(self) -> None:
        self._book.close()

    def _write(self, column: int, value: Any) -> None:
        at = self._rows, column
        match value:
            case None | "":
                return
            case bool():
                self._sheet.write_boolean(*at, value)
            case Amount():
                minor, currency = value
                self._sheet.write_number(*at, minor / 10 ** EXPONENTS.get(currency, 2), self._money(currency))
            case int() | float():
                self._sheet.write_number(*at, value)
            case datetime():
                self._sheet.write_datetime(*at, value)
            case _:
                self._sheet.write_string(*at, str(value), self._look(str(value)))

    def _look(self, text: str) -> Any:
        """Return how a text is written. A cell of text is no formula, whatever it begins with; one that would become
        a formula when somebody edits it is quoted."""
        if self._rows == 0:
            return self._head
        return self._quoted if writing.cell(text) != text else None

    def _money(self, currency: str) -> Any:
        if currency not in self._moneys:
            places = EXPONENTS.get(currency, 2)
            number = "#,##0" + ("." + "0" * places if places else "")
            self._moneys[currency] = self._book.add_format({"num_format": f'{number}" {currency}"'})
        return self._moneys[currency]
