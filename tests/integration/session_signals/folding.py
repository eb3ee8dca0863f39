"""Pages of a stream to fold, and what the rollups must be after them."""

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

import room_oracle
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from signal_oracle import Batch, Oracle, batches

from showfloor.eventstore.query import Database
from showfloor.messaging.signals import SignalMessage, SignalPage, SignalStream
from showfloor.metrics.vocabulary import Kind
from showfloor.session.signals.domain import sketch
from showfloor.testing.memory_bus import MemoryBus

CREATED = datetime(2026, 1, 1, tzinfo=UTC)


class Stream:
    """A stream's stream as pages, cut anywhere. Sessions lie in shards of their own."""

    def __init__(self, bodies: list[bytes], owners: list[UUID], created: datetime = CREATED) -> None:
        self.messages = [
            SignalMessage(owner.int % 8, at + 1, str(owner), "", body)
            for at, (body, owner) in enumerate(zip(bodies, owners, strict=True))
        ]
        self.created = created

    def page(self, start: int, stop: int) -> SignalPage:
        return SignalPage(self.created, tuple(self.messages[start:stop]))


def stream_of(made: list[Batch], created: datetime = CREATED) -> Stream:
    return Stream([batch.body() for batch in made], [batch.session for batch in made], created)


async def assert_rollups(db: Database, oracle: Oracle) -> None:
    minutes: Counter[tuple[object, ...]] = Counter()
    columns = (
        "impressions", "enters", "leaves", "product_impressions", "product_clicks", "likes", "shares",
    )  # fmt: skip
    for row in await db.fetch("SELECT * FROM signals.minute"):
        for kind, name in zip((1, 2, 3, 4, 5, 6, 7), columns, strict=True):
            channel = -1 if kind in (Kind.PRODUCT_IMPRESSION, Kind.PRODUCT_CLICK) else row["channel"]
            minutes[row["session_id"], row["minute"], channel, kind] += row[name]
    assert +minutes == oracle.minutes
    products: Counter[tuple[object, ...]] = Counter()
    for row in await db.fetch("SELECT * FROM signals.product_minute"):
        key = (row["session_id"], row["minute"], row["product_id"])
        products[*key, Kind.PRODUCT_IMPRESSION] += row["impressions"]
        products[*key, Kind.PRODUCT_CLICK] += row["clicks"]
    assert +products == oracle.products
    kept = await db.fetch("SELECT * FROM signals.distinct_viewers")
    assert {(r["session_id"], r["scope"], r["key"]): r["estimate"] for r in kept} == {
        key: len(found) for key, found in oracle.viewers.items()
    }
    assert all(sketch.from_bytes(row["sketch"]).estimate == row["estimate"] for row in kept)
    for row in await db.fetch("SELECT * FROM signals.session"):
        mine = {key: n for key, n in oracle.minutes.items() if key[0] == row["session_id"]}
        assert row["enters"] == sum(n for key, n in mine.items() if key[3] == Kind.ENTER)
        assert row["likes"] == sum(n for key, n in mine.items() if key[3] == Kind.LIKE)
        assert row["newest"] == datetime.fromtimestamp(oracle.newest[row["session_id"]] / 1000, UTC)
    await assert_rooms(db, oracle)


async def assert_rooms(db: Database, oracle: Oracle) -> None:
    """By evidence every figure is a function of the signals; as told, never less than nothing."""
    levels: Counter[tuple[UUID, int]] = Counter()
    inside: Counter[UUID] = Counter()
    for row in await db.fetch("SELECT * FROM signals.presence ORDER BY slot"):
        levels[row["session_id"], row["slot"]] += row["level"]
        inside[row["session_id"]] += row["came"] - row["went"]
        assert inside[row["session_id"]] >= 0
        sightings = oracle.sightings[row["session_id"]]
        assert row["watch_ms"] == room_oracle.watched_in(sightings, row["slot"])
    assert +levels == Counter(
        {(name, slot): n for name, seen in oracle.sightings.items() for slot, n in room_oracle.levels(seen).items()}
    )
    for row in await db.fetch("SELECT * FROM signals.session"):
        sightings, told = oracle.sightings[row["session_id"]], oracle.told[row["session_id"]]
        assert row["watch_ms"] == room_oracle.watched(sightings)
        assert (row["by_evidence"], row["by_enters"]) == (bool(sightings), bool(told))
        assert row["inside"] == inside[row["session_id"]]
        newest = oracle.newest[row["session_id"]]
        assert sum(row["fading"]) == room_oracle.present(sightings, newest)
        assert row["peak_high"] >= row["peak"] >= 0
        assert row["peak_high"] >= sum(row["fading"]) + row["inside"]


def signal_stream() -> SignalStream:
    return SignalStream(MemoryBus())


def some_batches(seed: int, count: int) -> list[Batch]:
    """Return batches with names of their own, from one seed."""
    found: list[list[Batch]] = []

    @settings(max_examples=1, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.lists(batches(), min_size=count, max_size=count, unique_by=lambda batch: batch.name))
    def draw(made: list[Batch]) -> None:
        found.append(made)

    from hypothesis import seed as seeded

    seeded(seed)(draw)()
    return found[0]
