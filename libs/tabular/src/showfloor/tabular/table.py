"""The table that comes out: rows, problems, warnings."""

from collections.abc import Sequence
from dataclasses import dataclass

from showfloor.tabular.model import Found, Problem, Problems
from showfloor.tabular.row import Row


@dataclass(slots=True)
class Table:
    """A file that was read. It is good when `problems` is empty after all its cells were read."""

    file_name: str
    found: dict[str, Found]
    rows: list[Row]
    noted: Problems
    warnings: Sequence[Problem] = ()
    sheet: str = ""  # of a spreadsheet

    @property
    def problems(self) -> list[Problem]:
        """Every problem so far, in the order of lines."""
        return sorted(self.noted.kept, key=lambda problem: problem.line)

    @property
    def more_problems(self) -> int:
        """How many problems there are beside those that are kept."""
        return self.noted.more

    def has(self, column: str) -> bool:
        """Return whether the file has the column."""
        return column in self.found

    def refuse_repeated(self, column: str, references: Sequence[str]) -> None:
        """Note each row whose reference is that of an earlier row. References are in form NFC: equal is the same."""
        seen: dict[str, int] = {}
        for row, reference in zip(self.rows, references, strict=True):
            if reference and reference in seen:
                row.refuse(column, f"is already on line {seen[reference]}", "name each once")
            seen.setdefault(reference, row.line)

    def currency(self, column: str) -> str:
        """Return the currency that the header of a column names, such as USD."""
        return self.found[column].currency
