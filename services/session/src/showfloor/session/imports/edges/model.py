"""What an import is made of, and how its parts are kept between its steps."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from showfloor.eventstore.group import MAX_STEPS

Kind = Literal["catalogue", "history"]
State = Literal["checking", "ready", "refused", "applying", "applied", "discarded", "failed"]

MAX_FILE = 8 * 2**20  # bytes
MAX_ROWS = MAX_STEPS - 1  # one step of the group says that the file was kept
MAX_PROBLEMS = 10_000  # that are listed
MAX_NEW_HOSTS = 200  # more is a mistaken column, and every one gets an account


class Line(msgspec.Struct, frozen=True, array_like=True):
    """A row of a file as the message that a single call would send."""

    line: int
    host: str  # of a past session
    row: bytes


class Parsed(msgspec.Struct, frozen=True):
    """A file that could be read. `columns`: what it calls the fields of the message, for problems."""

    kind: Kind
    currency: str
    lines: list[Line]
    columns: dict[str, str]
    keeps: tuple[str, ...] = ()  # fields of a product that the file does not tell
    expected: list[int] = []  # versions of the rows' streams when they were checked


class Problem(msgspec.Struct, frozen=True, array_like=True):
    """Why a line was refused, or what was left out, and the way out."""

    line: int
    column: str
    value: str
    problem: str
    mend: str


class Change(msgspec.Struct, frozen=True, array_like=True):
    """A row that is there with other values: names with the value before and after."""

    line: int
    reference: str
    values: list[tuple[str, str, str]]


class Report(msgspec.Struct, frozen=True):
    """What the check found, in numbers."""

    rows: int = 0
    created: int = 0
    unchanged: int = 0
    changed: int = 0
    problems: int = 0
    warnings: list[Problem] = []
    new_hosts: list[tuple[str, UUID]] = []


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was sent."""

    kind: Kind
    file_name: str
    sheet: str
    content: bytes


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """An import as it is kept, without its contents."""

    import_id: UUID
    shop_id: UUID
    kind: Kind
    file_name: str
    sheet: str
    digest: bytes
    currency: str
    state: State
    report: Report
    position: int
    detail: str
    created_at: datetime
    expires_at: datetime
    held: bool  # somebody is at it

    @property
    def running(self) -> bool:
        """True while it is being checked or applied."""
        return self.state in ("checking", "applying")
