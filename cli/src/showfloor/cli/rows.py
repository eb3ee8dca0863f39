"""Reading CSV files strictly: every problem is collected with its line and column, nothing is guessed."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from showfloor.rpc import checks

T = TypeVar("T")
MAX_BYTES = 256 * 1024 * 1024
MAX_CELL = 10_000
CURRENCY_COLUMN = re.compile(r"^(gmv|price)_([a-z]{3})$")
MINOR_UNITS = 100
LARGEST = 2**53  # of any number in a cell: what JavaScript and doubles hold exactly


@dataclass(frozen=True)
class Problem:
    """Why a row was refused."""

    line: int
    column: str
    problem: str


@dataclass
class Row:
    """One row while it is read. Reading a cell never raises: problems are collected, and `None` goes on."""

    line: int
    cells: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, column: str, problem: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.line, column, problem))

    def text(self, column: str, longest: int, default: str | None = None) -> str:
        """Return a text of 1 to `longest` characters; `default` stands in for an empty cell."""
        value = self.cells.get(column, "").strip()
        if not value and default is not None:
            return default
        if not 1 <= len(value) <= longest:
            self.refuse(column, f"has {len(value)} characters; 1 to {longest} are needed")
        if not value.isprintable():
            self.refuse(column, "holds control characters")
        return value

    def count(self, column: str, least: int = 0, most: int = LARGEST) -> int | None:
        """Return a whole number; None when the cell is empty (not known)."""
        return self._number(
            column, lambda value: value == value.to_integral_value(), int, "a whole number", least, most
        )

    def money(self, column: str) -> int | None:
        """Return an amount with at most two decimals in minor units; None when the cell is empty."""

        def exact(value: Decimal) -> bool:
            return value * MINOR_UNITS == (value * MINOR_UNITS).to_integral_value()

        return self._number(
            column, exact, lambda value: int(value * MINOR_UNITS), "an amount with at most two decimals", 0, LARGEST
        )

    def percent(self, column: str) -> int:
        """Return a percentage from 0 to 100 in basis points; an empty cell is 0."""
        value = self.money(column)
        if value is not None and value > 100 * MINOR_UNITS:
            self.refuse(column, "is more than 100 percent")
        return value or 0

    def time(self, column: str) -> datetime | None:
        """Return a moment with its zone."""
        value = self.cells.get(column, "").strip()
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.refuse(column, f"{value[:40]!r} is not a time such as 2021-06-01T11:02:00+08:00")
            return None
        if moment.tzinfo is None:
            self.refuse(column, f"{value!r} has no zone: add one, such as +08:00 or Z")
            return None
        if not checks.EARLIEST <= moment < checks.LATEST:
            self.refuse(column, f"{value!r} is not between 2000 and 2100")
            return None
        return moment

    def _number(
        self,
        column: str,
        fits: Callable[[Decimal], bool],
        convert: Callable[[Decimal], int],
        form: str,
        least: int,
        most: int,
    ) -> int | None:
        text = self.cells.get(column, "").strip()
        if not text:
            return None
        try:
            value = Decimal(text)
            huge = value.is_finite() and abs(value) > LARGEST  # as a whole number it might fill the memory
            good = huge or (value.is_finite() and fits(value))
        except InvalidOperation:
            good = huge = False
        if not good:
            self.refuse(column, f"{text[:40]!r} is not {form}")
            return None
        if huge or not least <= convert(value) <= most:
            self.refuse(column, f"{text[:40]} is outside {least} to {most}")
            return None
        return convert(value)


class BadFile(Exception):
    """The file as a whole cannot be read as CSV. The message says why and what is needed."""


def rows(path: Path, needed: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows of a UTF-8 CSV file with a header. Raises BadFile when columns are missing or it is not CSV."""
    if path.stat().st_size > MAX_BYTES:
        raise BadFile(f"{path} is larger than {MAX_BYTES // 2**20} MiB: split it")
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file, strict=True)
        try:
            names = reader.fieldnames or []
            missing = [name for name in needed if name not in names]
            if missing:
                raise BadFile(f"{path} has no column {', '.join(missing)}; it has {', '.join(names)[:300]}")
            for cells in reader:
                row = Row(reader.line_num, {k: v or "" for k, v in cells.items() if isinstance(k, str)})
                if None in cells or any(v is None for v in cells.values()):
                    row.refuse("(row)", f"has another number of cells than the {len(names)} columns")
                if any(len(value) > MAX_CELL for value in row.cells.values()):
                    row.refuse("(row)", f"has a cell of more than {MAX_CELL} characters")
                yield row
        except (csv.Error, UnicodeDecodeError) as error:
            raise BadFile(f"{path}, after line {reader.line_num}: not UTF-8 CSV: {error}") from error


def currency_of(path: Path, stem: str) -> str:
    """Return the currency that the column `<stem>_<currency>` names, such as CNY for gmv_cny."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        try:
            names = next(csv.reader(file), [])
        except (csv.Error, UnicodeDecodeError) as error:
            raise BadFile(f"{path}: not UTF-8 CSV: {error}") from error
    for name in names:
        match = CURRENCY_COLUMN.match(name)
        if match and match.group(1) == stem:
            return match.group(2).upper()
    raise BadFile(f"{path} has no column such as {stem}_cny: its name says the currency")


def collect(source: Iterator[Row], parse: Callable[[Row], T]) -> tuple[list[T], list[Problem]]:
    """Return what `parse` makes of every row, and every problem."""
    parsed, problems = [], []
    for row in source:
        parsed.append(parse(row))
        problems.extend(row.problems)
    return parsed, problems
