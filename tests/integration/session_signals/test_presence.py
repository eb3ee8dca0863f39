"""Presence and the counting of clicks on a real PostgreSQL: what one viewer can do to what others see."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import room_oracle
from folding import assert_rollups, signal_stream, stream_of
from signal_oracle import SESSIONS, START_MS, Batch, Oracle, Signal

from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.query import Database
from showfloor.metrics.vocabulary import Kind
from showfloor.session.service import MIGRATIONS
from showfloor.session.signals.edges.fold import Fold
from showfloor.session.signals.views import rooms


def one(name: str, signals: list[Signal], *, session: UUID = SESSIONS[0], evidence: bool = True, viewers: int = 40,
        **more: Any) -> Batch:  # fmt: skip
    people, nothing = tuple(range(1, viewers + 1)), (0,) * viewers
    return Batch(session, name, START_MS, tuple(signals), people, nothing, nothing, evidence=evidence, **more)


async def room(db: Database, session: UUID = SESSIONS[0]) -> dict[str, Any]:
    found = await db.fetch_one("SELECT * FROM signals.session WHERE session_id = %s", (session,))
    assert found is not None
    return found


@pytest.mark.requirement("R14", "R125")
@pytest.mark.parametrize("evidence", [True, False])
async def test_one_viewer_who_leaves_sixty_times_takes_nobody_along(db: Database, evidence: bool) -> None:
    """Before, 40 viewers became none, and watch time ran backwards."""
    made = [one("come", [Signal(0, Kind.ENTER, at, 0, 1) for at in range(40)], evidence=evidence)]
    made += [one(f"go{at}", [Signal(60_000 + at, Kind.LEAVE, 0, 0, 1)], evidence=evidence) for at in range(60)]
    made += [one("stay", [Signal(70_000, Kind.LIKE, at, 0, 1) for at in range(1, 40)], evidence=evidence)]
    fold, stream, watched, peak = Fold(signal_stream(), db), stream_of(made), 0, 0
    for at in range(len(made)):
        await fold.fold(stream.page(at, at + 1))
        now = await room(db)
        assert now["watch_high_ms"] >= watched and now["peak_high"] >= peak
        assert now["inside"] + sum(now["fading"]) >= 39
        watched, peak = now["watch_high_ms"], now["peak_high"]
    assert (now["inside"] + sum(now["fading"]), peak) == (39, 40)
    spent = 39 * 70_000 + (60_059 if evidence else 60_000)  # to the last leave: it shows that the viewer was there
    assert watched == spent


async def test_viewers_with_broken_connections_go_after_75_seconds(db: Database) -> None:
    """Before, five of them were still there after 155 seconds."""
    made = [one("come", [Signal(0, Kind.ENTER, at, 0, 1) for at in range(5)])]
    made += [one(f"beat{at}", [Signal(20_000 * at, Kind.PRESENCE, 9, 0, 1)]) for at in range(1, 9)]
    await Fold(signal_stream(), db).fold(stream_of(made).page(0, len(made)))
    now = await room(db)
    assert sum(now["fading"]) == 1  # the one who is still here
    assert (now["peak"], now["watch_ms"]) == (6, 7 * 20_000)


async def test_impression_and_click_count_once_a_minute_per_viewer(db: Database) -> None:
    kinds = (Kind.PRODUCT_IMPRESSION, Kind.PRODUCT_CLICK)
    again = [Signal(ms, kind, who, 1, 1) for ms in range(0, 50_000, 9_000) for kind in kinds for who in (0, 1)]
    made = [one(f"b{at}", again) for at in range(4)]
    made.append(one("other", [Signal(100, kind, 0, 2, 1) for kind in kinds]))
    made.append(one("later", [Signal(120_000, kind, 0, 1, 1) for kind in kinds]))
    stream = stream_of(made)
    for at in range(len(made)):  # each time another replica, which remembers nothing
        await Fold(signal_stream(), db).fold(stream.page(at, at + 1))
    oracle = Oracle()
    for batch in made:
        oracle.add(batch)
    await assert_rollups(db, oracle)
    now = await room(db)
    minutes = len({(START_MS + ms) // 60_000 for ms in range(0, 50_000, 9_000)})
    assert now["product_impressions"] == now["product_clicks"] == 2 * minutes + 2


async def test_what_is_kept_to_count_once_is_let_go_but_for_recordings(db: Database) -> None:
    shown = [Signal(0, Kind.PRODUCT_CLICK, 0, 1, 1), Signal(700_000, Kind.LIKE, 0, 0, 1)]
    late = [Signal(0, Kind.PRODUCT_CLICK, at, 1, 1) for at in (0, 1)]
    made = [
        one("b0", shown), one("b1", late), one("b2", shown, session=SESSIONS[1], recorded=True),
        one("b3", late, session=SESSIONS[1], recorded=True),
    ]  # fmt: skip
    stream = stream_of(made)
    for at in range(len(made)):
        await Fold(signal_stream(), db).fold(stream.page(at, at + 1))
    kept = await db.fetch("SELECT session_id FROM signals.counted GROUP BY session_id")
    assert [row["session_id"] for row in kept] == [SESSIONS[1]]
    assert (await room(db))["product_clicks"] == 1  # too late to tell: nothing more counts
    assert (await room(db, SESSIONS[1]))["product_clicks"] == 2
    async with db.transaction() as connection:  # so long after, nothing comes for a recording either
        await connection.execute("UPDATE signals.counted SET folded_at = folded_at - interval '9 days'")
        await connection.execute("UPDATE signals.room SET folded_at = folded_at - interval '9 days'")
    await Fold(signal_stream(), db).fold(
        stream_of([one("b4", [Signal(0, Kind.SHARE, 0, 0, 1)], session=SESSIONS[1])]).page(0, 1)
    )
    assert await db.fetch("SELECT 1 FROM signals.counted") == []


async def test_who_is_in_the_room_is_written_in_parts_and_found_again(db: Database, monkeypatch: Any) -> None:
    monkeypatch.setattr(rooms, "SMALL", 200)
    made = [
        one(f"b{at}", [Signal(at * 9_000, kind, (at * 3 + who) % 10, 0, 1) for who in range(3)], evidence=evidence)
        for at in range(20)
        for evidence, kind in ((True, Kind.PRESENCE), (False, Kind.ENTER if at % 2 else Kind.LEAVE))
    ]
    made = [replace(batch, name=f"c{at}") for at, batch in enumerate(made)]
    stream, oracle = stream_of(made), Oracle()
    for at, batch in enumerate(made):
        await Fold(signal_stream(), db).fold(stream.page(at, at + 1))
        oracle.add(batch)
        if at % 8 == 7:
            await assert_rollups(db, oracle)
    parts = await db.fetch("SELECT told, whole, count(*) AS n FROM signals.room GROUP BY told, whole")
    assert {(row["told"], row["whole"]) for row in parts} >= {(False, True), (True, True)}
    assert sum(row["n"] for row in parts) < len(made)
    whole = [row["inside"] for row in await db.fetch("SELECT inside FROM signals.session")]
    assert whole == [room_oracle.pairs(oracle.told[SESSIONS[0]])[1]]


async def test_what_was_counted_before_is_taken_over_as_told(database: str, tmp_path: Path) -> None:
    for file in MIGRATIONS.folder.glob("*.sql"):
        if file.name < "0030":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    migrate(database, tmp_path)
    with psycopg.connect(database) as before:
        for minute, channel, enters, leaves, enter_ms, leave_ms in ((1, 0, 3, 0, 30_000, 0), (1, 1, 1, 0, 5_000, 0),
                                                                   (2, 0, 1, 3, 1_000, 90_000)):  # fmt: skip
            before.execute(
                "INSERT INTO signals.minute VALUES (%s, %s, %s, 0, %s, %s, 0, 0, 0, 0, %s, %s)",
                (SESSIONS[0], minute, channel, enters, leaves, enter_ms, leave_ms),
            )
        before.execute(
            "INSERT INTO signals.session VALUES (%s, 0, 5, 3, 0, 0, 0, 0, %s, to_timestamp(170))",
            (SESSIONS[0], 3 * 120_000 + 90_000 - 4 * 60_000 - 35_000 - 121_000),
        )
    migrate(database, MIGRATIONS.folder)
    db = Database(database)
    await db.open()
    now = await room(db)
    assert (now["inside"], now["peak"], now["peak_high"], now["by_enters"], now["by_evidence"]) == (
        2,
        4,
        4,
        True,
        False,
    )
    slots = await db.fetch("SELECT slot, came, went, came_ms, went_ms FROM signals.presence ORDER BY slot")
    assert [tuple(row.values()) for row in slots] == [(4, 4, 0, 35_000, 0), (8, 1, 3, 1_000, 90_000)]
    leaving = Batch(SESSIONS[0], "go", 180_000, (Signal(0, Kind.LEAVE, 0, 0, 1),) * 9, (1,), (0,), (0,))
    await Fold(signal_stream(), db).fold(stream_of([leaving]).page(0, 1))
    assert (await room(db))["inside"] == 2  # nobody knows who was inside: they stay until the end
    await db.close()
