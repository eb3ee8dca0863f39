"""Files that a command is given: read within their limit, their problems told as a table."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rich.table import Table as Printed

from showfloor.cli.failures import reason
from showfloor.cli.terminal import problems
from showfloor.platform.trouble import Trouble
from showfloor.tabular import BadFile, Limits, Table

T = TypeVar("T")
SHOWN_PROBLEMS = 20


def read(file: Path, limits: Limits, parse: Callable[[bytes], T]) -> T:
    """Return what `parse` makes of a file's bytes. Raises Trouble when it cannot be read."""
    try:
        with file.open("rb") as source:
            data = source.read(limits.bytes + 1)  # one more tells that it is too large
        return parse(data)
    except BadFile as bad:
        raise Trouble(bad.said, place=str(file), next_step=f"{bad.mend}; docs/formats.md has the columns") from bad
    except OSError as error:
        raise Trouble(reason(error), place=str(file), next_step="see docs/formats.md for the columns") from error


def refuse(file: Path, table: Table) -> None:
    """Print what was left out and every refused cell. Raises Trouble when there is one."""
    for warning in table.warnings:
        problems.print(f"{file.name}, line {warning.line}, column {warning.column}: {warning.problem}")
    bad, more = table.problems, table.more_problems
    if not bad:
        return
    printed = Printed(
        "line", "column", "value", "problem", "mend", title=f"Refused in {file.name}", title_justify="left"
    )
    for one in bad[:SHOWN_PROBLEMS]:
        printed.add_row(str(one.line), one.column or "(row)", one.value, one.problem, one.mend)
    problems.print(printed)
    count = len(bad) + more
    told = f", of which {SHOWN_PROBLEMS} are shown" if count > SHOWN_PROBLEMS else ""
    raise Trouble(
        f"{count} problem{'s' if count > 1 else ''}{told}; nothing was made",
        place=str(file),
        next_step="mend these cells and run the command again",
    )
