"""Whatever people write, one text has one folded form."""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from showfloor.kernel.fold import LONGEST, fold

_SCRIPTS = [
    "aßıİđøæéǆŉ",
    "ςΣάᾳΐ",
    "йЙёґ",
    "أئىیکةـَ",
    "שָׁ",
    "กำ้ิ",
    "हिक़्",
    "ガｶﾞ゙",
    "한ᄒ",
    "\u0301\u0345\u0308\u0306\u0654",
    "\u200d\u00ad\ufe0f ",
]
TEXTS = st.text(max_size=40) | st.text(alphabet="".join(_SCRIPTS), max_size=40)


@given(TEXTS)
@example("\u0438\u0323\u0306")
@example("\u0649\u0654")
@example("e\u00ad\u0301")
def test_what_is_folded_is_not_changed_again(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
@example("\u0345\u094d")
def test_spellings_of_one_text_fold_alike(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert fold(unicodedata.normalize(form, text)) == fold(text)  # type: ignore[arg-type]
    # U+0345 turns into a letter without case: Unicode folds only what its marks have been put in order for (D145).
    # Marks of other scripts that are kept (classes 7 to 9) would come to stand after that letter.
    decomposed = unicodedata.normalize("NFD", text)
    if "\u0345" in decomposed and any(unicodedata.combining(one) in (7, 8, 9) for one in decomposed):
        return
    assert fold(unicodedata.normalize("NFD", text).casefold()) == fold(text)


@given(st.text(max_size=1_200))
def test_what_is_folded_is_short_and_has_plain_spaces(text: str) -> None:
    folded = fold(text)
    assert len(folded) <= LONGEST
    assert folded == " ".join(folded.split())


@given(st.text(alphabet="กขคงิีึืุู็่้๊๋ำเแโใไ", max_size=30))
def test_no_vowel_or_tone_of_thai_is_lost(text: str) -> None:
    assert fold(text) == unicodedata.normalize("NFKC", text)
