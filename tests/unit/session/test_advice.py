"""A verdict is given where the numbers exclude "no difference", and nowhere else."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showfloor.session.analytics.domain.advice import Counts, Quadrant, change, difference, share, verdicts

BEST, OTHER, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)


def counts(impressions: float, clicks: float, orders: float, gmv: float = 0.0) -> Counts:
    return Counts(impressions=impressions, clicks=clicks, orders=orders, gmv=gmv)


def test_intervals_of_known_cases() -> None:
    # Wilson at 99 % for 15 of 148 and Newcombe at 95 % for 56/70 - 48/80 (his Table II: 0.0524 to 0.3339).
    found = share(15, 148)
    assert (round(found.low, 3), round(found.high, 3)) == (0.054, 0.183)
    wide = difference(56, 70, 48, 80)
    assert wide.low < 0.0524 < 0.3339 < wide.high


@pytest.mark.requirement("R134", "R135")
@pytest.mark.parametrize(
    ("product", "verdict"),
    [
        (counts(1_000, 300, 90), Quadrant.STAR),
        (counts(1_000, 300, 6), Quadrant.EXPLAIN),
        (counts(4_000, 200, 60), Quadrant.SHOW),
        (counts(4_000, 200, 2), Quadrant.REPLACE),
        (counts(1_000, 100, 10), Quadrant.UNKNOWN),
        (counts(0, 0, 0), Quadrant.UNKNOWN),
        (counts(10, 2, 1), Quadrant.UNKNOWN),
    ],
)
def test_a_product_against_all_others(product: Counts, verdict: Quadrant) -> None:
    rest = {OTHER: counts(5_000, 500, 50), THIRD: counts(5_000, 500, 50)}
    assert verdicts({BEST: product, **rest})[BEST] is verdict


@pytest.mark.requirement("R134")
def test_two_points_of_ctr_are_no_verdict_on_the_best_seller() -> None:
    found = verdicts(
        {
            BEST: counts(1_900, 202, 40, gmv=330_000),
            OTHER: counts(1_700, 215, 45, gmv=400_000),
            THIRD: counts(1_500, 190, 44, gmv=270_000),
        }
    )
    assert set(found.values()) == {Quadrant.UNKNOWN}


def test_a_product_that_earns_much_is_never_called_weak() -> None:
    weak = counts(9_000, 400, 20, gmv=330_000)
    rest = {OTHER: counts(9_000, 900, 200, gmv=670_000)}
    assert verdicts({BEST: weak, **rest})[BEST] is Quadrant.UNKNOWN
    assert verdicts({BEST: counts(9_000, 400, 20, gmv=30_000), **rest})[BEST] is Quadrant.REPLACE


def test_alone_no_product_has_a_verdict() -> None:
    assert verdicts({BEST: counts(1_000, 500, 400)}) == {BEST: Quadrant.UNKNOWN}


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_an_interval_holds_what_was_seen_and_stays_inside(hits: int, trials: int) -> None:
    found = share(hits, trials)
    assert 0 <= found.low <= min(hits, trials) / trials + 1e-9
    assert min(hits, trials) / trials - 1e-9 <= found.high <= 1


@given(st.integers(0, 2_000), st.integers(1, 2_000), st.integers(0, 2_000), st.integers(1, 2_000))
def test_a_difference_turns_its_sign_when_the_sides_change(a: int, n: int, b: int, m: int) -> None:
    one, other = difference(a, n, b, m), difference(b, m, a, n)
    assert one.low == pytest.approx(-other.high) and one.high == pytest.approx(-other.low)


@given(st.integers(0, 5_000))
def test_as_many_as_before_is_never_a_change(count: int) -> None:
    found = change(count, count)
    assert not found.below(0.5) and not found.above(0.5)
