"""Folds texts for searching: both the text that is kept and the one that is asked for.

* Form NFKC without case, as Unicode's `NFKC_Casefold`. What nobody sees is left out, as joiners and soft hyphens are.
* Marks go where a script adds them to a letter: Latin with Vietnamese, Greek, Cyrillic, Arabic (its vowel marks),
  Hebrew (its points). They stay in every other script, where they are vowels, tones or other letters. `й` is no `и`,
  and of Arabic the hamza on waw and yeh stays. Source: the first level of the root collation of Unicode CLDR, which
  tells й from и, and takes ё for е; for Arabic Lucene's ArabicNormalizer and PersianNormalizer, made for searching.
* Letters that have no mark to take off become plain ones by `_LETTERS`. Source: CLDR's first level (đ, ø, ł, æ, œ, ħ
  and ð) and its transform Latin-ASCII (þ, ŧ, ŋ, quotes, dashes), and ı as i, because I and İ fold to i.
* Digits of all scripts are ASCII digits. Runs of white space are one space, none at the ends.
"""

import functools
import unicodedata

import regex  # of this package alone, as in `text`

_TURNS = 4  # what a first turn puts side by side may be one character for a second; two have been enough so far
LONGEST = 1_000  # no folded text is longer: NFKC makes up to 18 characters of one

_UNSEEN = regex.compile(r"[\p{DI}\u061C\u0640\uFFF9-\uFFFB]+")  # the Arabic stretch of a word, U+0640, says nothing
_MARKED = regex.compile(r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}]")
_MARK = regex.compile(r"\p{M}")
_WHOLE = frozenset("йؤئ")  # letters of their own, though Unicode writes them as a letter and a mark
_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th", "ŧ": "t",
    "ŋ": "n",
    "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه",
    "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "‐": "-", "–": "-", "—": "-", "−": "-",
}  # fmt: skip


def fold(text: str) -> str:
    """Return what is compared of a text. Two spellings of one text give one; what is folded is not changed again."""
    if text.isascii():
        return _spaced(text.lower())[:LONGEST].rstrip()
    folded = text[:LONGEST]
    for _ in range(_TURNS):
        before, folded = folded, _folded(folded)
        if folded == before:
            break
    return folded


def _folded(text: str) -> str:
    seen = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    caseless = unicodedata.normalize("NFKC", seen.casefold())
    letters: list[str] = []
    marked = False  # whether marks at this place are left out
    for character in caseless:
        if character.isascii():
            marked = character.isalpha()
            letters.append(character)
            continue
        if _is_mark(character):
            if not marked:
                letters.append(character)
            continue
        marked = _takes_marks(character)
        letters.append(_plain(character) if marked or not character.isalpha() else character)
    return _spaced(unicodedata.normalize("NFC", "".join(letters)))[:LONGEST].rstrip()


@functools.lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    """Return a letter without marks, by the table, or the ASCII digit."""
    if character in _WHOLE:
        return character
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    base = _MARK.sub("", unicodedata.normalize("NFD", character)) or character
    return "".join(_LETTERS.get(one, one) for one in base)


@functools.lru_cache(maxsize=8192)
def _takes_marks(character: str) -> bool:
    return _MARKED.match(character) is not None


@functools.lru_cache(maxsize=8192)
def _is_mark(character: str) -> bool:
    return _MARK.match(character) is not None


def _spaced(text: str) -> str:
    return " ".join(text.split())
