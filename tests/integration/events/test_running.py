"""An event from its making to its end on real servers: deadlines by a clock that is set, news of sessions, restarts."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.api.events.v1 import event_pb2 as pb
from showfloor.api.events.v1 import event_service_pb2 as ask
from showfloor.api.events.v1 import events_events_pb2 as public
from showfloor.events.schedule.domain.policy import Policy
from showfloor.events.schedule.domain.schedule import SCHEDULE, schedule_id
from showfloor.events.schedule.domain.schedule_rules import PlannedTime, ScheduleEvent, schedule_event
from showfloor.events.schedule.processes.passing import pass_by
from showfloor.events.schedule.service import SLICE
from showfloor.eventstore.deadlines import Deadline, DeadlineRunner
from showfloor.eventstore.runtime import Runtime, open_store
from showfloor.service.slices import Slices
from showfloor.testing.refusals import refusal_of
from showfloor.testing.service import Now
from showfloor.testing.waiting import until

MINUTE = timedelta(minutes=1)


async def got(service: Any, event_id: str) -> pb.LiveEvent:
    return (await service.user().GetEvent(ask.GetEventRequest(event_id=event_id))).event  # type: ignore[no-any-return]


def names(events: list[Any], event_id: str) -> list[str]:
    return [type(one).__name__ for one in events if one.event_id == event_id]


async def stands(service: Any, event_id: str, state: str) -> pb.LiveEvent:
    """Return the event once it stands so."""
    wanted = pb.EventState.Value(f"EVENT_STATE_{state}")

    async def look() -> bool:
        return (await got(service, event_id)).state == wanted

    await until(look, f"the event is {state}")
    return await got(service, event_id)


@pytest.mark.requirement("R90", "R105", "R109")
async def test_an_event_runs_pauses_goes_on_and_ends(service: Any, sessions: Any) -> None:
    made = await service.scheduled(1)
    start, name = made.start_time.ToDatetime(tzinfo=UTC), made.event_id
    first = made.sessions[0].session_id
    service.now.ahead = start - datetime.now(UTC) - 9 * MINUTE
    await stands(service, name, "SETTING_UP")
    service.now.ahead += 9 * MINUTE
    await stands(service, name, "READY")
    await sessions.live(str(UUID(int=7)), start)  # of no event
    await sessions.live(first, start + MINUTE)
    assert (await stands(service, name, "LIVE")).sessions[0].start_time.ToDatetime(tzinfo=UTC) == start + MINUTE
    check = ask.CheckEventTimeRequest(
        account_id=made.account_id, event_id=name, time_zone="Europe/Berlin", duration_minutes=90
    )
    checked = await service.user().CheckEventTime(check)  # what has begun keeps its start
    assert (checked.start_time, checked.end_time.ToDatetime(tzinfo=UTC)) == (made.start_time, start + 90 * MINUTE)
    check.local_start = f"{start.date() + timedelta(days=1)}T20:00"
    assert (await refusal_of(service.user().CheckEventTime(check))).reason == "EVENT_RUNNING"
    await sessions.ended(first, start + 20 * MINUTE)
    paused = await stands(service, name, "PAUSED")
    assert [one.number for one in paused.sessions] == [1, 2]
    second = paused.sessions[1].session_id
    await sessions.live(second, start + 30 * MINUTE)
    await stands(service, name, "LIVE")
    service.now.ahead += 70 * MINUTE
    await stands(service, name, "RUNNING_OVER")
    await sessions.ended(second, start + 75 * MINUTE)
    ended = await stands(service, name, "ENDED")
    assert [one.HasField("end_time") for one in ended.sessions] == [True, True]
    assert (await refusal_of(service.user().CheckEventTime(check))).reason == "EVENT_ENDED"
    told = await service.public()
    wanted = ["EventScheduled", "EventStartingSoon", "EventReady", "EventStarted", "EventPaused", "EventStarted"]
    assert names(told, name) == [*wanted, "EventEnded"]
    over = told[-1]
    assert isinstance(over, public.EventEnded) and (over.sessions, over.session_id) == (2, "")
    assert over.time.ToDatetime(tzinfo=UTC) == start + 75 * MINUTE


async def test_what_is_deleted_while_it_goes_on_air_comes_back(service: Any, sessions: Any, plan: Any) -> None:
    made, host = await service.scheduled(1), service.user()
    start, name, first = made.start_time.ToDatetime(tzinfo=UTC), made.event_id, made.sessions[0].session_id
    await host.DeleteEvent(ask.DeleteEventRequest(request_id="d", event_id=name))
    await sessions.live(first, start + MINUTE)

    async def listed() -> bool:
        return [one.event_id for one in (await host.ListEvents(ask.ListEventsRequest())).events] == [name]

    await until(listed, "the event is there again")
    event = await stands(service, name, "LIVE")
    assert event.sequence == 1  # its deletion was a change, too
    longer = ask.EventTime(duration_minutes=90)
    event = (await host.UpdateEvent(ask.UpdateEventRequest(request_id="u", event_id=name, time=longer))).event
    assert (event.sequence, event.start_time) == (2, made.start_time)
    await sessions.ended(first, start + 20 * MINUTE)
    assert (await stands(service, name, "PAUSED")).sequence == 2


async def test_a_moved_event_is_due_at_its_new_time_alone(service: Any, plan: Any) -> None:
    made, host = await service.scheduled(1), service.user()
    moved = ask.UpdateEventRequest(request_id="m", event_id=made.event_id, time=plan.at(3))
    later = (await host.UpdateEvent(moved)).event
    service.now.ahead = made.end_time.ToDatetime(tzinfo=UTC) - datetime.now(UTC) + MINUTE
    other = await service.scheduled(2)
    service.now.ahead = other.end_time.ToDatetime(tzinfo=UTC) - datetime.now(UTC) + MINUTE
    await stands(service, other.event_id, "ENDED")
    await until(lambda: _ended(service, other.event_id), "the other is over")
    assert names(await service.public(), made.event_id) == ["EventScheduled", "EventUpdated"]
    service.now.ahead = later.end_time.ToDatetime(tzinfo=UTC) - datetime.now(UTC) + 600 * MINUTE  # late
    await until(lambda: _ended(service, made.event_id), "it is over")
    told = [one for one in await service.public() if one.event_id == made.event_id][2:]
    times = [one.time.ToDatetime(tzinfo=UTC) for one in told]
    start, end = (one.ToDatetime(tzinfo=UTC) for one in (later.start_time, later.end_time))
    assert times == [start - 10 * MINUTE, start, end]  # when it was due, however late that was


async def _ended(service: Any, event_id: str) -> bool:
    return "EventEnded" in names(await service.public(), event_id)


ACCOUNTS, EACH = 17, 20
SLICES = Slices("events", "event_id", (SLICE,))  # without what other slices wait for


@asynccontextmanager
async def process(database: str, clock: Now) -> AsyncIterator[Runtime]:
    """One life of the service's process, as far as deadlines go."""
    async with open_store(database, SLICES.deciders, [*SLICES.views, SLICES.deadlines(None)]) as runtime:

        async def fire(deadline: Deadline) -> None:
            await pass_by(runtime.store, runtime.database, deadline.stream, clock)

        runner = DeadlineRunner(runtime.views, runtime.database, fire, clock=clock)
        runner.start()
        yield runtime
        await runner.close()


