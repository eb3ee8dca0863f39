"""Files that a command is given: read within their limit, their problems told as a table."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from rich.table import Table as Printed

from showfloor.cli.failures import reason
from showfloor.cli.terminal import problems
from showfloor.platform.startup_error import StartupError
from showfloor.tabular import BadFile, Limits, Table

T = TypeVar("T")
SHOWN_PROBLEMS = 20

Problem = tuple[int, str, str, str, str]
"""Line (0: the whole file), column, value, problem and mend."""


def content(file: Path, limit: int) -> bytes:
    """Return the bytes of a file; one more than `limit` tells that it is too large. Raises StartupError."""
    try:
        with file.open("rb") as source:
            return source.read(limit + 1)
    except OSError as error:
        raise StartupError(reason(error), place=str(file), next_step="see docs/formats.md for the columns") from error


def read(file: Path, limits: Limits, parse: Callable[[bytes], T]) -> T:
    """Return what `parse` makes of a file's bytes. Raises StartupError when it cannot be read."""
    try:
        return parse(content(file, limits.bytes))
    except BadFile as bad:
        raise StartupError(bad.said, place=str(file), next_step=f"{bad.mend}; docs/formats.md has the columns") from bad


def refuse(file: Path, table: Table) -> None:
    """Print what was left out and every refused cell. Raises StartupError when there is one."""
    for warning in table.warnings:
        problems.print(f"{file.name}, line {warning.line}, column {warning.column}: {warning.problem}")
    if bad := table.problems:
        told = ((one.line, one.column, one.value, one.problem, one.mend) for one in bad[:SHOWN_PROBLEMS])
        raise refused(file, told, len(bad) + table.more_problems, "nothing was made", "run the command again")


def refused(file: Path, told: Iterable[Problem], count: int, outcome: str, again: str) -> StartupError:
    """Print the first problems of a file, and return the StartupError that says how many there are."""
    printed = Printed(
        "line", "column", "value", "problem", "mend", title=f"Refused in {file.name}", title_justify="left"
    )
    for line, column, value, problem, mend in told:
        printed.add_row(str(line) if line else "(file)", column or "(row)", value, problem, mend)
    problems.print(printed)
    more = f", of which {SHOWN_PROBLEMS} are shown" if count > SHOWN_PROBLEMS else ""
    return StartupError(
        f"{count} problem{'s' if count > 1 else ''}{more}; {outcome}",
        place=str(file),
        next_step=f"mend these cells and {again}",
    )
