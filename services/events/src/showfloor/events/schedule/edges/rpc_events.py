"""EventService: an account's schedule, planned and read."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from showfloor.access.resources import System
from showfloor.api.events.v1 import event_pb2
from showfloor.api.events.v1 import event_service_pb2 as pb
from showfloor.events.schedule.domain import schedule_rules as rules
from showfloor.events.schedule.domain.policy import Policy
from showfloor.events.schedule.domain.schedule import SCHEDULE, LiveEvent, Schedule, schedule_id
from showfloor.events.schedule.edges import reading
from showfloor.events.schedule.edges.authorizing import VIEWS, Events
from showfloor.events.schedule.edges.event_queries import EventRow, Wanted, find_event, list_events
from showfloor.events.schedule.edges.messages import event_message
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.decider import Rule
from showfloor.kernel.ids import derive_id
from showfloor.rpc import checks, cursors
from showfloor.rpc.caller import current
from showfloor.rpc.fields import stamp
from showfloor.service.allowing import account_for, listed, may
from showfloor.service.builder import Builder
from showfloor.service.watermarks import reached

C = TypeVar("C", bound=rules.Command)


class AfterEvent(msgspec.Struct, frozen=True):
    """The last event of a page."""

    start_at: datetime
    event_id: UUID


class EventCalls:
    """One method per RPC. The proto's comments say what each does and refuses."""

    def __init__(self, base: Builder, policy: Policy) -> None:
        self._store, self._views, self._database, self._clock = base.store, base.views, base.database, base.clock
        self._events, self._policy = Events(base.store, base.views, base.database), policy

    async def ScheduleEvent(self, request: pb.ScheduleEventRequest, _: Any) -> pb.ScheduleEventResponse:
        request_id = checks.request_id(request.request_id)
        home = await account_for(request.account_id)
        title, description = _title(request.title), _description(request.description)
        time, start_at = reading.planned_time(request.time)
        now = self._clock()
        command = rules.ScheduleEvent(
            account_id=home.account_id,
            event_id=derive_id(home.account_id, "event", request_id),
            now=now,
            shop_id=home.shop_id,
            title=title,
            description=description,
            time=time,
            start_at=start_at or now,
            origin=reading.origin_of(request.origin),
            policy=self._policy,
        )
        done = await self._execute(rules.schedule_event, command, request_id)
        return pb.ScheduleEventResponse(event=self._shown(done, command.event_id), position=done.position)

    async def UpdateEvent(self, request: pb.UpdateEventRequest, _: Any) -> pb.UpdateEventResponse:
        request_id = checks.request_id(request.request_id)
        version = checks.position(request.expected_version, "expected_version")
        row = await self._events.event_for(request.event_id)
        given: dict[str, Any] = {}
        if request.HasField("title"):
            given["title"] = _title(request.title)
        if request.HasField("description"):
            given["description"] = _description(request.description)
        if request.HasField("time"):
            given["time"], given["start_at"] = reading.planned_time(request.time, known_zone=True)
        if request.HasField("recommend_on_videos"):
            given["recommend_on_videos"] = request.recommend_on_videos
        if request.HasField("teasers"):
            given["teaser_urls"] = reading.teasers_of(request.teasers.urls)
        command = rules.UpdateEvent(**self._about(row), expected_version=version, policy=self._policy, **given)
        done = await self._execute(rules.update_event, command, request_id)
        return pb.UpdateEventResponse(event=self._shown(done, row.event_id), position=done.position)

    async def DeleteEvent(self, request: pb.DeleteEventRequest, _: Any) -> pb.DeleteEventResponse:
        request_id = checks.request_id(request.request_id)
        version = checks.position(request.expected_version, "expected_version")
        row = await self._events.event_for(request.event_id, deleted=True)
        command = rules.DeleteEvent(**self._about(row), expected_version=version)
        done = await self._execute(rules.delete_event, command, request_id)
        return pb.DeleteEventResponse(position=done.position)

    async def GetEvent(self, request: pb.GetEventRequest, _: Any) -> pb.GetEventResponse:
        await reached(self._store, self._views, VIEWS, request.min_position)
        row = await self._events.event_for(request.event_id)
        return pb.GetEventResponse(event=self._message(row.event()))

    async def ListEvents(self, request: pb.ListEventsRequest, _: Any) -> pb.ListEventsResponse:
        account_id = (await account_for(request.account_id)).account_id if request.account_id else None
        if account_id is None:
            await may(System())
        size = checks.page_size(request.page_size)
        filters = cursors.filters_of(request, "page_token", "page_size", "min_position")
        place = cursors.decode(request.page_token, AfterEvent, filters)
        wanted = Wanted(
            scope=None if account_id else await listed(),
            account_id=account_id,
            after=checks.when(request, "after_time"),
            before=checks.when(request, "before_time"),
            latest_first=request.latest_first,
            place=(place.start_at, place.event_id) if place else None,
            limit=size + 1,
            now=self._clock(),
        )
        await reached(self._store, self._views, VIEWS, request.min_position)
        rows = await list_events(self._database, wanted)
        last = rows[size - 1] if len(rows) > size else None
        return pb.ListEventsResponse(
            events=[self._message(row.event()) for row in rows[:size]],
            next_page_token=cursors.encode(AfterEvent(last.start_at, last.event_id), filters) if last else "",
        )

    async def CheckEventTime(self, request: pb.CheckEventTimeRequest, _: Any) -> pb.CheckEventTimeResponse:
        home = await account_for(request.account_id)
        key = checks.uuid("event_id", request.event_id) if request.event_id else None
        origin, now = reading.origin_of(request.origin), self._clock()
        time, start_at = reading.planned_time(request, "")
        schedule = (await self._store.load(SCHEDULE, schedule_id(home.account_id))).state
        if key is not None:
            moved = rules.known_event(schedule, key, now, await self._became(home.account_id, key))
            start_at, end_at = rules.planned_span(moved, time, start_at, now, self._policy)
        else:
            start_at = start_at or now
            end_at = start_at + rules.duration_of(time, self._policy)
            rules.must_start_in_time(start_at, now, origin, self._policy)
            rules.must_have_room(schedule, now, self._policy)
        overlapping = schedule.in_the_way(start_at, end_at, now, key)
        return pb.CheckEventTimeResponse(
            start_time=stamp(start_at),
            end_time=stamp(end_at),
            overlapping=[self._message(one) for one in overlapping],
        )

    def _about(self, row: EventRow) -> dict[str, Any]:
        return {"account_id": row.account_id, "event_id": row.event_id, "now": self._clock(), "gone": _gone(row)}

    async def _became(self, account_id: UUID, event_id: UUID) -> rules.Gone:
        """Return what became of an event of the account that its schedule may have forgotten."""
        row = await find_event(self._database, event_id)
        return _gone(row) if row is not None and row.account_id == account_id else ""

    async def _execute(self, rule: Rule[Schedule, C], command: C, request_id: str) -> Outcome[Schedule]:
        """Decide. A request id is one event's: whoever changes another event of the account may use it, too."""
        stream, meta = schedule_id(command.account_id), current().meta(request_id)
        name = f"{request_id}@{command.event_id}"
        return await self._store.execute(SCHEDULE, stream, rule, command, meta, remember_as=name)

    def _shown(self, done: Outcome[Schedule], event_id: UUID) -> event_pb2.LiveEvent:
        event = done.state.find(event_id)
        assert event is not None, "the command made or changed it"
        return self._message(event)

    def _message(self, event: LiveEvent) -> event_pb2.LiveEvent:
        return event_message(event, self._clock(), self._policy)


def _gone(row: EventRow) -> rules.Gone:
    return "deleted" if row.deleted else "ended" if row.over_at is not None else ""


def _title(text: str) -> str:
    return checks.line("title", text, 1, reading.MAX_TITLE)


def _description(text: str) -> str:
    return checks.text("description", text, 0, reading.MAX_DESCRIPTION)
