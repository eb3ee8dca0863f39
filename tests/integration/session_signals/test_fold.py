"""The fold on a real PostgreSQL: pages in any cut, sent again, killed in between, equal the plain count."""

import asyncio
import random
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from folding import Stream, assert_rollups, signal_stream, some_batches, stream_of
from signal_oracle import SESSIONS, START_MS, Batch, Oracle, Signal

from showfloor.api.session.v1.signal_service_pb2 import SignalBatch
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.query import Database
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.messaging.signals import STREAM, SignalStream
from showfloor.metrics.vocabulary import Kind
from showfloor.session.service import MIGRATIONS
from showfloor.session.signals.domain.columns import Columns
from showfloor.session.signals.domain.tally import Gathered, gather
from showfloor.session.signals.edges import folding
from showfloor.session.signals.edges.fold import Fold
from showfloor.session.signals.edges.folding import settling
from showfloor.session.signals.views import rollups
from showfloor.testing.memory_bus import MemoryBus
from showfloor.testing.waiting import eventually


@pytest.mark.parametrize("seed", range(4))
async def test_duplicates_order_and_restarts_count_nothing_twice(db: Database, seed: int) -> None:
    rng = random.Random(seed)
    made = some_batches(seed, 12)
    sent = made + rng.sample(made, 5)
    rng.shuffle(sent)
    oracle = Oracle()
    for batch in sent:
        oracle.add(batch)
    stream, at, fold = stream_of(sent), 0, Fold(signal_stream(), db)
    while at < len(sent):
        start = max(0, at - rng.randint(0, 3))  # a page that did not see its answer comes again
        at = min(len(sent), at + rng.randint(1, 5))
        if rng.random() < 0.5:
            fold = Fold(signal_stream(), db)  # restarted
        await fold.fold(stream.page(start, at))
    await assert_rollups(db, oracle)


async def test_a_stream_made_anew_counts_no_batch_twice(db: Database) -> None:
    made = some_batches(11, 6)
    oracle = Oracle()
    for batch in made:
        oracle.add(batch)
    await Fold(signal_stream(), db).fold(stream_of(made[:4]).page(0, 4))
    later = datetime(2026, 2, 2, tzinfo=UTC)
    await Fold(signal_stream(), db).fold(stream_of(made[2:], later).page(0, 4))
    await assert_rollups(db, oracle)


