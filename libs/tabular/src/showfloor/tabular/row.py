"""One row while its cells are read. Reading never raises: a problem is noted, and None or a stand-in goes on."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from showfloor.kernel import text
from showfloor.tabular import clocks, currency, numbers
from showfloor.tabular.model import Found, Problems

LARGEST = 2**53  # of any number: what JavaScript and doubles hold exactly


class Row:
    """One row. Columns go by their canonical names; one that the file does not have reads as empty."""

    __slots__ = ("_found", "_problems", "_values", "line")

    def __init__(self, line: int, values: Sequence[str], found: Mapping[str, Found], problems: Problems) -> None:
        self.line = line  # the first line of the row in the file, or its number in the sheet
        self._values, self._found, self._problems = values, found, problems

    def raw(self, column: str) -> str:
        """Return the cell as it stands in the file, without white space at its ends."""
        found = self._found.get(column)
        return "" if found is None else self._values[found.at]

    def refuse(self, column: str, problem: str, mend: str) -> None:
        """Note a problem of a cell."""
        found = self._found.get(column)
        self._problems.add(self.line, found.header if found else column, self.raw(column), problem, mend)

    def text(self, column: str, longest: int, default: str | None = None) -> str:
        """Return a name, title or reference of 1 to `longest` characters; `default` stands in for an empty cell."""
        value = self.raw(column)
        if not value and default is not None:
            return default
        return self._checked(column, text.line, value, longest) or default or value[:longest]

    def reference(self, column: str) -> str:
        """Return another system's reference, 1 to 64 characters; no number that a spreadsheet has rounded."""
        value = self.raw(column)
        if numbers.is_rounded(value):
            self.refuse(column, "is a number that a spreadsheet has rounded", "export it as text, with all its digits")
            return ""
        return self.text(column, 64)

    def lines(self, column: str, longest: int) -> str:
        """Return a text that may have line breaks; what is longer is cut at a whole character."""
        return self._checked(column, text.lines, text.trimmed(text.cut(self.raw(column), longest)), longest)

    def whole(self, column: str, least: int = 0, most: int = LARGEST, needed: bool = False) -> int | None:
        """Return a whole number; None when it is not known."""
        return self._scaled(column, 0, least, most, needed)

    def amount(self, column: str, decimals: int, most: int = LARGEST, needed: bool = False) -> int | None:
        """Return an amount in minor units of a currency with so many decimals; None when it is not known."""
        return self._scaled(column, decimals, 0, most, needed)

    def percent(self, column: str) -> int | None:
        """Return a percentage from 0 to 100 with at most two decimals, in basis points; None when it is not known."""
        value = self.raw(column)
        if isinstance(value, numbers.PlainNumber) and 0 < Decimal(value) < 1:
            self.refuse(
                column, "may be a fraction that a spreadsheet shows as percent", "write it as text, such as 12%"
            )
            return None
        return self._scaled(column, 2, 0, 10_000, needed=False)

    def seconds(self, column: str, least: int, most: int, needed: bool = False) -> int | None:
        """Return a length in whole seconds, written as seconds or as 01:00:00; None when it is not known."""
        if ":" not in self.raw(column):
            return self._scaled(column, 0, least, most, needed)
        return self._whole(column, clocks.seconds(self.raw(column), parts=(3,)), 0, least, most)

    def offset(self, column: str, most: int) -> Decimal | None:
        """Return seconds from a start, written as seconds, 1:35 or 1:02:03; before the start they are negative."""
        value = self.raw(column)
        if numbers.is_missing(value):
            self._empty(column)
            return None
        if ":" in value:
            at = clocks.seconds(value, parts=(2, 3))
        else:
            at = self._number(column, 3)
            if at is None:
                return None
        if at is None or abs(at) > most:
            self.refuse(column, f"is not a time within {most} s", "write seconds, such as 95.5, or 1:35 or 1:02:03")
            return None
        return at

    def moment(self, column: str, needed: bool = True) -> datetime | None:
        """Return a moment with its zone, between 2000 and 2100; None when it is not known."""
        value = self.raw(column)
        if numbers.is_missing(value):
            if needed:
                self._empty(column)
            return None
        try:
            return clocks.moment(value)
        except numbers.BadCell as bad:
            self.refuse(column, bad.problem, bad.mend)
            return None

    def _checked(self, column: str, check: Callable[[str, int, int], str], value: str, longest: int) -> str:
        try:
            return check(value, 1, longest)
        except text.BadText as bad:
            self.refuse(column, bad.problem, bad.mend)
            return ""

    def _empty(self, column: str) -> None:
        self.refuse(column, "is empty", "fill it in")

    def _scaled(self, column: str, decimals: int, least: int, most: int, needed: bool) -> int | None:
        if numbers.is_missing(self.raw(column)):
            if needed:
                self._empty(column)
            return None
        value = self._number(column, decimals)
        return None if value is None else self._whole(column, value, decimals, least, most)

    def _number(self, column: str, decimals: int) -> Decimal | None:
        """Return the number in a cell, with nothing around it but what the column's unit allows."""
        found = self._found[column]
        try:
            value, around = numbers.number(self.raw(column), found.mark, decimals)
        except numbers.BadCell as bad:
            self.refuse(column, bad.problem, bad.mend)
            return None
        unit = found.currency
        if around and not (currency.names(around, unit) if unit else found.percent and around in ("%", "٪", "％")):
            mend = f"the header says {unit}: write the amount alone" if unit else "write the number alone"
            self.refuse(column, f"has {text.cut(around, 10)!r} beside the number", mend)
            return None
        return value

    def _whole(self, column: str, value: Decimal | None, decimals: int, least: int, most: int) -> int | None:
        """Return a number in units of its last decimal, when it is exact and in range."""
        if value is None:
            self.refuse(column, "is not a length of time", "write seconds, or hours, minutes and seconds as 01:00:00")
            return None
        if value < 0:
            self.refuse(column, "is negative", "write what it is, or leave it empty when it is not known")
            return None
        if value > LARGEST:  # as a whole number it might fill the memory
            self.refuse(column, "is too large", f"it may be at most {most}")
            return None
        scaled = value.scaleb(decimals)
        if scaled != scaled.to_integral_value():
            allowed = f"more than {decimals} decimals" if decimals else "decimals, and must be a whole number"
            self.refuse(column, f"has {allowed}", "round it as the source does")
            return None
        if not least <= scaled <= most:
            self.refuse(column, "is out of range", f"it must be {least} to {most}{' minor units' if decimals else ''}")
            return None
        return int(scaled)
