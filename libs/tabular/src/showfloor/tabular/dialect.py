"""From text to records: the delimiter is the one with which the header makes sense; quotes are double quotes."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence

from showfloor.tabular.model import BadFile, Limits

DELIMITERS = (",", ";", "\t")
BLANK = 10_000  # blank lines that any file may have, beside one for each row that it may have
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}
_SEPARATOR = re.compile(r"\s*\"?sep=(.)\"?[ \t]*(?:\r\n|\r|\n|$)", re.IGNORECASE)


def records(text: str, known: Callable[[Sequence[str]], int], limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield every record that is not blank with the line it begins on. `known` counts the headers of ours in a record.

    Raises BadFile where the file stops to be CSV.
    """
    first, skipped = 1, 0
    separator = _SEPARATOR.match(text)
    if separator:
        delimiter = separator[1]
        if delimiter not in DELIMITERS:
            raise BadFile(f"says that {delimiter!r} parts its cells", "use comma, semicolon or tab", 1)
        first, skipped = 2, separator.end()
    else:
        delimiter = _delimiter(text, known, limits)
    yield from _parsed(text[skipped:], delimiter, first, limits)


def _delimiter(text: str, known: Callable[[Sequence[str]], int], limits: Limits) -> str:
    """Return the delimiter that makes most headers of ours; of equals the one that makes most cells."""
    best, most = ",", (-1, -1)
    for delimiter in DELIMITERS:
        try:
            _, header = next(_parsed(text, delimiter, 1, limits), (1, []))
        except BadFile:
            continue
        score = (known(header[: limits.columns]), len(header))
        if score > most:
            best, most = delimiter, score
    return best


class _TooLong(Exception):
    """A record takes more characters than all its cells may have."""


def _parsed(text: str, delimiter: str, first: int, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    source, most, taken = io.StringIO(text, newline=""), limits.columns * limits.cell, 0

    def lines() -> Iterator[str]:
        """A record that takes more characters than all its cells may have would fill the memory."""
        nonlocal taken
        while line := source.readline(most + 1):
            taken += len(line)
            if taken > most:
                raise _TooLong
            yield line

    csv.field_size_limit(max(most, csv.field_size_limit()))  # the line tells, not the module
    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    line, blank = first, 0
    try:
        for cells in reader:
            taken = 0
            if any(cell.strip() for cell in cells):
                yield line, cells
            else:
                blank += 1
                if blank > BLANK + limits.rows:
                    raise BadFile(f"has more than {BLANK + limits.rows} blank lines", "take out the blank lines", line)
            line = first + reader.line_num
    except csv.Error as error:
        raise _broken(str(error), line, delimiter) from None
    except _TooLong:
        raise BadFile(
            f"has more than {most} characters in one row", "look for a quote that is never closed", line
        ) from None


def _broken(error: str, line: int, delimiter: str) -> BadFile:
    if "unexpected end" in error:
        return BadFile("has a quote that is never closed", 'close it; a quote inside a cell is written twice: ""', line)
    if "expected after" in error:
        said = f"has text after a closing quote, before the {_NAMES[delimiter]}"
        return BadFile(said, 'write a quote inside a cell twice: ""', line)
    return BadFile(f"cannot be read as CSV: {error}", "export it again as CSV", line)
