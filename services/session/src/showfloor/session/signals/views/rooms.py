"""Rooms and counted names as they are stored: read when they are not at hand, written inside the fold's transaction."""

import asyncio
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, Protocol, TypeVar
from uuid import UUID

import numpy as np

from showfloor.eventstore.statements import Statement
from showfloor.session.signals.domain import ledger, seen
from showfloor.session.signals.domain.columns import MINUTE_MS
from showfloor.session.signals.domain.hll import Values
from showfloor.session.signals.domain.ledger import Ledger
from showfloor.session.signals.domain.repeats import MinuteKey, Shown, fresh, merged
from showfloor.session.signals.domain.room import LATE_MS, Change, Room, Visits, advance
from showfloor.session.signals.domain.tally import Gathered

SMALL: Final = 64 * 1024  # bytes of parts that are never worth writing the whole again

K = TypeVar("K")
V = TypeVar("V", bound="_Sized")

_SESSIONS = (
    "SELECT session_id, inside, stay_ms, watch_ms, newest, peak_high, watch_high_ms, by_evidence, by_enters"
    " FROM signals.session WHERE session_id = ANY(%s)"
)
_SLOTS = "SELECT session_id, slot, level, came - went AS net FROM signals.presence WHERE session_id = ANY(%s)"
_PARTS = "SELECT session_id, told, whole, body FROM signals.room WHERE session_id = ANY(%s) ORDER BY part"
_NAMES = (
    "SELECT session_id, minute, names FROM signals.counted"
    " JOIN unnest(%s::uuid[], %s::integer[]) AS asked (session_id, minute) USING (session_id, minute)"
)
_ADD_SLOTS = (
    "INSERT INTO signals.presence AS t SELECT * FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::int[], %s::int[],"
    " %s::bigint[], %s::bigint[], %s::bigint[])"
    " ON CONFLICT (session_id, slot) DO UPDATE SET level = t.level + EXCLUDED.level,"
    " came = t.came + EXCLUDED.came, went = t.went + EXCLUDED.went, came_ms = t.came_ms + EXCLUDED.came_ms,"
    " went_ms = t.went_ms + EXCLUDED.went_ms, watch_ms = t.watch_ms + EXCLUDED.watch_ms"
)
_SET_ROOM = (
    "UPDATE signals.session SET inside = %s, stay_ms = %s, watch_ms = %s, peak = %s, peak_high = %s,"
    " watch_high_ms = %s, by_evidence = %s, by_enters = %s, fading = %s::int[] WHERE session_id = %s"
)
_ADD_PART = "INSERT INTO signals.room (session_id, told, whole, body) VALUES (%s, %s, %s, %b)"
# Safe: parts whose rows are all in the whole that is written in the same transaction.
_DROP_PARTS = "DELETE FROM signals.room WHERE session_id = %s AND told = %s"
_ADD_NAMES = "INSERT INTO signals.counted (session_id, minute, names) VALUES (%s, %s, %b)"
# Safe: names by which a repeat is known, of minutes for which no signal is taken any more.
# Minutes that no signal is taken for any more: nothing will be looked up in them.
_DROP_NAMES = "DELETE FROM signals.counted WHERE session_id = %s AND minute < %s"
FORGET: Final = (
    "DELETE FROM signals.counted WHERE folded_at < now() - interval '8 days'",
    "DELETE FROM signals.room WHERE session_id IN (SELECT session_id FROM signals.room GROUP BY session_id"
    " HAVING max(folded_at) < now() - interval '8 days')",
)
"""What no signal comes for any more: the stream keeps 7 days, and a session takes none long before."""


class _Sized(Protocol):
    @property
    def size(self) -> int: ...