async def test_a_thousand_deadlines_fire_once_each_over_restarts(database: str) -> None:
    clock, chance, policy = Now(), random.Random(5), Policy()
    begun = clock()
    wanted: dict[UUID, list[datetime]] = {}
    async with process(database, clock) as runtime:
        commands = []
        for number in range(ACCOUNTS * EACH):
            account, event_id = UUID(int=1 + number // EACH), UUID(int=1_000 + number)
            start = begun + (30 + 40 * (number % EACH)) * MINUTE
            time = PlannedTime("said", "UTC", "", 30 + number % 10)
            wanted[event_id] = [start - 10 * MINUTE, start, start + time.duration_minutes * MINUTE]
            command = ScheduleEvent(
                account_id=account, event_id=event_id, now=begun, shop_id=UUID(int=9), title="Show", time=time,
                start_at=start, policy=policy,
            )  # fmt: skip
            commands.append(runtime.store.execute(SCHEDULE, schedule_id(account), schedule_event, command))
        await asyncio.gather(*commands)
    for _ in range(4):  # killed and started again, while the clock jumps on, and back
        clock.ahead += chance.randint(30, 250) * MINUTE
        async with process(database, clock) as runtime:
            clock.ahead -= 5 * MINUTE
            clock.ahead += chance.randint(6, 60) * MINUTE
            await asyncio.sleep(0)
    clock.ahead += timedelta(days=2)
    async with process(database, clock) as runtime:
        await until(lambda: _none_due(runtime), "nothing is due any more")
        found: dict[UUID, list[datetime]] = defaultdict(list)
        kinds: Counter[str] = Counter()
        for one in await _whole_log(runtime):
            if one.event.TOPIC != "event.scheduled":
                found[one.event.event_id].append(one.event.at)
                kinds[one.event.TOPIC] += 1
    assert found == wanted
    assert set(kinds.values()) == {ACCOUNTS * EACH} and kinds.total() >= 1_000


async def _none_due(runtime: Runtime) -> bool:
    return not await runtime.database.fetch("SELECT FROM deadline LIMIT 1")


async def _whole_log(runtime: Runtime) -> list[Any]:
    found: list[Any] = []
    while page := await runtime.store.read_log(found[-1].position if found else 0):
        found += page
    return found
