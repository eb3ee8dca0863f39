"""Presence: repeats, order, cuts and leaves change nothing for anybody else; peak and watch time never fall."""

import random as randoms
from itertools import pairwise

import numpy as np
import pytest
import room_oracle as oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from showfloor.session.signals.domain import seen, told
from showfloor.session.signals.domain.ledger import EMPTY, Ledger, from_parts, join
from showfloor.session.signals.domain.room import LATE_MS, MAX_PRESENT, Change, Room, Visits, advance

START = 1_700_000_000_123
VIEWERS = st.integers(1, 6)
TIMES = st.integers(0, 400_000).map(lambda ms: START + ms)
SIGHTINGS = st.lists(st.tuples(VIEWERS, TIMES, st.booleans()), min_size=1, max_size=40)
TOLD = st.lists(st.tuples(VIEWERS, TIMES, st.sampled_from([2, 3])), min_size=1, max_size=40)


def ledger(rows: list[tuple[int, int, int]]) -> Ledger:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    viewer = columns[0].astype(np.uint64)
    return join(Ledger(viewer, columns[1], columns[2]), EMPTY, np.unique(viewer))


def seen_page(sightings: list[oracle.Sighting]) -> Visits:
    return Visits(seen=seen.stays(ledger([(viewer, at, at * 2 + (not left)) for viewer, at, left in sightings])))


def told_page(events: list[oracle.EnterOrLeave]) -> Visits:
    return Visits(told=ledger([(viewer, at, kind == 2) for viewer, at, kind in events]))


def newest(rows: list[tuple[int, int, int]]) -> int:
    return max(at for _, at, _ in rows)


def cut(rows: list, random: randoms.Random) -> list[list]:  # type: ignore[type-arg]
    """Return the rows in another order, some of them twice, in pages."""
    rows = rows + random.sample(rows, random.randint(0, len(rows)))
    random.shuffle(rows)
    edges = sorted({0, len(rows), *(random.randint(0, len(rows)) for _ in range(4))})
    return [rows[start:stop] for start, stop in pairwise(edges)]


def after(pages: list[Visits], newests: list[int]) -> list[tuple[Room, Change]]:
    room, found = Room(), []
    for page, at in zip(pages, newests, strict=True):
        room, change = advance(room, page, at, recorded=False)
        found.append((room, change))
    return found


