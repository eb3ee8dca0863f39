"""What happens to an event by itself, and where it stands."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from showfloor.api.events.v1 import events_events_pb2 as public
from showfloor.events.schedule.domain.event_states import State, state_of
from showfloor.events.schedule.domain.running_rules import (
    PassTime,
    SessionNews,
    end_session,
    pass_time,
    start_session,
)
from showfloor.events.schedule.domain.schedule import SCHEDULE, session_of
from showfloor.events.schedule.domain.schedule_events import (
    EventDeleted,
    EventEnded,
    EventReady,
    EventScheduled,
    EventSessionEnded,
    EventSessionStarted,
    EventStartingSoon,
    EventUpdated,
)
from showfloor.events.schedule.domain.schedule_rules import DeleteEvent, delete_event
from showfloor.events.schedule.processes.passing import changes
from showfloor.events.service import PUBLIC
from showfloor.eventstore.deadlines import Cleared, Deadline
from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.testing.samples import made
from showfloor.testing.scenario import Then, given

MADE = datetime(2026, 5, 1, 9, tzinfo=UTC)
ACCOUNT, SHOP, SHOW = (UUID(int=n) for n in range(1, 4))
ABOUT: dict[str, Any] = {"account_id": ACCOUNT, "shop_id": SHOP, "event_id": SHOW}
START, MINUTE = MADE + timedelta(days=1), timedelta(minutes=1)
END = START + 60 * MINUTE
FIRST, SECOND = session_of(SHOW, 1), session_of(SHOW, 2)

SCHEDULED = EventScheduled(
    at=MADE, title="Mugs", description="", start_at=START, end_at=END, time_zone="UTC", origin="desktop",
    session_id=FIRST, soon_at=START - 10 * MINUTE, **ABOUT,
)  # fmt: skip
SOON = EventStartingSoon(at=START - 10 * MINUTE, title="Mugs", start_at=START, session_id=FIRST, **ABOUT)
READY = EventReady(at=START, title="Mugs", end_at=END, session_id=FIRST, **ABOUT)
MISSED = EventEnded(at=END, title="Mugs", session_id=FIRST, sessions=0, **ABOUT)


def started(minutes: int, number: int = 1, sequence: int = 0) -> EventSessionStarted:
    session_id, at = session_of(SHOW, number), START + minutes * MINUTE
    return EventSessionStarted(at=at, session_id=session_id, number=number, sequence=sequence, **ABOUT)


def paused(minutes: int, number: int = 1, **more: Any) -> EventSessionEnded:
    times: dict[str, Any] = {"end_at": END, "close_at": END, "start_at": START, **more}
    return EventSessionEnded(
        at=START + minutes * MINUTE, title="Mugs", session_id=session_of(SHOW, number), number=number,
        next_session_id=session_of(SHOW, number + 1), **times, **ABOUT,
    )  # fmt: skip


def passing(*events: Event, minutes: int) -> Then:
    command = PassTime(event_id=SHOW, now=START + minutes * MINUTE)
    return given(SCHEDULE, *events).when(pass_time, command)


def told(*events: Event, rule: Callable[..., list[Event]], minutes: int, number: int = 1) -> Then:
    command = SessionNews(session_id=session_of(SHOW, number), time=START + minutes * MINUTE)
    return given(SCHEDULE, *events).when(rule, command)


def test_each_due_time_is_recorded_when_it_has_come() -> None:
    passing(SCHEDULED, minutes=-11).then()
    passing(SCHEDULED, minutes=-10).then(SOON)
    passing(SCHEDULED, SOON, minutes=-5).then()
    passing(SCHEDULED, SOON, minutes=0).then(READY)
    passing(SCHEDULED, SOON, READY, minutes=60).then(MISSED)
    passing(SCHEDULED, SOON, READY, MISSED, minutes=90).then()


@pytest.mark.requirement("R105")
def test_a_late_wake_up_records_all_at_its_due_time() -> None:
    passing(SCHEDULED, minutes=5_000).then(SOON, READY, MISSED)


def moved(days: int) -> EventUpdated:
    start, end = START + timedelta(days=days), END + timedelta(days=days)
    return EventUpdated(
        at=MADE, title="Mugs", description="", start_at=start, end_at=end, time_zone="UTC", recommend_on_videos=False,
        teaser_urls=(), session_id=FIRST, sequence=1, change=2, retimed=True, soon_at=start - 10 * MINUTE,
        ready_at=start, close_at=end, **ABOUT,
    )  # fmt: skip


DELETED = EventDeleted(
    at=MADE, title="Mugs", start_at=START, end_at=END, time_zone="UTC", session_id=FIRST, sequence=1, **ABOUT
)


def test_an_old_wake_up_of_a_moved_or_deleted_event_does_nothing() -> None:
    passing(SCHEDULED, moved(1), minutes=90).then()
    passing(SCHEDULED, DELETED, minutes=90).then()
    passing(minutes=90).then()


def test_a_session_of_no_event_is_nobodys() -> None:
    told(rule=start_session, minutes=1).then()
    told(SCHEDULED, rule=start_session, minutes=1, number=7).then()
    told(SCHEDULED, rule=end_session, minutes=1).then()  # it never was on air


@pytest.mark.requirement("R90")
def test_an_event_pauses_and_goes_on_until_its_scheduled_end() -> None:
    live = (SCHEDULED, SOON, READY, started(1))
    told(SCHEDULED, SOON, READY, rule=start_session, minutes=1).then(started(1))
    told(*live, rule=start_session, minutes=1).then()  # told again
    passing(*live, minutes=70).then()  # it runs over
    told(*live, rule=end_session, minutes=20).then(paused(20))
    told(*live, paused(20), rule=end_session, minutes=20).then()
    again = (*live, paused(20), started(30, 2))
    told(*live, paused(20), rule=start_session, minutes=30, number=2).then(started(30, 2))
    over = EventSessionEnded(
        at=START + 75 * MINUTE, title="Mugs", end_at=END, session_id=SECOND, number=2, next_session_id=None,
        close_at=None, start_at=START, **ABOUT,
    )  # fmt: skip
    end = EventEnded(at=START + 75 * MINUTE, title="Mugs", session_id=None, sessions=2, **ABOUT)
    told(*again, rule=end_session, minutes=75, number=2).then(over, end)
    closed = EventEnded(at=END, title="Mugs", session_id=SECOND, sessions=1, **ABOUT)
    passing(*live, paused(20), minutes=61).then(closed)


def test_news_that_come_before_wake_ups_record_what_was_due() -> None:
    told(SCHEDULED, rule=start_session, minutes=1).then(SOON, READY, started(1))


def test_an_event_taken_for_missed_goes_on_with_late_news() -> None:
    missed = (SCHEDULED, SOON, READY, MISSED)
    told(*missed, rule=start_session, minutes=59).then(started(59))
    state = given(SCHEDULE, *missed, started(59)).state
    (event,) = state.ahead
    assert (event.over_at, event.on_air and event.on_air.number) == (None, 1)


def test_an_event_deleted_while_it_went_on_air_goes_on() -> None:
    told(SCHEDULED, DELETED, rule=start_session, minutes=1).then(started(1, sequence=1))
    since = (SCHEDULED, DELETED, started(1, sequence=1))
    (event,) = given(SCHEDULE, *since).state.ahead
    assert (event.deleted, event.sequence, event.on_air and event.on_air.number) == (False, 1, 1)
    told(*since, rule=end_session, minutes=20).then(paused(20, sequence=1))
    again = given(SCHEDULE, *since, paused(20, sequence=1))
    (gone,) = again.when(delete_event, DeleteEvent(account_id=ACCOUNT, event_id=SHOW, now=START + 30 * MINUTE)).events
    assert isinstance(gone, EventDeleted) and (gone.session_id, gone.sequence) == (SECOND, 2)
    told(*since, paused(20, sequence=1), gone, rule=start_session, minutes=1).then()  # old news make no LIVE


@pytest.mark.requirement("R65", "R105")
def test_an_event_moved_on_air_waits_for_its_new_start() -> None:
    day = 24 * 60
    since = (SCHEDULED, SOON, READY, moved(1), started(1))
    again = paused(
        20, end_at=END + day * MINUTE, close_at=END + day * MINUTE, start_at=START + day * MINUTE, sequence=1,
        soon_at=START + (day - 10) * MINUTE, ready_at=START + day * MINUTE,
    )  # fmt: skip
    told(*since, rule=end_session, minutes=20).then(again)
    soon = msgspec.structs.replace(SOON, at=again.soon_at, start_at=again.start_at, session_id=SECOND)
    ready = msgspec.structs.replace(READY, at=again.start_at, end_at=again.end_at, session_id=SECOND)
    passing(*since, again, minutes=day).then(soon, ready)
    due = {"starting_soon": soon.at, "ready": ready.at, "close": again.end_at}
    assert list(changes(recorded(again))) == [Deadline(name, SHOW, time) for name, time in due.items()]
    message = PUBLIC.publish(recorded(again))
    assert message is not None
    said = public.EventPaused.FromString(message.message)
    assert (said.start_time.ToDatetime(tzinfo=UTC), said.sequence) == (again.start_at, 1)
    near = told(*since, rule=end_session, minutes=day - 5).events[0]  # it ran until the new start comes near
    assert isinstance(near, EventSessionEnded) and near.soon_at == near.at


@pytest.mark.requirement("R105", "R109")
@pytest.mark.parametrize(
    ("events", "minutes", "state"),
    [
        ((), -11, "scheduled"),
        ((), -10, "setting_up"),
        ((), 0, "ready"),
        ((), 59, "ready"),
        ((), 60, "ended"),
        ((started(1),), 2, "live"),
        ((started(1),), 60, "running_over"),
        ((started(1), paused(20)), 21, "paused"),
        ((started(1), paused(20)), 60, "ended"),
        ((started(1), paused(20), started(30, 2)), 31, "live"),
        ((MISSED,), 61, "ended"),
        ((MISSED, started(59)), 61, "running_over"),
    ],
)
def test_a_state_follows_from_what_is_recorded_and_the_clock(
    events: tuple[Event, ...], minutes: int, state: State
) -> None:
    schedule = given(SCHEDULE, SCHEDULED, *events).state
    event = schedule.find(SHOW)
    assert event is not None
    assert state_of(event, START + minutes * MINUTE, 10 * MINUTE) == state


def recorded(event: Event) -> Recorded:
    return Recorded(1, UUID(int=9), 1, event, Meta())


def test_deadlines_are_set_and_cleared_by_events() -> None:
    due = {"starting_soon": START - 10 * MINUTE, "ready": START, "close": END}
    assert list(changes(recorded(SCHEDULED))) == [Deadline(name, SHOW, time) for name, time in due.items()]
    assert list(changes(recorded(started(1)))) == [Cleared(name, SHOW) for name in due]
    assert list(changes(recorded(paused(20)))) == [Deadline("close", SHOW, END)]
    assert list(changes(recorded(MISSED))) == [Cleared(name, SHOW) for name in due]


def test_every_event_is_told_but_what_concerns_nobody_else() -> None:
    assert len(PUBLIC.messages) == 8
    for kind, translation in PUBLIC.translations.items():
        event = PUBLIC.publish(recorded(made(kind)))
        assert event is not None and event.type == translation.message.DESCRIPTOR.full_name
    described = EventUpdated(
        at=MADE, title="Mugs", description="x", start_at=START, end_at=END, time_zone="UTC", recommend_on_videos=True,
        teaser_urls=(), session_id=FIRST, sequence=0, change=2, retimed=False, soon_at=None, ready_at=None,
        close_at=END, **ABOUT,
    )  # fmt: skip
    assert PUBLIC.publish(recorded(described)) is None
    last = EventSessionEnded(
        at=END, title="Mugs", end_at=END, session_id=FIRST, number=1, next_session_id=None, close_at=None, **ABOUT
    )
    assert PUBLIC.publish(recorded(last)) is None  # EventEnded says it
    told = PUBLIC.publish(recorded(paused(20)))
    assert told is not None
    message = public.EventPaused.FromString(told.message)
    assert (message.ended_session_id, message.next_session_id) == (str(FIRST), str(SECOND))
