"""A schedule, whatever is asked in whatever order: no two events overlap, nothing due is lost or done twice."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showfloor.events.schedule.domain.event_states import state_of
from showfloor.events.schedule.domain.policy import Policy
from showfloor.events.schedule.domain.running_rules import PassTime, SessionNews, end_session, pass_time, start_session
from showfloor.events.schedule.domain.schedule import SCHEDULE, LiveEvent, Schedule
from showfloor.events.schedule.domain.schedule_events import EventScheduled
from showfloor.events.schedule.domain.schedule_rules import (
    DeleteEvent,
    PlannedTime,
    ScheduleEvent,
    UpdateEvent,
    delete_event,
    schedule_event,
    update_event,
)
from showfloor.events.schedule.processes.passing import changes
from showfloor.eventstore.deadlines import Deadline
from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.kernel.refusal import Refusal

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
ACCOUNT, SHOP = UUID(int=1), UUID(int=2)
MINUTE = timedelta(minutes=1)
POLICY = Policy(most_ahead=6)
REFUSED = {
    "EVENT_OVERLAPS", "START_IN_THE_PAST", "START_TOO_SOON", "DURATION_OUT_OF_RANGE", "TOO_MANY_EVENTS",
    "EVENT_RUNNING", "EVENT_ENDED", "EVENT_NOT_FOUND",
}  # fmt: skip

which = st.integers(0, 3)
steps = st.one_of(
    st.tuples(st.just("schedule"), st.tuples(st.integers(-5, 240), st.integers(25, 90), st.booleans())),
    st.tuples(st.just("move"), st.tuples(which, st.integers(-5, 240), st.integers(25, 90))),
    st.tuples(st.just("lengthen"), st.tuples(which, st.integers(25, 160))),
    st.tuples(st.just("describe"), st.tuples(which, st.sampled_from(["a", "b"]))),
    st.tuples(st.just("delete"), st.tuples(which)),
    st.tuples(st.just("wait"), st.tuples(st.integers(1, 60))),
    st.tuples(st.just("wake"), st.tuples(which)),
    st.tuples(st.just("live"), st.tuples(which)),
    st.tuples(
        st.just("race"), st.tuples(which, st.sampled_from(["move", "delete"]), st.integers(5, 240), st.booleans())
    ),
    st.tuples(st.just("end"), st.tuples(st.integers(0, 5))),
)


class World:
    """A schedule, its deadlines, and what the account's sessions do."""

    def __init__(self) -> None:
        self.now, self.state, self.made = T0, SCHEDULE.initial(), 0
        self.due: dict[tuple[str, UUID], datetime] = {}
        self.known: list[UUID] = []
        self.on_air: UUID | None = None
        self.unheard: SessionNews | None = None  # it went on air, and the news is on its way
        self.back: set[UUID] = set()  # deleted while on air: others may have been planned at their times

    def do(self, rule: Any, command: Any) -> list[Event]:
        """Decide, record, and see that the same command again finds nothing to do, unless it is a new event."""
        events: list[Event] = rule(self.state, command)
        for event in events:
            self.state = SCHEDULE.evolve(self.state, event)
            for change in changes(Recorded(1, ACCOUNT, 1, event, Meta())):
                key = (change.name, change.stream)
                self.due.pop(key, None)
                if isinstance(change, Deadline):
                    self.due[key] = change.due_at
        if not isinstance(command, ScheduleEvent):
            assert rule(self.state, command) == []
        return events

    def about(self, number: int) -> dict[str, Any]:
        event_id = self.known[number % len(self.known)] if self.known else UUID(int=99)
        return {"account_id": ACCOUNT, "event_id": event_id, "now": self.now}

    def step(self, kind: str, what: tuple[Any, ...]) -> None:
        if kind == "wait":
            self.now += what[0] * MINUTE
        elif kind == "schedule":
            self.schedule(*what)
        elif kind == "end":
            self.hear()
            if self.on_air is not None:
                self.do(end_session, SessionNews(session_id=self.on_air, time=self.now))
                self.on_air = None
        elif kind == "live":
            self.go_live(*what)
        elif kind == "race":
            self.race(*what)
        elif kind == "wake":
            about = self.about(what[0])
            self.do(pass_time, PassTime(event_id=about["event_id"], now=self.now))
        elif kind == "delete":
            self.do(delete_event, DeleteEvent(**self.about(what[0])))
        else:
            self.update(kind, *what)

    def schedule(self, offset: int, minutes: int, mobile: bool) -> None:
        self.made += 1
        event_id = UUID(int=100 + self.made)
        time = PlannedTime("said", "UTC", "", minutes)
        self.do(
            schedule_event,
            ScheduleEvent(
                account_id=ACCOUNT, event_id=event_id, now=self.now, shop_id=SHOP, title="Show", time=time,
                start_at=self.now + offset * MINUTE, origin="mobile" if mobile else "desktop", policy=POLICY,
            ),
        )  # fmt: skip
        self.known = [*self.known[-3:], event_id]

    def update(self, kind: str, number: int, *what: Any) -> None:
        about, given_ = self.about(number), dict[str, Any]()
        event = self.state.find(about["event_id"])
        if kind == "describe":
            given_["description"] = what[0]
        elif kind == "move":
            given_ |= {"time": PlannedTime("said", "UTC", "", what[1]), "start_at": self.now + what[0] * MINUTE}
        elif event is not None:
            given_ |= {"time": PlannedTime("said", "UTC", "", what[0]), "start_at": event.start_at}
        self.do(update_event, UpdateEvent(**about, policy=POLICY, **given_))

    def race(self, number: int, change: str, offset: int, ends: bool) -> None:
        """Move or delete an event that went on air in the minute of its start, before the news of that."""
        event = self.state.find(self.about(number)["event_id"])
        if event is not None and self.on_air is None:
            self.now = max(self.now, event.start_at)
            self.go_live(number, late=True)
            try:
                self.step(change, (number, offset, 60) if change == "move" else (number,))
            finally:
                self.check()
                self.hear()
            if ends:
                self.step("end", (0,))

    def go_live(self, number: int, *, late: bool = False) -> None:
        """Do what the session service lets a host do: one LIVE at a time, of an event whose time has come."""
        event = self.state.find(self.about(number)["event_id"])
        if (
            self.on_air is None
            and event
            and event.prepared
            and not event.is_over(self.now)
            and self.now >= event.start_at
        ):
            self.on_air = event.prepared.session_id
            self.unheard = SessionNews(session_id=self.on_air, time=self.now)
            if not late:
                self.hear()

    def hear(self) -> None:
        """Bring the news of what went on air. Meanwhile its event may have been moved, deleted, or taken for missed."""
        if self.unheard is not None:
            news, self.unheard = self.unheard, None
            found = self.state.with_session(news.session_id)
            assert found is not None
            if found[0].deleted:
                self.back.add(found[0].event_id)
            self.do(start_session, news)

    def check(self) -> None:
        kept = [one for one in (*self.state.ahead, *self.state.past) if not one.deleted]
        for one in kept:
            assert POLICY.shortest <= one.end_at - one.start_at <= POLICY.longest
            for other in kept:
                apart = one.end_at <= other.start_at or other.end_at <= one.start_at
                assert one is other or apart or {one.event_id, other.event_id} & self.back
        due = {
            (name, one.event_id): time
            for one in self.state.ahead
            for name, time in (("starting_soon", one.soon_at), ("ready", one.ready_at), ("close", one.close_at))
            if time is not None
        }
        assert self.due == due
        live = [one for one in kept if one.on_air]
        assert [one.on_air.session_id for one in live if one.on_air] == (
            [self.on_air] if self.on_air and not self.unheard else []
        )
        for one in kept:
            state = state_of(one, self.now, POLICY.soon)
            assert (state in ("live", "running_over")) == (one.on_air is not None)
            assert (state == "ended") <= (one.over_at is not None or self.now >= one.end_at)
            assert (state in ("scheduled", "setting_up")) <= (self.now < one.start_at)
            waits = one.prepared and one.over_at is None and self.now < one.start_at
            assert not waits or one.ready_at == one.start_at
            assert one.over_at is not None or one.close_at is not None or one.on_air is not None


