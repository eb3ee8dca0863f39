"""Validates and normalises what people write: names, titles, references, comments, scripts.

The console mirrors it in `src/lib/text.ts`; both pass `tests/conformance/text/cases.json`.

* A *line* is a name, a title or a reference: one line that others read beside other text. *Lines* are a comment or a
  script: they may hold line breaks and tabs.
* Control characters, halves of surrogate pairs and noncharacters are refused everywhere. A line holds no control of the
  writing direction either (U+202A to U+202E, U+2066 to U+2069), because it would turn round the text beside it. The two
  marks of direction, U+200E and U+200F, have no such reach and are accepted.
* Nothing is taken out of a text, except white space at the ends of a line.
* Texts are compared and kept in Unicode form NFC: what is equal after NFC is one name.
* Lengths count grapheme clusters: what people see as one character. The number of code points is bounded as well.
* A text that must hold something holds something visible.
"""

import unicodedata

import regex  # one maintainer, since 2010: only this module and `fold` import it

CODE_POINTS = 4  # at most so many code points for each character that a text may have
MARKS = 30  # combining marks in a row, as in the Stream-Safe Text Format (UAX 15): NFC sorts them in quadratic time

_SPACES = "".join(["\t\n\r \u00a0\u1680", *map(chr, range(0x2000, 0x200B)), "\u2028\u2029\u202f\u205f\u3000"])
_VISIBLE = regex.compile(r"[^\p{Z}\p{Cc}\p{Cf}\p{DI}\u2800\U0001D159]")  # braille blank, the null note: blank signs
_BROKEN = regex.compile(r"[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}--[\t\n]]", regex.V1)
_BROKEN_LINE = regex.compile(r"[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]")
_MARKS = regex.compile(rf"\p{{M}}{{{MARKS + 1}}}")
# A flag by itself: at each letter of a row of flags, `\X` counts all the letters before it.
_CLUSTER = regex.compile(r"\p{RI}\p{RI}[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]*|\X")


class BadText(ValueError):
    """A text breaks the rule. `problem` says what is wrong after the name of the field, `mend` says the way out."""

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(f"{problem}: {mend}")
        self.problem = problem
        self.mend = mend


def line(value: str, minimum: int = 0, maximum: int = 1000) -> str:
    """Return a name, title or reference, trimmed and in form NFC, of so many characters. Raises BadText."""
    return _checked(trimmed(value), minimum, maximum, lines=False)


def lines(value: str, minimum: int = 0, maximum: int = 1000) -> str:
    """Return a comment or script in form NFC with "\\n" line ends, of so many characters. Raises BadText."""
    return _checked(value.replace("\r\n", "\n"), minimum, maximum, lines=True)


def normal(value: str) -> str:
    """Return the form in which two texts are compared. Of a text that `line` or `lines` accepted it is the text."""
    return unicodedata.normalize("NFC", value)


def trimmed(value: str) -> str:
    """Return a text without white space at its ends. It leaves controls, so that they are refused."""
    return value.strip(_SPACES)


def length(value: str) -> int:
    """Return how many characters people see: the number of grapheme clusters."""
    return len(value) if value.isascii() and "\r" not in value else len(_CLUSTER.findall(value))


def cut(value: str, most: int) -> str:
    """Return the first `most` characters, as people see them, within the bound on code points."""
    kept, size = 0, 0
    for found in _CLUSTER.finditer(value):
        if kept == most or found.end() > most * CODE_POINTS:
            break
        kept, size = kept + 1, found.end()
    return value[:size]


def visible(value: str) -> bool:
    """Return whether anything of the text can be seen: more than spaces, joiners, fillers and format characters."""
    return _VISIBLE.search(value) is not None


def _checked(value: str, minimum: int, maximum: int, lines: bool) -> str:
    """Return the clean text. What bounds the work of the other steps is looked at first."""
    if len(value) > 4 * CODE_POINTS * maximum + 64:  # NFC makes a text shorter by less than that
        raise _too_long(minimum, maximum)
    if broken := (_BROKEN if lines else _BROKEN_LINE).search(value):
        raise BadText(f"must not hold {_named(broken[0])}", f"take out character {broken.start() + 1}")
    clean = "" if _MARKS.search(value) else normal(value)
    if _MARKS.search(clean) or (value and not clean):
        raise BadText(f"must not hold more than {MARKS} combining marks in a row", "leave out the others")
    if len(clean) > maximum * CODE_POINTS or (len(clean) > maximum and length(clean) > maximum):
        raise _too_long(minimum, maximum)
    if minimum and clean and not visible(clean):
        raise BadText("must hold something visible", "it has only spaces and characters that nobody sees")
    if len(clean) < minimum or (minimum > 1 and length(clean) < minimum):
        raise BadText(_range(minimum, maximum), "write more" if clean else "it is empty")
    return clean


def _too_long(minimum: int, maximum: int) -> BadText:
    return BadText(_range(minimum, maximum), f"shorten it, also below {maximum * CODE_POINTS} code points")


def _range(minimum: int, maximum: int) -> str:
    return f"must be {minimum} to {maximum} characters"


def _named(character: str) -> str:
    """Return a character in words: those that are refused cannot be shown."""
    code = f"U+{ord(character):04X}"
    kind = unicodedata.category(character)
    if character in "\n\r\t\u2028\u2029":
        return f"line breaks or tabs ({code})"
    if kind == "Cf":
        return f"controls of the writing direction ({code})"
    return f"control characters ({code})" if kind == "Cc" else f"broken Unicode ({code})"
