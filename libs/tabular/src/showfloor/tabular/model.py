"""What a file may look like, and what is said about it: columns, limits, problems."""

from dataclasses import dataclass, field

from showfloor.kernel import text
from showfloor.tabular.numbers import Mark

SHOWN_VALUE = 40  # characters of a cell that a problem repeats


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line was refused, or what was left out, and the way out. Line 0 is the file as a whole."""

    line: int
    column: str  # as the file calls it; "" for the whole line
    value: str
    problem: str
    mend: str

    def __str__(self) -> str:
        value = f" {self.value!r}" if self.value else ""
        return f"line {self.line}, {self.column or 'whole line'}:{value} {self.problem}; {self.mend}"


class BadFile(Exception):
    """The file as a whole cannot be read as such a table: why, on which line (0: any), and the way out."""

    def __init__(self, problem: str, mend: str, line: int = 0) -> None:
        self.said = f"line {line}: {problem}" if line else problem
        super().__init__(f"{self.said}; {mend}")
        self.problem, self.mend, self.line = problem, mend, line


@dataclass(frozen=True, slots=True)
class Column:
    """A column that we read."""

    name: str
    needed: bool = False
    also: tuple[str, ...] = ()  # other names for it, the best first
    number: bool = False  # decimals and thousands are read by the rule of the column and the file
    currency: bool = False  # the header is `<name>_<currency>`, such as price_usd
    percent: bool = False  # a percent sign may stand beside the number


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one kind of file, and what such a file holds, for messages."""

    about: str
    of: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may have. More is refused."""

    bytes: int = 64 * 2**20
    rows: int = 200_000
    columns: int = 200
    cell: int = 10_000  # code points
    problems: int = 10_000  # that are kept; more are counted


@dataclass(slots=True)
class Problems:
    """The problems of a file; what passes the limit is counted only."""

    most: int
    kept: list[Problem] = field(default_factory=list)
    more: int = 0

    def add(self, line: int, column: str, value: str, problem: str, mend: str) -> None:
        """Note a problem."""
        if len(self.kept) >= self.most:
            self.more += 1
            return
        shown = value if len(value) <= SHOWN_VALUE else f"{text.cut(value, SHOWN_VALUE)}…"
        self.kept.append(Problem(line, column, shown, problem, mend))


@dataclass(slots=True)
class Found:
    """A column of ours that the file has: where, what the file calls it, its currency, its decimal mark."""

    at: int  # among the header's cells; among those that a row keeps once the header is read
    header: str
    currency: str = ""
    percent: bool = False
    mark: Mark = None