@settings(deadline=None)  # a busy machine is no defect
@given(SIGHTINGS, st.randoms(use_true_random=False))
def test_what_was_seen_is_a_function_of_the_set(sightings: list[oracle.Sighting], random: randoms.Random) -> None:
    pages = cut(sightings, random)
    rooms = after([seen_page(page) for page in pages], [newest(page) for page in pages])
    room, last = rooms[-1][0], newest(sightings)
    assert room.watch_ms == oracle.watched(sightings)
    levels = {slot: level for slot, level in zip(room.slot.tolist(), room.level.tolist(), strict=True) if level}
    assert levels == dict(oracle.levels(sightings))
    assert room.peak == max(levels.values())
    for now in (last, last + 30_000, last + 76_000):
        counts = seen.fading(room.seen, last)
        assert sum(counts[: seen.FADING - (now - last) // 1000]) == oracle.present(sightings, now)
    by_slot: dict[int, int] = {}
    for _, change in rooms:
        for slot, *_, watch in change.slots:
            by_slot[slot] = by_slot.get(slot, 0) + watch
    assert {slot: ms for slot, ms in by_slot.items() if ms} == {
        slot: ms for slot in by_slot if (ms := oracle.watched_in(sightings, slot))
    }


@settings(deadline=None)
@given(SIGHTINGS, TOLD, st.randoms(use_true_random=False))
def test_peak_and_watch_time_never_fall(
    sightings: list[oracle.Sighting], events: list[oracle.EnterOrLeave], random: randoms.Random
) -> None:
    pages = [(seen_page(page), newest(page)) for page in cut(sightings, random)]
    pages += [(told_page(page), newest(page)) for page in cut(events, random)]
    random.shuffle(pages)
    rooms = [room for room, _ in after(*map(list, zip(*pages, strict=True)))]  # type: ignore[arg-type]
    for before, now in pairwise(rooms):
        assert now.watch_ms >= before.watch_ms
        assert now.watch_high_ms >= before.watch_high_ms
        assert now.peak_high >= before.peak_high
    assert all(room.inside >= 0 and room.watched_ms >= 0 for room in rooms)
    assert all(room.peak_high >= sum(seen.fading(room.seen, room.newest_ms)) + room.inside for room in rooms)


@settings(deadline=None)
@given(SIGHTINGS, TIMES, st.integers(1, 60))
def test_leaves_take_nobody_else_out(sightings: list[oracle.Sighting], at: int, times: int) -> None:
    """However often viewer 1 leaves, the others are as present as if there were no viewer 1 at all."""
    others = [one for one in sightings if one[0] != 1]
    leaving = [*sightings, *((1, at + number, True) for number in range(times))]
    if not others:
        return
    last = newest(leaving)
    (alone, _), (all_of_them, _) = (after([seen_page(rows)], [last])[-1] for rows in (others, leaving))
    assert all_of_them.watch_ms - alone.watch_ms == oracle.watched([one for one in leaving if one[0] == 1])
    mine = oracle.present([one for one in leaving if one[0] == 1], last)
    assert sum(seen.fading(all_of_them.seen, last)) == sum(seen.fading(alone.seen, last)) + mine


@settings(deadline=None)
@given(TOLD, st.integers(1, 60))
def test_told_leaves_take_nobody_else_out(events: list[oracle.EnterOrLeave], times: int) -> None:
    others = [one for one in events if one[0] != 1]
    leaving = [*events, *((1, START + 500_000 + number, 3) for number in range(times))]
    room, _ = after([told_page(leaving)], [newest(leaving)])[-1]
    ended, inside, stay = oracle.pairs(leaving)
    assert (room.inside, room.stay_ms) == (inside, stay)
    assert inside >= oracle.pairs(others)[1]
    assert sum(change for change in (room.net < 0)) <= ended
    assert (np.cumsum(room.net) >= 0).all()


@settings(deadline=None)
@given(TOLD, st.randoms(use_true_random=False))
def test_what_is_told_in_order_adds_up_however_it_is_cut(
    events: list[oracle.EnterOrLeave], random: randoms.Random
) -> None:
    ordered = sorted({(viewer, at): (viewer, at, kind) for viewer, at, kind in events}.values(), key=lambda one: one[1])
    edges = sorted({0, len(ordered), *(random.randint(0, len(ordered)) for _ in range(4))})
    pages = [ordered[start:stop] for start, stop in pairwise(edges)]
    room, _ = after([told_page(page) for page in pages], [newest(page) for page in pages])[-1]
    _, inside, stay = oracle.pairs(ordered)
    assert (room.inside, room.stay_ms) == (inside, stay)


@pytest.mark.parametrize(("gap", "watched"), [(75_000, 75_000), (75_001, 0)])
def test_signs_at_most_75_seconds_apart_are_one_stay(gap: int, watched: int) -> None:
    room, _ = advance(Room(), seen_page([(1, START, False), (1, START + gap, False)]), START + gap, recorded=False)
    assert (room.watch_ms, len(room.seen)) == (watched, 1 if watched else 2)
    pages = [seen_page([(1, at, False)]) for at in (START + gap, START)]
    assert after(pages, [START + gap, START])[-1][0].watch_ms == watched


def test_a_late_leave_lowers_the_peak_but_not_the_shown_one() -> None:
    pages = [[(1, START, False)], [(2, START + 50_000, False)], [(1, START + 1_000, True)]]
    rooms = [room for room, _ in after([seen_page(page) for page in pages], [newest(page) for page in pages])]
    assert [(room.peak, room.peak_high) for room in rooms] == [(1, 1), (2, 2), (1, 2)]
    told = [[(1, START, 2), (2, START + 60_000, 2)], [(1, START + 1_000, 3)]]
    rooms = [room for room, _ in after([told_page(page) for page in told], [newest(page) for page in told])]
    assert [room.watch_high_ms for room in rooms] == [60_000, 60_000]
    assert rooms[-1].watched_ms == 1_000


def test_a_leave_that_comes_before_its_enter_finds_it() -> None:
    pages = [[(1, START + 60_000, 3)], [(2, START, 2)], [(1, START, 2)]]
    rooms = after([told_page(page) for page in pages], [newest(page) for page in pages])
    assert [room.inside for room, _ in rooms] == [0, 1, 1]
    assert rooms[-1][0].stay_ms == 60_000 - START


def test_a_leave_without_an_enter_is_dropped_when_none_can_come() -> None:
    page = told_page([(1, START, 3), (2, START, 2)])
    (room, change), (later, dropped) = after([page, Visits()], [START, START + LATE_MS + 1])
    assert (len(room.told), dict(change.dropped)) == (2, {})
    assert (len(later.told), later.inside, dict(dropped.dropped)) == (1, 1, {"leave_without_enter": 1})


def test_what_is_too_late_is_dropped_and_a_recording_never_is() -> None:
    early = seen_page([(1, START, False), (1, START + 60_000, False)])
    room, _ = advance(Room(), seen_page([(2, START + LATE_MS + 1, False)]), START + LATE_MS + 1, recorded=False)
    _, change = advance(room, early, START, recorded=False)
    assert (change.slots, dict(change.dropped)) == ([], {"too_late": 1})
    room, change = advance(room, early, START, recorded=True)
    assert room.watch_ms == 60_000


def test_stays_that_nothing_joins_any_more_are_let_go() -> None:
    room, _ = advance(Room(), seen_page([(1, START, False)]), START, recorded=False)
    room, _ = advance(room, seen_page([(2, START + LATE_MS + 75_001, False)]), START + LATE_MS + 75_001, recorded=False)
    assert room.seen.viewer.tolist() == [2]
    assert room.peak == 1


def test_a_room_that_is_full_takes_no_more_viewers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("showfloor.session.signals.domain.room.MAX_PRESENT", 2)
    assert MAX_PRESENT > 100_000
    room, change = advance(Room(), seen_page([(n, START, False) for n in (1, 2, 3)]), START, recorded=False)
    assert (room.peak, dict(change.dropped)) == (2, {"room_full": 1})
    room, change = advance(room, seen_page([(1, START + 5, False), (4, START, False)]), START, recorded=False)
    assert (room.peak, dict(change.dropped)) == (2, {"room_full": 1})


ROWS = st.lists(st.tuples(VIEWERS, st.integers(0, 9), st.integers(0, 9)), max_size=12)


@settings(deadline=None)
@given(ROWS, st.lists(ROWS, max_size=4))
def test_parts_make_the_whole(first: list[tuple[int, int, int]], more: list[list[tuple[int, int, int]]]) -> None:
    now = ledger(first)
    parts = [(True, now.to_part())]
    for rows in more:
        fresh = ledger(rows)
        touched = np.unique(np.append(fresh.viewer, np.uint64(3)))
        now = now.replaced(touched, fresh)
        parts.append((False, now.of(touched).to_part(touched)))
    found = from_parts(parts)
    assert [c.tolist() for c in (found.viewer, found.a, found.b)] == [c.tolist() for c in (now.viewer, now.a, now.b)]


def test_an_enter_and_a_leave_in_one_moment_are_a_stay() -> None:
    paired = told.pair(ledger([(1, START, told.LEAVE), (1, START, told.ENTER)]))
    assert (paired.left.tolist(), len(paired.waiting)) == ([START], 0)
