"""Whole columns add up to exactly what a loop over single signals finds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signal_oracle import Batch, Oracle, batches

from showfloor.metrics.vocabulary import Kind
from showfloor.session.signals.batch import parse
from showfloor.session.signals.tally import COUNTS, Tally, add_up


def assert_same(tally: Tally, oracle: Oracle) -> None:
    minutes = {}
    for session, minute, channel, *row in tally.minutes:
        minutes |= {(session, minute, channel, kind): n for kind, n in zip(COUNTS, row, strict=False) if n}
        assert row[-2] == oracle.enter_ms[session, minute, channel]
        assert row[-1] == oracle.leave_ms[session, minute, channel]
    assert minutes == dict(oracle.minutes)
    products = {}
    for session, minute, product, channel, impressions, clicks in tally.products:
        for kind, n in ((Kind.PRODUCT_IMPRESSION, impressions), (Kind.PRODUCT_CLICK, clicks)):
            products |= {(session, minute, product, channel, kind): n} if n else {}
    assert products == dict(oracle.products)
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
    tally = add_up([parse(batch.body()) for batch in given_batches])
    assert_same(tally, oracle)
    assert tally.signals == sum(len(batch.signals) for batch in given_batches)


def test_no_batches_add_nothing() -> None:
    assert add_up([]) == Tally()


@pytest.mark.requirement("R125")
def test_a_million_signals_are_counted_to_the_unit() -> None:
    signals = 1_000
    batch = next_batch(signals)
    columns = parse(batch)
    tally = add_up([columns] * 1_000)  # the fold never passes one twice; adding up does not care
    assert sum(sum(row[3:10]) for row in tally.minutes) == 1_000_000
    assert sum(row[4] for row in tally.minutes) == 1_000 * int((columns.kind == Kind.ENTER).sum())


def next_batch(rows: int) -> bytes:
    from signal_oracle import SESSIONS, START_MS, Signal

    made = tuple(Signal(at * 7, 1 + at % 7, at % 9, 1 + at % 3, at % 9) for at in range(rows))
    return Batch(SESSIONS[0], "b", START_MS, made, tuple(range(1, 10)), (0,) * 9, (0,) * 9).body()