async def test_a_page_that_fails_half_way_leaves_nothing(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made = some_batches(3, 4)
    fold = Fold(signal_stream(), db)
    stream = stream_of(made)
    broken = rollups.store_positions
    monkeypatch.setattr(rollups, "store_positions", lambda marks: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await fold.fold(stream.page(0, 4))
    assert await db.fetch("SELECT * FROM signals.minute") == []
    monkeypatch.setattr(rollups, "store_positions", broken)
    await fold.fold(stream.page(0, 4))
    oracle = Oracle()
    for batch in made:
        oracle.add(batch)
    await assert_rollups(db, oracle)


async def test_what_no_fold_can_read_is_set_aside(db: Database) -> None:
    made = some_batches(5, 2)
    bodies = [made[0].body(), b"\xff\xffnonsense", made[1].body()]
    stream = Stream(bodies, [made[0].session, SESSIONS[0], made[1].session])
    fold = Fold(signal_stream(), db)
    await fold.fold(stream.page(0, 3))
    await Fold(signal_stream(), db).fold(stream.page(1, 2))
    oracle = Oracle()
    for batch in made:
        oracle.add(batch)
    await assert_rollups(db, oracle)
    aside = await db.fetch("SELECT sequence, body FROM signals.unreadable")
    assert aside == [{"sequence": 2, "body": b"\xff\xffnonsense"}]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", b"\x00"), ("kind", b"\x09"), ("channel", b"\x09"), ("viewer", b"\xff\xff"), ("product", b"\xff\xff"),
        ("viewer_traits", b"\xff"), ("viewer_region", b"\xff\xff"),
    ],
)  # fmt: skip
async def test_a_batch_with_an_impossible_value_holds_up_nobody(db: Database, column: str, value: bytes) -> None:
    made = some_batches(5, 3)
    damaged = SignalBatch.FromString(made[1].body())
    size = {"viewer_traits": len(damaged.viewers) // 8, "viewer_region": len(damaged.viewers) // 8}
    setattr(damaged, column, value * size.get(column, len(damaged.kind)))
    bodies = [made[0].body(), damaged.SerializeToString(), made[2].body()]
    await Fold(signal_stream(), db).fold(Stream(bodies, [batch.session for batch in made]).page(0, 3))
    oracle = Oracle()
    oracle.add(made[0])
    oracle.add(made[2])
    await assert_rollups(db, oracle)
    aside = await db.fetch("SELECT sequence, error FROM signals.unreadable")
    assert [row["sequence"] for row in aside] == [2]
    assert column in aside[0]["error"]


async def test_a_batch_that_a_defect_meets_holds_up_nobody(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made = some_batches(23, 6)
    oracle = Oracle()
    for at, batch in enumerate(made):
        if at != 2:
            oracle.add(batch)

    def add(batches: list[Columns]) -> Gathered | None:
        if any(columns.batch_id == made[2].name for columns in batches):
            raise KeyError("no such kind")
        return gather(batches)

    with monkeypatch.context() as patch:
        patch.setattr("showfloor.session.signals.edges.fold.gather", add)
        fold = Fold(signal_stream(), db)
        await fold.fold(stream_of(made).page(0, 6))
    await assert_rollups(db, oracle)
    kept = await db.fetch("SELECT sequence, error, body FROM signals.unreadable")
    assert kept == [{"sequence": 3, "error": "defect: KeyError", "body": made[2].body()}]
    await fold.fold(stream_of(made).page(0, 6))  # it is passed: not tried again by itself
    await assert_rollups(db, oracle)


async def test_signals_are_folded_once_after_a_window_without_writes(private_postgres: Any) -> None:
    """The stream sends the page again and again; nothing is set aside, lost or counted twice."""
    migrate(private_postgres.dsn())
    migrate(private_postgres.dsn(), MIGRATIONS.folder)
    db = Database(private_postgres.dsn())
    await db.open()
    made = some_batches(29, 8)
    oracle, signals = Oracle(), signal_stream()
    for batch in made:
        oracle.add(batch)
    fold = Fold(signals, db)
    await fold.start()
    with private_postgres.read_only():
        for batch in made[:6]:
            await signals.append(str(batch.session), batch.name, batch.body())
        with pytest.raises(Refusal) as refused:
            await Fold(signal_stream(), db).fold(stream_of(made).page(0, 2))
        assert refused.value.kind is RefusalKind.UNAVAILABLE
    with private_postgres.no_idling():
        for batch in made[6:]:
            await signals.append(str(batch.session), batch.name, batch.body())
        await asyncio.sleep(0.3)
    for _ in range(400):
        stored = await db.fetch_one("SELECT count(*) AS n FROM signals.batch")
        if stored == {"n": 8}:
            break
        await asyncio.sleep(0.05)
    await fold.close()
    await assert_rollups(db, oracle)
    assert not await db.fetch("SELECT 1 FROM signals.unreadable")
    await db.close()


async def test_batch_ids_are_forgotten_after_the_lane_has_let_go(db: Database) -> None:
    made = some_batches(7, 3)
    stream = stream_of(made)
    await Fold(signal_stream(), db).fold(stream.page(0, 2))
    async with db.transaction() as connection:
        await connection.execute("UPDATE signals.batch SET folded_at = folded_at - interval '9 days'")
    await Fold(signal_stream(), db).fold(stream.page(2, 3))
    kept = await db.fetch("SELECT batch_id FROM signals.batch")
    assert kept == [{"batch_id": made[2].name}]


async def test_two_folds_at_once_count_once(db: Database) -> None:
    import asyncio

    made = some_batches(6, 10)
    stream = stream_of(made)
    folds = [Fold(signal_stream(), db), Fold(signal_stream(), db)]
    for at in range(0, 10, 2):
        await asyncio.gather(*(fold.fold(stream.page(at, at + 2)) for fold in folds))
    oracle = Oracle()
    for batch in made:
        oracle.add(batch)
    await assert_rollups(db, oracle)


@pytest.mark.requirement("R125")
async def test_large_sets_of_viewers_are_estimated(db: Database) -> None:
    fold, total = Fold(signal_stream(), db), 30_000
    made = [
        Batch(
            SESSIONS[0], f"b{at}", START_MS,
            tuple(Signal(i, Kind.ENTER, i, 0, 1) for i in range(1_000)),
            tuple(range(at * 1_000 + 1, at * 1_000 + 1_001)), (0,) * 1_000, (0,) * 1_000,
        )
        for at in range(total // 1_000)
    ]  # fmt: skip
    stream = stream_of(made)
    for at in range(0, len(made), 7):
        await fold.fold(stream.page(at, min(len(made), at + 7)))
    row = await db.fetch_one("SELECT estimate FROM signals.distinct_viewers WHERE scope = 1")
    assert row is not None and abs(row["estimate"] - total) < 0.07 * total
    sums = await db.fetch_one("SELECT enters FROM signals.session")
    assert sums == {"enters": total}


async def test_the_lane_feeds_the_fold(db: Database) -> None:
    made = some_batches(9, 6)
    bus = MemoryBus()
    signals = SignalStream(bus)
    heard: dict[UUID, datetime] = {}
    fold = Fold(signals, db, heard.update)
    await fold.start()
    oracle = Oracle()
    for batch in made + made[:2]:
        await signals.append(str(batch.session), batch.name, batch.body())
        oracle.add(batch)
    newest = {session: datetime.fromtimestamp(ms / 1000, UTC) for session, ms in oracle.newest.items()}
    await eventually(lambda: heard.keys() == newest.keys())
    await settling(bus, fold)()
    await assert_rollups(db, oracle)
    await fold.close()


async def test_what_another_process_has_folded_and_trimmed_is_settled(db: Database) -> None:
    bus = MemoryBus()
    signals = SignalStream(bus)
    idle, busy = Fold(signals, db), Fold(signals, db)
    await idle.start()
    await idle.close()  # it sees nothing of what comes
    await busy.start()
    made = some_batches(9, 3)
    for batch in made:
        await signals.append(str(batch.session), batch.name, batch.body())
    await settling(bus, busy)()
    await busy.close()
    info = await bus.stream_info(STREAM)
    assert info is not None and await idle.behind(info) == 0
    await bus.trim(STREAM, info.last_sequence)
    await settling(bus, idle)()


async def test_a_stream_made_anew_is_not_settled_by_the_old_one(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    bus, made = MemoryBus(), some_batches(9, 6)
    signals = SignalStream(bus)
    fold = Fold(signals, db)
    await fold.start()
    for batch in made[:4]:
        await signals.append(str(batch.session), batch.name, batch.body())
    await settling(bus, fold)()
    await fold.close()
    await bus.wipe(STREAM)
    await signals.append(str(made[4].session), made[4].name, made[4].body())
    with monkeypatch.context() as patch:
        patch.setattr(folding, "SETTLE_PATIENCE", 0.2)
        with pytest.raises(Refusal, match="not folded yet"):
            await settling(bus, fold)()
    await fold.start()
    await settling(bus, fold)()
    await fold.close()


async def test_a_page_of_the_old_stream_trims_nothing_of_the_new_one(db: Database) -> None:
    bus, made = MemoryBus(), some_batches(9, 6)
    signals = SignalStream(bus)
    old = (await signals.ensure()).created
    await bus.wipe(STREAM)
    for batch in made[4:]:
        await signals.append(str(batch.session), batch.name, batch.body())
    await Fold(signals, db).fold(stream_of(made[:4], old).page(0, 4))  # held up while the database was away
    info = await bus.stream_info(STREAM)
    assert info is not None and info.messages == 2
