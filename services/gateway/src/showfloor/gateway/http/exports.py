"""Downloads: all comments of a session as CSV, XLSX or JSON, sessions as CSV or XLSX. All are safe to open in a
spreadsheet."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from starlette.responses import Response, StreamingResponse

from showfloor.gateway.http import spreadsheets, transcode
from showfloor.tabular import writing

COLUMNS = (
    "position", "create_time", "comment_id", "author_name", "author_ref", "from_host", "product_id", "reply_to",
    "pinned", "text",
)  # fmt: skip
SESSION_COLUMNS = (
    "session_id", "account_id", "title", "state", "source", "simulated", "simulated_payments", "start_time", "end_time",
    "currency",
)  # fmt: skip
_KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json", "xlsx": spreadsheets.KIND}


def answer(kind: str, session_id: str, pages: AsyncIterator[Any]) -> Response:
    """Return the download of the pages of an ExportComments call, or without a session of ExportSessions."""
    return Download(_rows(kind, session_id, pages), media_type=_KINDS[kind], headers=_headers(kind, session_id))


def _rows(kind: str, session_id: str, pages: AsyncIterator[Any]) -> AsyncIterator[bytes]:
    if kind == "xlsx":
        if session_id:
            return spreadsheets.download(pages, spreadsheets.comments(COLUMNS), COLUMNS, "Comments")
        return spreadsheets.download(pages, spreadsheets.sessions(SESSION_COLUMNS), SESSION_COLUMNS, "Sessions")
    if not session_id:
        return _sessions(pages)
    return _csv(pages) if kind == "csv" else _json(pages)


class Download(StreamingResponse):
    """A download. It reads its first piece before it sends the status, so that a refusal is still answered as one."""

    async def begin(self) -> None:
        pieces = aiter(self.body_iterator)
        first = await anext(pieces, b"")

        async def all_of_it() -> AsyncIterator[Any]:
            yield first
            async for piece in pieces:
                yield piece

        self.body_iterator = all_of_it()


def _headers(kind: str, session_id: str) -> dict[str, str]:
    safe = "".join(c for c in session_id if c.isascii() and (c.isalnum() or c == "-"))
    name = f"comments-{safe}" if session_id else "sessions"
    return {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}


async def _sessions(pages: AsyncIterator[Any]) -> AsyncIterator[bytes]:
    """One line per session: money in whole units of its currency with a point, and nothing where a value is missing."""
    begun = False
    async for page in pages:
        out = io.StringIO()
        writer = csv.writer(out)
        if not begun:
            out.write("\ufeff")
            writer.writerow((*SESSION_COLUMNS, *page.metrics))
            begun = True
        for row in page.sessions:
            shown = transcode.encode(row.session)
            cells = [_cell(shown.get(column, "")) for column in SESSION_COLUMNS]
            writer.writerow(cells + [_number(reading) for reading in row.readings])
        yield out.getvalue().encode()


def _number(reading: Any) -> str:
    if not reading.HasField("value"):
        return ""
    if reading.HasField("exponent"):
        return f"{reading.value / 10**reading.exponent:.{reading.exponent}f}"
    return f"{reading.value:.12g}"


async def _csv(pages: AsyncIterator[Any]) -> AsyncIterator[bytes]:
    head = "\ufeff" + ",".join(COLUMNS) + "\r\n"  # the mark tells spreadsheets that it is UTF-8
    async for page in pages:
        out = io.StringIO()
        writer = csv.writer(out)
        for comment in page.comments:
            shown = transcode.encode(comment)
            writer.writerow([_cell(shown.get(column, "")) for column in COLUMNS])
        yield (head + out.getvalue()).encode()
        head = ""
    if head:
        yield head.encode()


def _cell(value: Any) -> str:
    """Return the text of a cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return writing.cell(value) if isinstance(value, str) else str(value)


async def _json(pages: AsyncIterator[Any]) -> AsyncIterator[bytes]:
    opening = b'{"comments":['
    async for page in pages:
        for comment in page.comments:
            yield opening + msgspec.json.encode(transcode.encode(comment))
            opening = b","
    yield (opening if opening != b"," else b"") + b"]}"
