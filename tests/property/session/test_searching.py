"""The index leaves out no row that a search finds."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from showfloor.kernel.fold import LONGEST
from showfloor.session.catalogue.domain.searching import MOST_ASKED, asked_grams, grams, holds, search_key

SHOP, OTHER = UUID(int=1), UUID(int=2)
TEXTS = st.text(max_size=20) | st.text(alphabet="ab İıß配信กำ", max_size=60)


@given(TEXTS, TEXTS, TEXTS)
def test_what_is_found_has_all_the_numbers_that_are_asked_for(before: str, query: str, after: str) -> None:
    title = f"{before} {query} {after}"
    key, asked = search_key(title, "home"), asked_grams(SHOP, query)
    assert len(key) <= 2 * LONGEST + 1
    assert asked is None or 0 < len(asked) <= MOST_ASKED
    if holds(query, title, "home"):
        assert set(asked or []) <= set(grams(SHOP, key))
    assert all(-(2**31) <= one < 2**31 for one in grams(SHOP, key))


def test_the_numbers_of_two_shops_are_others() -> None:
    assert not set(grams(SHOP, "spring sale")) & set(grams(OTHER, "spring sale"))
