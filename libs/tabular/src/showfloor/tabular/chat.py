"""The chat of a LIVE as a file: our own form and that of known downloaders. docs/formats.md states the format."""

from dataclasses import dataclass
from decimal import Decimal

from showfloor.kernel import text
from showfloor.tabular.model import Column, Columns, Limits, Problem
from showfloor.tabular.reading import read_table
from showfloor.tabular.row import Row
from showfloor.tabular.table import Table

WEEK_S = 604_800
MAX_TEXT, MAX_NAME = 500, 60
LIMITS = Limits(bytes=256 * 2**20, rows=1_000_000)

COLUMNS = Columns(
    "chat logs",
    (
        Column(
            "offset_s", True, ("time_in_seconds", "content_offset_seconds", "time_text", "offset", "time"), number=True
        ),
        Column(
            "viewer", True, ("author", "author_name", "author_id", "user_name", "username", "user", "commenter", "name")
        ),
        Column("message", True, ("text", "comment", "body", "message_body")),
    ),
)


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One message. `at` is in seconds from the start of the log's LIVE, negative before it."""

    line: int
    at: Decimal
    author: str  # "" when the log does not say
    text: str


def read_chat(data: bytes, file_name: str, sheet: str | None = None) -> tuple[list[ChatLine], Table]:
    """Return the messages of a chat log that show something, and its table with every problem. Raises BadFile."""
    table = read_table(data, file_name, COLUMNS, LIMITS, sheet)
    lines = [line for row in table.rows if (line := _line(row)) is not None]
    blank = [row.line for row in table.rows if not text.visible(row.raw("message"))]
    long = [row.line for row in table.rows if text.cut(row.raw("message"), MAX_TEXT) != row.raw("message")]
    table.warnings = [
        *table.warnings,
        *_told(blank, "messages show nothing and were left out"),
        *_told(long, f"messages were cut at {MAX_TEXT} characters"),
    ]
    return lines, table


def _told(lines: list[int], what: str) -> list[Problem]:
    """Return one warning for all lines of which something is left out."""
    return [Problem(lines[0], "message", "", f"{len(lines)} {what}", "look at the first of them")] if lines else []


def _line(row: Row) -> ChatLine | None:
    """Return a row's message; None when nothing of it can be seen, or beside a problem.

    Chats are what people typed, and long: what is too long is cut at a whole character, and the cut is a rule of the
    format. Everything else is refused like anywhere.
    """
    if not text.visible(row.raw("message")):
        return None
    at = row.offset("offset_s", WEEK_S)
    author = row.text("viewer", MAX_NAME, default="")
    said = row.lines("message", MAX_TEXT)
    return None if at is None else ChatLine(row.line, at, author, said)
