"""Simulated shapes add up to the real totals, whatever they are."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from showfloor.cli import shapes


@st.composite
def totals(draw: st.DrawFn) -> shapes.Totals:
    duration_ms = draw(st.integers(1, 1200)) * 1000
    return shapes.Totals(
        duration_ms=duration_ms,
        views=draw(st.integers(0, 3000)),
        average_stay_ms=draw(st.integers(0, 300)) * 1000,
        likes=draw(st.integers(0, 3000)),
        units=draw(st.integers(0, 300)),
        gmv=draw(st.integers(0, 10_000_000)),
    )


@given(totals(), st.integers(1, 50), st.integers(0, 2**32 - 1))
def test_counts_are_the_totals_and_nothing_lies_outside(total: shapes.Totals, products: int, seed: int) -> None:
    streams = shapes.streams(total, products, np.random.default_rng(seed))
    counts = {stream.kind: len(stream.at) for stream in streams}
    assert counts.get(shapes.ENTER, 0) == counts.get(shapes.LEAVE, 0) == total.views
    assert counts.get(shapes.LIKE, 0) == total.likes
    for stream in streams:
        assert (np.diff(stream.at) >= 0).all()
        assert stream.at[0] >= 0
        assert stream.at[-1] <= total.duration_ms


@given(totals(), st.integers(0, 2**32 - 1))
def test_stays_add_up_to_views_times_average_stay(total: shapes.Totals, seed: int) -> None:
    rng = np.random.default_rng(seed)
    enters = shapes.arrivals(total.views, total.duration_ms, rng)
    leaves = shapes.departures(enters, total, rng)
    fits = int((total.duration_ms - enters).sum())
    assert (leaves >= enters).all()
    assert int((leaves - enters).sum()) == min(total.views * total.average_stay_ms, fits)


@settings(max_examples=30)  # each makes thousands of signals
@given(totals(), st.integers(1, 50), st.integers(0, 2**32 - 1), st.integers(50, 5000))
def test_windows_hold_every_signal_once(total: shapes.Totals, products: int, seed: int, rows: int) -> None:
    streams = shapes.streams(total, products, np.random.default_rng(seed))
    if not streams:
        return
    seen = 0
    for start, end in shapes.batches(streams, total.duration_ms, rows):
        for columns in shapes.columns(streams, start, end, seed=1):
            seen += len(columns["kind"])
            assert (columns["offset_ms"] >= 0).all()
            assert (columns["offset_ms"] < end - start).all()
            assert columns["viewer"].max() < len(columns["viewers"])
            assert columns["product"].max() <= products
            assert set(np.unique(columns["channel"])) <= set(range(1, 9))
    assert seen == sum(len(stream.at) for stream in streams)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60), st.integers(0, 10**10), st.integers(0, 2**32 - 1))
def test_prices_give_the_gmv_to_the_unit(units: list[int], gmv: int, seed: int) -> None:
    sold = np.array(units, dtype=np.int64)
    price, left = shapes.prices(sold, gmv, np.random.default_rng(seed))
    if sold.sum():
        assert 0 <= left < sold.sum()
        assert int((price * sold).sum()) + left == gmv
