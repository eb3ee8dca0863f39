"""Reads a file: recognises it, finds our columns, checks the shape of every row, settles how numbers are written."""

from collections.abc import Callable, Iterator, Sequence

from showfloor.kernel import text
from showfloor.tabular import confined, dialect, headers, numbers
from showfloor.tabular.encoding import decoded
from showfloor.tabular.kinds import is_zip
from showfloor.tabular.model import BadFile, Columns, Limits, Problems
from showfloor.tabular.row import Row
from showfloor.tabular.table import Table

USUAL = Limits()
MAX_HEADER = 200  # code points


def read_table(
    data: bytes, file_name: str, columns: Columns, limits: Limits = USUAL, sheet: str | None = None
) -> Table:
    """Return the table in a file, with the problems of its shape. Raises BadFile when it is no such table at all.

    `sheet` names the sheet of a spreadsheet that has several with content.
    """
    records, used = records_of(data, lambda cells: headers.count_known(columns, cells), limits, sheet)
    line, header = header_of(records, limits)
    noted = Problems(limits.problems)
    found, warnings = headers.matched(line, header, columns, noted)
    table = Table(file_name, found, [], noted, warnings, used)
    fill(table, records, line, header, limits)
    settle_marks(table, [column.name for column in columns.of if column.number])
    return table


def header_of(records: Iterator[tuple[int, list[str]]], limits: Limits) -> tuple[int, list[str]]:
    """Take the line of headers off the records. Raises BadFile when it cannot be one."""
    line, header = next(records, (1, []))
    if len(header) > limits.columns:
        raise BadFile(f"has more than {limits.columns} columns", "take out those that are not read", line)
    if any(len(cell) > MAX_HEADER for cell in header):
        raise BadFile(f"has a header of more than {MAX_HEADER} characters", "begin with a row of headers", line)
    return line, header


def fill(
    table: Table, records: Iterator[tuple[int, list[str]]], line: int, header: Sequence[str], limits: Limits
) -> None:
    """Put the rows into a table, with the problems of their shape. Raises BadFile when there is none."""
    found, noted = table.found, table.noted
    kept = [column.at for column in found.values()]  # a row holds our columns only
    for at, column in enumerate(found.values()):
        column.at = at
    try:
        for number, cells in records:
            if len(table.rows) >= limits.rows:
                raise BadFile(f"has more than {limits.rows} rows", "split it", number)
            _check_shape(number, cells, header, limits, noted)
            table.rows.append(Row(number, [cells[at] if at < len(cells) else "" for at in kept], found, noted))
    except BadFile as broken:  # from here on it cannot be read; what is wrong before it is told as well
        noted.add(broken.line, "", "", broken.problem, broken.mend)
    if not table.rows and not noted.kept:
        raise BadFile("holds no row below its line of headers", "add the rows", line)


def records_of(
    data: bytes, known: Callable[[Sequence[str]], int], limits: Limits, sheet: str | None, usual_sheet: str = ""
) -> tuple[Iterator[tuple[int, list[str]]], str]:
    """Return the records of a file that are not blank, and the sheet they are of.

    `known` counts the headers of ours in a record; `usual_sheet` is read where several have content and none is named.
    """
    if len(data) > limits.bytes:
        raise BadFile(f"is larger than {limits.bytes // 2**20} MiB", "split it")
    if is_zip(data):
        opened = confined.opened(data, limits, sheet, usual_sheet=usual_sheet)
        if opened.data is None:
            return opened.records(), opened.sheet
        if is_zip(opened.data):
            raise BadFile("is an archive in an archive", "unpack it first")
        data = opened.data
    return dialect.records(decoded(data), known, limits), ""


def _check_shape(line: int, cells: list[str], header: Sequence[str], limits: Limits, noted: Problems) -> None:
    """Note cells that have no column, columns that have no cell, and cells that are too long; trim the rest."""
    surplus = cells[len(header) :]
    if any(cell.strip() for cell in surplus):
        said = f"has {len(cells)} cells, and the line of headers has {len(header)}"
        noted.add(
            line, "", next(c for c in surplus if c.strip()), said, "put quotes around a cell that holds the delimiter"
        )
    if len(cells) < len(header):
        missing = ", ".join(name.strip() for name in header[len(cells) :])
        said = f"has {len(cells)} cells, and the line of headers has {len(header)}: no cell for {missing}"
        noted.add(line, "", "", said, "add the missing cells, empty ones too")
    for at, cell in enumerate(cells):
        if len(cell) > limits.cell:
            name = header[at].strip() if at < len(header) else ""
            noted.add(line, name, cell, f"has more than {limits.cell} characters", "shorten it")
            cells[at] = ""
        elif not isinstance(cell, numbers.PlainNumber):
            cells[at] = text.trimmed(cell)


def settle_marks(table: Table, numeric: Sequence[str]) -> None:
    """Say for each number column which decimal mark it uses: its own cells first, then the other columns'."""
    own: dict[str, tuple[bool, bool]] = {}
    for name in numeric:
        if name in table.found:
            own[name] = numbers.mark_of(row.raw(name) for row in table.rows)
    every = (any(dot for dot, _ in own.values()), any(comma for _, comma in own.values()))
    for name, proofs in own.items():
        table.found[name].mark = _one(proofs) or _first(table, name, proofs) or _one(every)


def _one(proofs: tuple[bool, bool]) -> numbers.Mark:
    return {(True, False): ".", (False, True): ","}.get(proofs)  # type: ignore[return-value]


def _first(table: Table, name: str, proofs: tuple[bool, bool]) -> numbers.Mark:
    """Return the mark that comes first in a column that uses both: the others are refused against it."""
    if proofs != (True, True):
        return None
    for row in table.rows:
        if mark := _one(numbers.mark_of([row.raw(name)])):
            return mark
    return None
