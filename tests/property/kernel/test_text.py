"""The rule for texts, over Unicode of every category."""

import contextlib
import unicodedata

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from showfloor.kernel import text

CATEGORIES = (
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
    "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
)  # fmt: skip
REFUSED = {"Cc", "Cs"}
DIRECTION = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
anything = st.text(st.sampled_from(CATEGORIES).flatmap(lambda kind: st.characters(categories=(kind,))), max_size=40)
joined = st.lists(
    st.sampled_from(["👩", "\u200d", "🍳", "\ufe0f", "می", "\u200c", "\u00ad", "e", "\u0301", "🏴", "\U000e0067"])
)


def accepted(check, value: str) -> str | None:
    try:
        return check(value, 1, 60)
    except text.BadText as bad:
        assert bad.problem.startswith("must ") and bad.mend
        return None


def noncharacter(c: str) -> bool:
    return 0xFDD0 <= ord(c) <= 0xFDEF or ord(c) & 0xFFFE == 0xFFFE


@pytest.mark.parametrize("check", [text.line, text.lines])
@given(value=anything)
@example(value="\u0344" * 16)
@example(value="\x1fAna")
def test_what_is_accepted_is_clean_and_stays_as_it_is(check, value):
    clean = accepted(check, value)
    if clean is not None:
        assert unicodedata.is_normalized("NFC", clean) and text.visible(clean) and 1 <= text.length(clean) <= 60
        assert len(clean) <= 60 * text.CODE_POINTS
        assert accepted(check, clean) == clean
        assert not any(unicodedata.category(c) in REFUSED or noncharacter(c) for c in clean if c not in "\n\t")
        assert check is text.lines or not any(ord(c) in DIRECTION or c in "\n\t\u2028\u2029" for c in clean)


@given(st.sampled_from(CATEGORIES).flatmap(lambda kind: st.characters(categories=(kind,))))
def test_each_character_beside_a_letter_is_kept_or_refused(character):
    value = f"a{character}b"
    wrong = unicodedata.category(character) in (*REFUSED, "Zl", "Zp") or noncharacter(character)
    if wrong or ord(character) in DIRECTION:
        assert accepted(text.line, value) is None
    else:
        assert accepted(text.line, value) == unicodedata.normalize("NFC", value)


@given(joined.map("".join))
def test_nothing_is_taken_out_of_a_text(value):
    assert accepted(text.lines, f"x{value}") == unicodedata.normalize("NFC", f"x{value}") or text.length(value) > 59


@given(anything, st.sampled_from(["NFC", "NFD"]))
def test_texts_that_are_equal_after_nfc_are_one(value, form):
    other = unicodedata.normalize(form, value)
    one, two = accepted(text.line, value), accepted(text.line, other)
    assert one == two or one is None or two is None  # the longer form may pass a bound


@given(joined.map("".join))
@example("🇻🇩🇻\u0301🇩🇻")
def test_a_length_is_the_number_of_grapheme_clusters(value):
    assert text.length(value) == len(regex.findall(r"\X", value))


@given(anything, st.integers(0, 20))
def test_a_cut_keeps_whole_characters(value, most):
    kept = text.cut(value, most)
    assert value.startswith(kept) and text.length(kept) <= most and len(kept) <= most * text.CODE_POINTS
    if text.length(value) <= most and len(value) <= most * text.CODE_POINTS:
        assert kept == value


@pytest.mark.parametrize("end", ["", "x"])
@pytest.mark.parametrize("unit", ["\u0301\u0327", " ", "👩\u200d", "\u200d", "🇻🇳", "\u1100", "\U000e0067"])
def test_no_text_takes_long(unit, end):
    """A step that is not linear takes longer than a test may: NFC sorts marks, `\\X` counts back through flags."""
    value = "a" + unit * (800_000 // len(unit)) + end
    for check in (text.line, text.lines):
        with contextlib.suppress(text.BadText):
            check(value, 1, 200_000)
    assert value.startswith(text.cut(value, 200_000))
