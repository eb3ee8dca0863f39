"""Whole columns add up to exactly what a loop over single signals finds."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signal_oracle import Batch, Oracle, batches

from showfloor.metrics.vocabulary import Kind
from showfloor.session.signals.domain.tally import COUNTS, Tally, add_up, gather
from showfloor.session.signals.edges.batch import parse


def assert_same(tally: Tally, oracle: Oracle) -> None:
    minutes: Counter[tuple[object, ...]] = Counter()
    for session, minute, channel, *row in tally.minutes:
        for kind, n in zip(COUNTS, row, strict=True):
            minutes[
                session, minute, -1 if kind in (Kind.PRODUCT_IMPRESSION, Kind.PRODUCT_CLICK) else channel, kind
            ] += n
    assert +minutes == oracle.minutes
    products: Counter[tuple[object, ...]] = Counter()
    for session, minute, product, _channel, impressions, clicks in tally.products:
        products[session, minute, product, Kind.PRODUCT_IMPRESSION] += impressions
        products[session, minute, product, Kind.PRODUCT_CLICK] += clicks
    assert +products == oracle.products
    found = {(session, int(scope), key): values.tolist() for (session, scope, key), values in tally.viewers.items()}
    assert found == {key: sorted(viewers) for key, viewers in oracle.viewers.items()}
    assert tally.newest == oracle.newest


@settings(deadline=None)  # a busy machine is no defect
@given(st.lists(batches(), min_size=1, max_size=6, unique_by=lambda batch: batch.name), st.randoms())
def test_columns_add_up_to_what_single_signals_do(given_batches: list[Batch], random: object) -> None:
    oracle = Oracle()
    for batch in given_batches:
        oracle.add(batch)
    random.shuffle(given_batches)  # type: ignore[attr-defined]
    tally = add_up(gather([parse(batch.body()) for batch in given_batches]))
    assert_same(tally, oracle)
    assert tally.signals == sum(len(batch.signals) for batch in given_batches)


def test_no_batches_add_nothing() -> None:
    assert add_up(gather([])) == Tally()


@pytest.mark.requirement("R125")
def test_a_million_signals_are_counted_to_the_unit() -> None:
    signals = 1_000
    batch = next_batch(signals)
    columns = parse(batch)
    tally = add_up(gather([columns] * 1_000))  # the fold never passes one twice; adding up does not care
    assert sum(row[9] for row in tally.minutes) == 1_000 * int((columns.kind == Kind.SHARE).sum())
    assert sum(row[4] for row in tally.minutes) == 1_000 * int((columns.kind == Kind.ENTER).sum())


def next_batch(rows: int) -> bytes:
    from signal_oracle import SESSIONS, START_MS, Signal

    made = tuple(Signal(at * 7, 1 + at % 7, at % 9, 1 + at % 3, at % 9) for at in range(rows))
    return Batch(SESSIONS[0], "b", START_MS, made, tuple(range(1, 10)), (0,) * 9, (0,) * 9).body()
