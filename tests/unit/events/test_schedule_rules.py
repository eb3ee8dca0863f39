"""Planning: where events may lie, what may change and when, and what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from showfloor.events.schedule.domain.policy import Policy
from showfloor.events.schedule.domain.schedule import SCHEDULE, session_of
from showfloor.events.schedule.domain.schedule_events import (
    EventDeleted,
    EventEnded,
    EventScheduled,
    EventSessionEnded,
    EventSessionStarted,
    EventUpdated,
)
from showfloor.events.schedule.domain.schedule_rules import (
    DeleteEvent,
    PlannedTime,
    ScheduleEvent,
    UpdateEvent,
    delete_event,
    schedule_event,
    update_event,
)
from showfloor.kernel.event import Event
from showfloor.testing.scenario import Then, given

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
ACCOUNT, SHOP, SHOW, OTHER = (UUID(int=n) for n in range(1, 5))
ABOUT: dict[str, Any] = {"account_id": ACCOUNT, "shop_id": SHOP, "event_id": SHOW}
START, HOUR, MINUTE = NOW + timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
END = START + HOUR
FIRST, SECOND = session_of(SHOW, 1), session_of(SHOW, 2)


def scheduled(start: datetime = START, event_id: UUID = SHOW, minutes: int = 60, **more: Any) -> EventScheduled:
    said = {
        "title": "Mugs", "description": "", "time_zone": "UTC", "origin": "desktop",
        "session_id": session_of(event_id, 1), "soon_at": start - 10 * MINUTE,
    }  # fmt: skip
    times = {"at": NOW, "start_at": start, "end_at": start + minutes * MINUTE}
    return EventScheduled(**{**ABOUT, "event_id": event_id, **said, **times, **more})


def plan(start: datetime = START, minutes: int = 60, event_id: UUID = OTHER, **more: Any) -> ScheduleEvent:
    time = PlannedTime("said", "UTC", "", minutes)
    said = {"title": "New", "time": time, "start_at": start, "now": NOW, "policy": Policy()}
    return ScheduleEvent(**{**ABOUT, "event_id": event_id, **said, **more})


def planning(*events: Event, **more: Any) -> Then:
    return given(SCHEDULE, *events).when(schedule_event, plan(**more))


def updating(*events: Event, now: datetime = NOW, **more: Any) -> Then:
    command = UpdateEvent(account_id=ACCOUNT, event_id=SHOW, now=now, policy=Policy(), **more)
    return given(SCHEDULE, *events).when(update_event, command)


def deleting(*events: Event, now: datetime = NOW, **more: Any) -> Then:
    command = DeleteEvent(account_id=ACCOUNT, event_id=SHOW, now=now, **more)
    return given(SCHEDULE, *events).when(delete_event, command)


def lasting(minutes: int) -> PlannedTime:
    return PlannedTime("", "", "", minutes)


def updated(change: int = 2, **more: Any) -> EventUpdated:
    said: dict[str, Any] = {
        "at": NOW, "title": "Mugs", "description": "", "start_at": START, "end_at": END, "time_zone": "UTC",
        "recommend_on_videos": False, "teaser_urls": (), "session_id": FIRST, "sequence": 0, "change": change,
        "retimed": False, "soon_at": START - 10 * MINUTE, "ready_at": START, "close_at": END,
    }  # fmt: skip
    return EventUpdated(**{**ABOUT, **said, **more})


STARTED = EventSessionStarted(at=START, session_id=FIRST, number=1, **ABOUT)
PAUSED = EventSessionEnded(
    at=START + 20 * MINUTE, title="Mugs", end_at=END, session_id=FIRST, number=1, next_session_id=SECOND, close_at=END,
    **ABOUT,
)  # fmt: skip
OVER = EventEnded(at=END, title="Mugs", session_id=FIRST, sessions=0, **ABOUT)


def test_an_event_is_made_with_its_session_and_due_times() -> None:
    planning(event_id=SHOW, title="Mugs").then(scheduled())


def test_what_starts_at_once_is_not_announced() -> None:
    (made,) = planning(start=NOW).events
    assert isinstance(made, EventScheduled) and (made.start_at, made.soon_at) == (NOW, None)


def test_what_starts_sooner_than_announced_is_announced_at_once() -> None:
    (made,) = planning(start=NOW + 4 * MINUTE).events
    assert isinstance(made, EventScheduled) and made.soon_at == NOW


@pytest.mark.requirement("R94")
@pytest.mark.parametrize(("offset", "minutes"), [(0, 60), (-30, 60), (30, 60), (-60, 180), (15, 30), (59, 60)])
def test_an_overlap_is_refused_with_the_other_event(offset: int, minutes: int) -> None:
    refusal = planning(scheduled(), start=START + offset * MINUTE, minutes=minutes).refused("EVENT_OVERLAPS")
    times = {"start_time": START.isoformat(), "end_time": END.isoformat()}
    assert refusal.metadata == {"event_id": str(SHOW), "title": "Mugs", **times}


@pytest.mark.parametrize(("offset", "minutes"), [(-60, 60), (60, 60), (-90, 30), (61, 60)])
def test_where_one_ends_another_may_start(offset: int, minutes: int) -> None:
    assert planning(scheduled(), start=START + offset * MINUTE, minutes=minutes).events


@pytest.mark.requirement("R94")
def test_deleting_the_earlier_or_another_time_resolves_it() -> None:
    (gone,) = deleting(scheduled()).events
    assert planning(scheduled(), gone).events
    assert planning(scheduled(), start=END).events


@pytest.mark.requirement("R92")
@pytest.mark.parametrize(("minutes", "taken"), [(29, False), (30, True), (780, True), (781, False), (0, False)])
def test_an_event_takes_half_an_hour_to_thirteen_hours(minutes: int, taken: bool) -> None:
    answer = planning(minutes=minutes)
    if taken:
        assert answer.events
    else:
        said = {"duration_minutes": str(minutes), "shortest": "30", "longest": "780"}
        assert answer.refused("DURATION_OUT_OF_RANGE").metadata == said


@pytest.mark.requirement("R91")
def test_on_a_phone_an_event_starts_two_hours_later() -> None:
    early = NOW + 2 * HOUR - MINUTE
    refusal = planning(start=early, origin="mobile").refused("START_TOO_SOON")
    assert refusal.metadata["earliest_time"] == (NOW + 2 * HOUR).isoformat()
    assert planning(start=NOW + 2 * HOUR, origin="mobile").events
    assert planning(start=early).events


def test_a_start_lies_between_now_and_a_year_ahead() -> None:
    planning(start=NOW - MINUTE).refused("START_IN_THE_PAST")
    assert planning(start=NOW + timedelta(days=365)).events
    planning(start=NOW + timedelta(days=365) + MINUTE).refused("START_TOO_FAR")


def test_events_ahead_are_limited_and_those_over_do_not_count() -> None:
    many = [scheduled(START + n * HOUR, UUID(int=100 + n)) for n in range(3)]
    few = Policy(most_ahead=3)
    later = START + 9 * HOUR
    assert planning(*many, start=later, policy=few).refused("TOO_MANY_EVENTS").metadata == {"limit": "3"}
    assert planning(*many, start=later, policy=few, now=START + HOUR).events


def test_moving_raises_the_sequence_and_sets_every_due_time() -> None:
    day = timedelta(days=1)
    time = PlannedTime("said", "Europe/Berlin", "", 90)
    end = END + day + 30 * MINUTE
    wanted = updated(
        start_at=START + day, end_at=end, time_zone="Europe/Berlin", sequence=1, retimed=True,
        soon_at=START + day - 10 * MINUTE, ready_at=START + day, close_at=end,
    )  # fmt: skip
    updating(scheduled(), time=time, start_at=START + day).then(wanted)


def test_a_description_and_promotion_leave_the_sequence() -> None:
    promoted = {"description": "Red", "recommend_on_videos": True, "teaser_urls": ("https://x.example/1",)}
    updating(scheduled(), **promoted).then(updated(**promoted))
    updating(scheduled(), updated(**promoted), **promoted).then()  # already so


def test_a_title_raises_the_sequence() -> None:
    updating(scheduled(), title="Cups").then(updated(title="Cups", sequence=1, retimed=True))


def test_an_event_may_be_moved_over_its_own_time_alone() -> None:
    time = PlannedTime("said", "UTC", "", 60)
    assert updating(scheduled(), time=time, start_at=START + 30 * MINUTE).events
    other = scheduled(END, OTHER, title="Cups")
    refusal = updating(scheduled(), other, time=time, start_at=START + 30 * MINUTE).refused("EVENT_OVERLAPS")
    assert refusal.metadata["event_id"] == str(OTHER)
    updating(scheduled(), other, time=lasting(61), start_at=START).refused("EVENT_OVERLAPS")


def test_a_moved_event_obeys_what_a_new_one_does() -> None:
    time = PlannedTime("said", "UTC", "", 60)
    updating(scheduled(), time=time, start_at=NOW - MINUTE).refused("START_IN_THE_PAST")
    updating(scheduled(), time=time, start_at=NOW + timedelta(days=400)).refused("START_TOO_FAR")
    updating(scheduled(origin="mobile"), time=time, start_at=NOW + HOUR).refused("START_TOO_SOON")
    updating(scheduled(), time=lasting(29), start_at=START).refused("DURATION_OUT_OF_RANGE")


def test_an_event_can_be_started_at_once() -> None:
    (moved,) = updating(scheduled(), time=lasting(60)).events
    assert isinstance(moved, EventUpdated) and (moved.start_at, moved.end_at) == (NOW, NOW + HOUR)
    assert (moved.soon_at, moved.ready_at, moved.sequence) == (None, NOW, 1)


def test_what_runs_keeps_its_title_and_start() -> None:
    now = START + 10 * MINUTE
    for change in ({"title": "Cups"}, {"time": PlannedTime("said", "UTC", "", 60), "start_at": START + HOUR}):
        refusal = updating(scheduled(), STARTED, now=now, **change).refused("EVENT_RUNNING")
        assert refusal.metadata == {"event_id": str(SHOW), "session_id": str(FIRST)}
    updating(scheduled(), STARTED, PAUSED, now=START + 30 * MINUTE, title="Cups").refused("EVENT_RUNNING")


@pytest.mark.parametrize("minutes", [45, 90, 780])
def test_what_runs_may_end_earlier_or_later(minutes: int) -> None:
    now = START + 10 * MINUTE
    (change,) = updating(scheduled(), STARTED, now=now, time=lasting(minutes)).events
    assert isinstance(change, EventUpdated) and change.end_at == START + minutes * MINUTE
    assert (change.start_at, change.sequence, change.session_id, change.close_at) == (START, 1, FIRST, None)
    (paused,) = updating(scheduled(), STARTED, PAUSED, now=START + 30 * MINUTE, time=lasting(minutes)).events
    assert isinstance(paused, EventUpdated) and paused.close_at == START + minutes * MINUTE


def test_a_running_end_lies_in_the_future_and_overlaps_nobody() -> None:
    refusal = updating(scheduled(), STARTED, now=START + 50 * MINUTE, time=lasting(45)).refused("DURATION_OUT_OF_RANGE")
    assert refusal.metadata["shortest"] == "51"
    over = updating(scheduled(), STARTED, now=END + 5 * MINUTE, time=lasting(90))  # it runs over: it gets more time
    assert over.events
    other = scheduled(END, OTHER)
    updating(scheduled(), other, STARTED, now=START + MINUTE, time=lasting(61)).refused("EVENT_OVERLAPS")


@pytest.mark.parametrize("since", [(), (STARTED,)])
def test_what_started_at_once_is_lengthened_by_clocks(since: tuple[Event, ...]) -> None:
    begun = START + timedelta(seconds=42, microseconds=7)
    said, now = PlannedTime("said", "UTC", "", 90), START + 10 * MINUTE
    (change,) = updating(scheduled(begun), *since, now=now, time=said, start_at=START).events  # clocks show no seconds
    assert isinstance(change, EventUpdated)
    assert (change.start_at, change.end_at) == (begun, begun + 90 * MINUTE)
    for other, reason in ((START - MINUTE, "START_IN_THE_PAST"), (START + MINUTE, "START_IN_THE_PAST")):
        refused = "EVENT_RUNNING" if since else reason
        updating(scheduled(begun), *since, now=now, time=said, start_at=other).refused(refused)


def test_what_came_back_counts_not_what_a_late_view_says() -> None:
    assert updating(scheduled(), gone="ended", title="Cups").events
    assert deleting(scheduled(), gone="deleted").events


def test_what_is_over_is_read_only() -> None:
    for events, now in (((scheduled(), OVER), END), ((scheduled(),), END)):  # also before that is recorded
        updating(*events, now=now, title="Cups").refused("EVENT_ENDED")
        deleting(*events, now=now).refused("EVENT_ENDED")
    updating(now=END, gone="ended", title="Cups").refused("EVENT_ENDED")  # long ago: the schedule has forgotten it


def test_a_change_of_another_version_is_refused() -> None:
    refusal = updating(scheduled(), updated(description="x"), title="Cups", expected_version=1).refused(
        "VERSION_CONFLICT"
    )
    assert refusal.metadata == {"expected_version": "1", "version": "2"}
    assert updating(scheduled(), updated(description="x"), title="Cups", expected_version=2).events
    deleting(scheduled(), expected_version=3).refused("VERSION_CONFLICT")


@pytest.mark.requirement("R95")
def test_an_event_is_deleted_with_its_prepared_session() -> None:
    gone = EventDeleted(
        at=NOW, title="Mugs", start_at=START, end_at=END, time_zone="UTC", session_id=FIRST, sequence=1, **ABOUT
    )
    deleting(scheduled()).then(gone)
    deleting(scheduled(), gone).then()
    deleting(gone="deleted").then()
    updating(scheduled(), gone, title="Cups").refused("EVENT_NOT_FOUND")
    updating(title="Cups").refused("EVENT_NOT_FOUND")


def test_what_is_on_air_is_not_deleted_and_what_paused_is() -> None:
    refusal = deleting(scheduled(), STARTED, now=START + MINUTE).refused("EVENT_RUNNING")
    assert refusal.metadata == {"event_id": str(SHOW), "session_id": str(FIRST)}
    (gone,) = deleting(scheduled(), STARTED, PAUSED, now=START + 30 * MINUTE).events
    assert isinstance(gone, EventDeleted) and gone.session_id == SECOND


def test_of_the_past_only_the_latest_are_remembered() -> None:
    events: list[Event] = []
    for n in range(60):
        start = START + n * HOUR
        made = scheduled(start, UUID(int=100 + n))
        events += [made, msgspec.structs.replace(OVER, event_id=made.event_id, at=made.end_at)]
    state = given(SCHEDULE, *events).state
    assert (len(state.ahead), len(state.past)) == (0, 50)
    assert state.find(UUID(int=159)) and not state.find(UUID(int=100))
