"""What an import is made of, and how its parts are kept between its steps."""

from collections.abc import Sequence
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
    variants: tuple[int, ...] = ()  # the line of each variant of a product


class Parsed(msgspec.Struct, frozen=True):
    """A file that could be read. `columns`: what it calls the fields of the message, for problems."""

    kind: Kind
    currency: str
    lines: list[Line]
    columns: dict[str, str]
    keeps: tuple[str, ...] = ()  # fields of a product that the file does not tell
    expected: list[int] = []  # versions of the rows' streams when they were checked
    tells_variants: bool = False  # a product without variants has none


class Problem(msgspec.Struct, frozen=True, array_like=True):
    """Why a line was refused, or what was left out, and the way out."""

    line: int
    column: str
    value: str
    problem: str
    mend: str


class VariantChange(msgspec.Struct, frozen=True, array_like=True):
    """A variant that differs."""

    reference: str
    name: str
    change: Literal["added", "changed", "removed"]
    values: list[tuple[str, str, str]]


class Change(msgspec.Struct, frozen=True, array_like=True):
    """A row that is there with other values: names with the value before and after."""

    line: int
    reference: str
    values: list[tuple[str, str, str]]
    variants: list[VariantChange] = []


class Heading(msgspec.Struct, frozen=True):
    """What the headers of a file of products tell: each column, its field, a sample, and why it is left out."""

    format: str = ""
    columns: Sequence[tuple[str, str, str, str]] = ()
    missing: list[str] = []


class Report(msgspec.Struct, frozen=True):
    """What the check found, in numbers."""

    rows: int = 0
    created: int = 0
    unchanged: int = 0
    changed: int = 0
    problems: int = 0
    warnings: list[Problem] = []
    new_hosts: list[tuple[str, UUID]] = []
    heading: Heading = Heading()


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was sent."""

    kind: Kind
    file_name: str
    sheet: str
    content: bytes
    mapping: tuple[str, ...] = ()  # of products: which column fills which field, as `field:column`


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """An import as it is kept, without its contents."""

    import_id: UUID
    shop_id: UUID
    kind: Kind
    file_name: str
    sheet: str
    mapping: tuple[str, ...]
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
