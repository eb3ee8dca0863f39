"""Numbers as people write them: decimal dots and commas, thousands, currency signs, digits of any script.

The rule, as docs/formats.md states it:

* A column writes its decimals with a dot or with a comma. One cell that can be read in one way only, such as `19,90`,
  `1.299,00` or `1,299,000`, says which; when no cell of the column does, the other number columns of the file say it.
* The other mark, a space or an apostrophe may stand between groups of digits: thousands, or lakhs as in `1,29,900`.
* `1,299` in a file that nowhere says which mark it uses is refused, because it is 1299 or 1.299.
* Digits of any one script are digits.
* Exponents are refused: a spreadsheet has rounded the number.
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

Mark = Literal[".", ","] | None
MARKS: tuple[Literal["."], Literal[","]] = (".", ",")

MISSING = frozenset({"", "-", "–", "—", "n/a", "na", "#n/a", "nan", "null", "none"})
LONGEST = 60  # code points of a number or a time: what reads them may take quadratic time
DIGITS = 15  # that a spreadsheet keeps

_SPACES = "\u0020\u00a0\u2009\u202f\u2007'\u2019\u066c"  # between groups of digits, of no other meaning
_PLAIN = {"\u066b": ".", "\uff0e": ".", "\uff0c": ",", "\u2212": "-", "\uff0d": "-", "\uff0b": "+"}
_EXPONENT = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE | re.ASCII)
_WRITTEN = re.compile(r"(?P<before>[^\d.,]*)(?P<body>[\d.,](?:[\d.,_]*[\d.,])?)(?P<after>[^\d]*)", re.ASCII)
_BY = {
    group: re.compile(rf"[1-9]\d{{0,2}}(?:{group}\d{{2,3}})*{group}\d{{3}}", re.ASCII) for group in (r"\.", ",", "_")
}
_NO_NUMBER = ("is not a number", "write digits, such as 1299.50")
_WORD = {".": "dot", ",": "comma"}
_GROUPED = {".": (_BY[","], _BY["_"]), ",": (_BY[r"\."], _BY["_"])}


class PlainNumber(str):
    """A number that a spreadsheet holds as one: digits and a decimal dot, whatever the other cells look like."""

    __slots__ = ()


class BadCell(ValueError):
    """A cell is not what it should be, or can be read in two ways. `problem` and `mend` are for people."""

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(f"{problem}; {mend}")
        self.problem, self.mend = problem, mend


def is_missing(value: str) -> bool:
    """Return whether a cell says that its number is not known."""
    return value.strip().casefold() in MISSING


def is_rounded(value: str) -> bool:
    """Return whether a spreadsheet has kept some digits of a long number only: `1.23457E+18`, or 15 and zeros."""
    return _EXPONENT.fullmatch(value) is not None or (isinstance(value, PlainNumber) and len(value) > DIGITS)


def mark_of(values: Iterable[str]) -> tuple[bool, bool]:
    """Return whether cells prove a decimal dot, and whether they prove a decimal comma."""
    proofs = {_proof(value) for value in values if not isinstance(value, PlainNumber)}
    return "." in proofs, "," in proofs


def number(value: str, mark: Mark, decimals: int = 0) -> tuple[Decimal, str]:
    """Return the number in a cell, and what stands around it, such as a currency sign. Raises BadCell.

    `mark` is the column's decimal mark, None when nothing says which. `decimals` is how many the unit has: where it is
    three, as in KWD, `1.255` needs no other cell to be what the format says.
    """
    if isinstance(value, PlainNumber):
        return Decimal(value), ""
    body, around, negative = _taken_apart(value)
    proof, ambiguous = _read(body)
    if ambiguous and mark is None and not (decimals == 3 and "." in body):
        digits = body.replace(".", "").replace(",", "")
        raise BadCell("can be read in two ways", f"write {digits} if its mark parts thousands, else other decimals")
    if proof and mark and proof != mark:
        said = f"has a decimal {_WORD[proof]}, and other cells have a decimal {_WORD[mark]}"
        raise BadCell(said, "write all numbers of the column in one way")
    parts = _parts(body, mark or proof or ".")
    if parts is None:
        raise BadCell(*_NO_NUMBER)
    amount = Decimal(f"{parts[0] or '0'}.{parts[1] or '0'}")
    return -amount if negative else amount, around


def _taken_apart(value: str) -> tuple[str, str, bool]:
    """Return a cell's number in ASCII, "_" for spaces in it, what stands around it, whether it is negative.

    Raises BadCell when there is no number in it.
    """
    text = ascii_digits(value) or ""
    found = _WRITTEN.fullmatch(re.sub(rf"(?<=\d)[{_SPACES}](?=\d)", "_", text, flags=re.ASCII))
    if found is None or not any(c.isdecimal() for c in found["body"]):
        raise BadCell(*_NO_NUMBER)
    before, after = found["before"].strip(), found["after"].strip()
    around = before + after
    negative = (before.startswith("(") and after.endswith(")")) or "-" in around
    for sign in "()-+":
        around = around.replace(sign, "", 1)
    if any(c in around for c in "()-+"):
        raise BadCell(*_NO_NUMBER)
    return found["body"], around.strip(), negative


def ascii_digits(value: str) -> str | None:
    """Return a cell with its digits, marks and minus in ASCII; None when it is too long, or of two scripts."""
    if len(value) > LONGEST:
        return None
    zeros: set[int] = set()
    result = []
    for character in value.strip():
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            zeros.add(ord(character) - digit)
            result.append(str(digit))
        else:
            result.append(_PLAIN.get(character, character))
    return "".join(result) if len(zeros) <= 1 else None


def _proof(value: str) -> Mark:
    """Return the decimal mark that a cell proves, None when it proves none."""
    try:
        return _read(_taken_apart(value)[0])[0]
    except BadCell:
        return None


def _read(body: str) -> tuple[Mark, bool]:
    """Return which mark must be the decimal one, None when there is none, and whether a mark may be either."""
    if "." not in body and "," not in body:
        return None, False
    possible = [mark for mark in MARKS if _parts(body, mark)]
    return (possible[0] if len(possible) == 1 else None), len(possible) == 2


def _parts(body: str, decimal: str) -> tuple[str, str] | None:
    """Return the digits before and after a decimal mark, when the number is well formed with that mark."""
    whole, point, fraction = body.partition(decimal)
    if point and not fraction.isdecimal():
        return None
    if whole and not whole.isdecimal() and not any(form.fullmatch(whole) for form in _GROUPED[decimal]):
        return None
    return re.sub(r"[.,_]", "", whole), fraction