@pytest.mark.requirement("R90", "R91", "R92", "R94")
@settings(max_examples=250, deadline=None)
@given(st.lists(steps, max_size=30))
def test_no_two_events_overlap_whatever_is_asked(history: list[tuple[str, tuple[Any, ...]]]) -> None:
    world = World()
    for kind, what in history:
        try:
            world.step(kind, what)
        except Refusal as refusal:
            assert refusal.reason in REFUSED, repr(refusal)
        world.check()
    for _ in range(3):  # in the end all is over, however late somebody looks
        world.now += timedelta(days=2)
        world.step("end", (0,))
        for name, event_id in sorted(world.due):
            if (name, event_id) in world.due:
                world.do(pass_time, PassTime(event_id=event_id, now=world.now))
    assert (world.due, world.state.ahead) == ({}, ())


def final(news: list[tuple[str, int]], wake_ups: list[int], order: list[int]) -> LiveEvent:
    """Return the event after its sessions' news (kind, minute) and its wake-ups; `order`: 1 for news, 0 for waking."""
    event_id, state = UUID(int=3), Schedule()
    first = ScheduleEvent(
        account_id=ACCOUNT, event_id=event_id, now=T0, shop_id=SHOP, title="Show", start_at=T0 + 30 * MINUTE,
        time=PlannedTime("said", "UTC", "", 60), policy=POLICY,
    )  # fmt: skip
    for event in schedule_event(state, first):
        state = SCHEDULE.evolve(state, event)
    (made,) = state.ahead
    told, woken, current = iter(news), iter(wake_ups), made.sessions[0].session_id
    for turn in order:
        if turn:
            kind, minute = next(told)
            command = SessionNews(session_id=current, time=T0 + minute * MINUTE)
            events = (start_session if kind == "live" else end_session)(state, command)
        else:
            events = pass_time(state, PassTime(event_id=event_id, now=T0 + next(woken) * MINUTE))
        for event in events:
            assert not isinstance(event, EventScheduled)
            state = SCHEDULE.evolve(state, event)
        found = state.find(event_id)
        assert found is not None
        current = found.sessions[-1].session_id
    return found


@pytest.mark.requirement("R90", "R105")
@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 20), max_size=6), st.data())
def test_late_news_and_wake_ups_give_what_timely_ones_give(pauses: list[int], data: st.DataObject) -> None:
    minute, news = 30, list[tuple[str, int]]()
    for number, pause in enumerate(pauses[: len(pauses) // 2 * 2]):
        minute += pause
        if minute >= 90 and number % 2 == 0:
            break  # over: nobody goes LIVE any more
        news.append(("end" if number % 2 else "live", minute))
    if len(news) % 2:
        news.append(("end", minute + 5))
    wake_ups = [20, 30, 90, 300, 300, 300]
    marks = sorted([(minute, 1) for _, minute in news] + [(minute, 0) for minute in wake_ups])
    timely = final(news, wake_ups, [kind for _, kind in marks])
    late = final(news, [300] * 6, [*data.draw(st.permutations([1] * len(news) + [0] * 4)), 0, 0])
    assert msgspec.structs.asdict(late) == msgspec.structs.asdict(timely)
    assert timely.over_at == max(T0 + 90 * MINUTE, *(one.ended_at or T0 for one in timely.sessions))
