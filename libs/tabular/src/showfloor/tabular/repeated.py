"""References that a file may name once."""

from collections.abc import Iterable, Sequence

from showfloor.tabular.row import Row


def refuse_repeated(rows: Iterable[Row], column: str, references: Sequence[str]) -> None:
    """Note each row whose reference is that of an earlier row. References are in form NFC: equal is the same."""
    seen: dict[str, int] = {}
    for row, reference in zip(rows, references, strict=True):
        if reference and reference in seen:
            row.refuse(column, f"is already on line {seen[reference]}", "name each once")
        seen.setdefault(reference, row.line)