class Cache(Generic[K, V]):
    """The things used last, at most so many bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = 0
        self._held: OrderedDict[K, V] = OrderedDict()

    def __contains__(self, key: K) -> bool:
        return key in self._held

    def get(self, key: K) -> V | None:
        if (found := self._held.get(key)) is not None:
            self._held.move_to_end(key)
        return found

    def put(self, key: K, value: V) -> None:
        self.drop(key)
        self._bytes += value.size
        self._held[key] = value
        while self._bytes > self._limit:
            _, dropped = self._held.popitem(last=False)
            self._bytes -= dropped.size

    def drop(self, key: K) -> None:
        if (before := self._held.pop(key, None)) is not None:
            self._bytes -= before.size

    def clear(self) -> None:
        self._held.clear()
        self._bytes = 0


@dataclass(frozen=True, slots=True)
class Names:
    """The sorted names that have counted in a minute."""

    values: Values = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))

    @property
    def size(self) -> int:
        """Bytes held."""
        return self.values.nbytes


@dataclass(frozen=True, slots=True)
class Held:
    """A room at hand, and the bytes of the parts that lie on top of the last whole one: seen, told."""

    room: Room = field(default_factory=Room)
    added: tuple[int, int] = (0, 0)

    @property
    def size(self) -> int:
        """Bytes held."""
        return self.room.size


@dataclass(slots=True)
class Outcome:
    """What a page came to: the impressions and clicks that count, what to write, what was dropped and why."""

    counted: Shown | None = None
    before: list[Statement] = field(default_factory=list)
    slots: list[tuple[Any, ...]] = field(default_factory=list)
    rooms: list[tuple[Any, ...]] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)

    def statements(self) -> list[Statement]:
        """Return what is written after the counts: rows of sessions must be there."""
        slots = [Statement(_ADD_SLOTS, columns=list(zip(*self.slots, strict=True)))] if self.slots else []
        rooms = [Statement(_SET_ROOM, rows=self.rooms)] if self.rooms else []
        return [*self.before, *slots, *rooms]


class Rooms:
    """The rooms and names of the sessions folded last. To be cleared after a failure: they may hold too much."""

    def __init__(self, limit: int) -> None:
        self._rooms: Cache[UUID, Held] = Cache(limit)
        self._names: Cache[MinuteKey, Names] = Cache(limit)

    def clear(self) -> None:
        """Forget everything: it is read again."""
        self._rooms.clear()
        self._names.clear()

    async def load(self, connection: Any, page: Gathered) -> tuple[dict[UUID, Held], dict[MinuteKey, Names]]:
        """Return the rooms and names that a page needs."""
        rooms = {name: self._rooms.get(name) for name in page.newest}
        if missing := [name for name, held in rooms.items() if held is None]:
            rows = [await (await connection.execute(sql, [missing])).fetchall() for sql in (_SESSIONS, _SLOTS, _PARTS)]
            rooms |= await asyncio.to_thread(_rooms_of, missing, *rows)
        names = {key: self._names.get(key) for key in page.minutes}
        if unknown := [key for key, held in names.items() if held is None]:
            columns = [list(column) for column in zip(*unknown, strict=True)]
            names |= _names_of(unknown, await (await connection.execute(_NAMES, columns)).fetchall())
        return rooms, names  # type: ignore[return-value]  # none is missing now

    def advance(self, page: Gathered, rooms: Mapping[UUID, Held], names: Mapping[MinuteKey, Names]) -> Outcome:
        """Return what a page comes to, and remember what it leaves."""
        outcome = Outcome()
        self._count(page, rooms, names, outcome)
        for session_id, newest in page.newest.items():
            recorded, held = session_id in page.recorded, rooms[session_id]
            visits = page.visits.get(session_id, Visits())
            room, change = advance(held.room, visits, newest, recorded=recorded)
            self._rooms.put(session_id, self._write(session_id, held, room, change, outcome))
            floor, before = (_floor(one.newest_ms) for one in (room, held.room))
            if floor > before and not recorded:
                outcome.before.append(Statement(_DROP_NAMES, rows=[(session_id, floor)]))
        return outcome

    def _count(
        self, page: Gathered, rooms: Mapping[UUID, Held], names: Mapping[MinuteKey, Names], outcome: Outcome
    ) -> None:
        closed = {
            key for key in page.minutes if key[0] not in page.recorded and key[1] < _floor(rooms[key[0]].room.newest_ms)
        }
        known = {key: names[key].values for key in page.minutes}
        outcome.counted, added, late = fresh(page.shown, page.minutes, known, closed)
        outcome.dropped["too_late"] += late
        outcome.dropped["repeated"] += page.shown.repeated + len(page.shown.name) - len(outcome.counted.name) - late
        for key, values in added.items():
            self._names.put(key, Names(merged(known[key], values)))
        if added:
            rows = [(*key, values.tobytes()) for key, values in added.items()]
            outcome.before.append(Statement(_ADD_NAMES, rows=rows))

    def _write(self, session_id: UUID, held: Held, room: Room, change: Change, outcome: Outcome) -> Held:
        outcome.dropped.update(change.dropped)
        outcome.slots.extend((session_id, *row) for row in change.slots)
        fading = "{" + ",".join(map(str, seen.fading(room.seen, room.newest_ms))) + "}"
        outcome.rooms.append(
            (room.inside, room.stay_ms, room.watch_ms, room.peak, room.peak_high, room.watch_high_ms,
             room.by_evidence, room.by_enters, fading if room.by_evidence else "{}", session_id)
        )  # fmt: skip
        added = [
            _write_ledger(session_id, told, now, touched, before, outcome)
            for told, now, touched, before in (
                (False, room.seen, change.touched_seen, held.added[0]),
                (True, room.told, change.touched_told, held.added[1]),
            )
        ]
        return Held(room, (added[0], added[1]))


def _write_ledger(session_id: UUID, told: bool, now: Ledger, touched: Values, added: int, outcome: Outcome) -> int:
    """Add a part, or the whole in place of all parts once they outgrow it. Return the bytes on top of the whole."""
    if not len(touched):
        return added
    part = now.of(touched).to_part(touched)
    if added + len(part) <= max(SMALL, now.size):
        outcome.before.append(Statement(_ADD_PART, rows=[(session_id, told, False, part)]))
        return added + len(part)
    # The parts of this one ledger, whose rows are all in the whole that follows: nothing is lost.
    outcome.before.append(Statement(_DROP_PARTS, rows=[(session_id, told)]))
    outcome.before.append(Statement(_ADD_PART, rows=[(session_id, told, True, now.to_part())]))
    return 0


def _floor(newest_ms: int) -> int:
    """Return the first minute that live signals may still come for."""
    return (newest_ms - LATE_MS) // MINUTE_MS


def _rooms_of(missing: list[UUID], sessions: list[Any], slots: list[Any], parts: list[Any]) -> dict[UUID, Held]:
    found: dict[UUID, Held] = {name: Held() for name in missing}
    for row in sessions:
        newest = (row["newest"] - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
        room = Room(
            inside=row["inside"], stay_ms=int(row["stay_ms"]), watch_ms=row["watch_ms"], newest_ms=newest,
            peak_high=row["peak_high"], watch_high_ms=row["watch_high_ms"],
            by_evidence=row["by_evidence"], by_enters=row["by_enters"],
        )  # fmt: skip
        found[row["session_id"]] = Held(room)
    levels: dict[UUID, list[tuple[int, int, int]]] = defaultdict(list)
    for row in slots:
        levels[row["session_id"]].append((row["slot"], row["level"], row["net"]))
    for name, rows in levels.items():
        slot, level, net = np.array(sorted(rows), dtype=np.int64).T
        found[name] = replace(found[name], room=replace(found[name].room, slot=slot, level=level, net=net))
    bodies: dict[tuple[UUID, bool], list[tuple[bool, bytes]]] = defaultdict(list)
    for row in parts:
        bodies[row["session_id"], row["told"]].append((row["whole"], bytes(row["body"])))
    for name in {name for name, _ in bodies}:
        seen_parts, told_parts = bodies[name, False], bodies[name, True]
        room = replace(found[name].room, seen=ledger.from_parts(seen_parts), told=ledger.from_parts(told_parts))
        found[name] = Held(room, (_on_top(seen_parts), _on_top(told_parts)))
    return found


def _on_top(parts: list[tuple[bool, bytes]]) -> int:
    return sum(len(body) for whole, body in parts if not whole)


def _names_of(unknown: list[MinuteKey], rows: list[Any]) -> dict[MinuteKey, Names]:
    parts: dict[MinuteKey, list[Values]] = defaultdict(list)
    for row in rows:
        parts[row["session_id"], row["minute"]].append(np.frombuffer(row["names"], dtype="<u8"))
    return {key: Names(np.sort(np.concatenate(parts[key]))) if key in parts else Names() for key in unknown}
