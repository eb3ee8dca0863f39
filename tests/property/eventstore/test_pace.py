"""A loop rests in proportion to its work, within bounds."""

from hypothesis import given
from hypothesis import strategies as st

from showfloor.eventstore.pace import MOST, rest

SECONDS = st.floats(0, 10)


@given(SECONDS)
def test_a_rest_never_makes_a_round_later_than_the_most_that_gathering_is_worth(took: float) -> None:
    assert rest(took) >= 0
    assert took + rest(took) <= max(MOST, took)


@given(st.floats(0, MOST / 3), st.floats(0, MOST / 3))
def test_a_quick_round_is_followed_by_a_shorter_rest_than_one_that_has_more_to_do(one: float, other: float) -> None:
    quick, slow = sorted((one, other))
    assert rest(quick) <= rest(slow)


def test_a_loop_that_did_nothing_does_not_rest() -> None:
    assert rest(0.0) == 0.0
