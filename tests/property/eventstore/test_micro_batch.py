"""The micro-batch delay is in proportion to the work, within bounds."""

from hypothesis import given
from hypothesis import strategies as st

from showfloor.eventstore.micro_batch import MAX_DELAY, delay_after

SECONDS = st.floats(0, 10)


@given(SECONDS)
def test_the_delay_never_exceeds_its_maximum(took: float) -> None:
    assert delay_after(took) >= 0
    assert took + delay_after(took) <= max(MAX_DELAY, took)


@given(st.floats(0, MAX_DELAY / 3), st.floats(0, MAX_DELAY / 3))
def test_a_quick_round_has_a_shorter_delay_than_a_slow_one(one: float, other: float) -> None:
    quick, slow = sorted((one, other))
    assert delay_after(quick) <= delay_after(slow)


def test_a_loop_that_did_nothing_does_not_wait() -> None:
    assert delay_after(0.0) == 0.0
