"""Which column of the file is which of ours. Two for one are refused, near-misses asked about, the rest is named."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from showfloor.kernel import text
from showfloor.kernel.currencies import EXPONENTS
from showfloor.tabular.model import BadFile, Column, Columns, Found, Problem, Problems

LONGEST = 80  # code points of a header that may be one of ours
NEAR = 0.8  # how alike two headers are that may be one with a slip
_SHOWN = 300
_GAPS = re.compile(r"[\s_\-.()\[\]/]+")
_UNSEEN = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")


def key(header: str) -> str:
    """Return a header as it is compared: without case, spaces at its ends and marks that nobody sees."""
    return _GAPS.sub("_", text.normal(_UNSEEN.sub("", header)).casefold()).strip("_")


def count_known(columns: Columns, cells: Sequence[str]) -> int:
    """Return how many of the cells are headers of ours."""
    keys = [key(cell) for cell in cells if len(cell) <= LONGEST]
    return sum(1 for k in keys for column in columns.of if _is_of(column, k) is not None)


def matched(
    line: int, header: Sequence[str], columns: Columns, noted: Problems
) -> tuple[dict[str, Found], list[Problem]]:
    """Return where our columns are, and a warning for each that nobody reads.

    Raises BadFile when a needed one is missing.
    """
    keys = [key(cell) for cell in header]
    found: dict[str, Found] = {}
    read: set[int] = set()
    for column in columns.of:
        places = [(rank, at) for at, k in enumerate(keys) if (rank := _is_of(column, k)) is not None]
        if not places:
            continue
        best = min(places)
        read.add(best[1])
        _refuse_twins(line, header, column, places, noted)
        read.update(at for rank, at in places if column.currency or rank == best[0])
        at = best[1]
        currency = keys[at].rsplit("_", 1)[1].upper() if column.currency else ""
        found[column.name] = Found(at, header[at].strip(), currency, column.percent)
    rest = [at for at in range(len(header)) if at not in read]
    near = _near_misses(line, header, keys, rest, [c for c in columns.of if c.name not in found])
    _refuse_missing(line, header, columns, found, near)
    for problem in near.values():
        noted.add(problem.line, problem.column, problem.value, problem.problem, problem.mend)
    names = ", ".join(_shown(column) for column in columns.of)
    unread = [
        Problem(line, header[at].strip(), "", "is not a column that is read here; it was left out", f"read are {names}")
        for at in rest
        if at not in near and keys[at]
    ]
    return found, unread


def _is_of(column: Column, k: str) -> int | None:
    """Return how good a name of the column this is, 0 the best; None when it is none."""
    if column.currency:
        stem, _, code = k.rpartition("_")
        return 0 if stem == column.name and code.upper() in EXPONENTS else None
    names = (column.name, *column.also)
    return names.index(k) if k in names else None


def _refuse_twins(
    line: int, header: Sequence[str], column: Column, places: list[tuple[int, int]], noted: Problems
) -> None:
    """Refuse two columns of one name, or of two currencies: which one counts is not ours to say."""
    best = min(places)[0]
    twins = [at for rank, at in places if rank == best]
    if len(twins) < 2:
        return
    names = " and ".join(f"`{header[at].strip()}` (column {at + 1})" for at in twins)
    what = "of more than one currency" if len({key(header[at]) for at in twins}) > 1 else "twice"
    mend = "keep the one that counts"
    noted.add(line, header[twins[1]].strip(), "", f"names {column.name} {what}: {names}", mend)


def _near_misses(
    line: int, header: Sequence[str], keys: Sequence[str], rest: Sequence[int], absent: Sequence[Column]
) -> dict[int, Problem]:
    """Return a question for each unknown header that may be one of ours with a slip."""
    near = {}
    for at in rest:
        likely = [(_alike(keys[at], column), _shown(column)) for column in absent if 0 < len(keys[at]) <= LONGEST]
        best = max(likely, default=(0.0, ""))
        if best[0] >= NEAR:
            name = header[at].strip()
            near[at] = Problem(line, name, "", f"`{name}`: did you mean `{best[1]}`?", "rename it, or take it out")
    return near


def _alike(k: str, column: Column) -> float:
    if column.currency and k == column.name:
        return 1.0  # it names no currency
    name = column.name
    if column.currency:
        stem, _, code = k.rpartition("_")
        k = stem if len(code) in (2, 3, 4) and stem else k
    return max(SequenceMatcher(None, k, other).ratio() for other in (name, *column.also))


def _refuse_missing(
    line: int, header: Sequence[str], columns: Columns, found: dict[str, Found], near: dict[int, Problem]
) -> None:
    missing = [column for column in columns.of if column.needed and column.name not in found]
    if not missing:
        return
    names = ", ".join(_shown(column) for column in missing)
    asked = " ".join(problem.problem for problem in near.values())
    has = ", ".join(cell.strip() for cell in header)[:_SHOWN]
    way = asked or f"{columns.about} need it; the line of headers has: {has}"
    raise BadFile(f"has no column {names}", way, line)


def _shown(column: Column) -> str:
    return f"{column.name}_<currency>" if column.currency else column.name
