"""Planning events on real servers: commands, refusals, lists."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from showfloor.access.actor import Role
from showfloor.access.membership.lists import FEW
from showfloor.api.events.v1 import event_pb2 as pb
from showfloor.api.events.v1 import event_service_pb2 as ask
from showfloor.events.schedule.views import live_event
from showfloor.kernel.refusal import Refusal
from showfloor.testing.refusals import refusal_of

ACCOUNT, SECOND, FOREIGN = UUID(int=2), UUID(int=3), UUID(int=5)


def ids(answer: ask.ListEventsResponse) -> list[str]:
    return [one.event_id for one in answer.events]


async def test_an_event_is_made_read_listed_and_deleted(service: Any, plan: Any) -> None:
    host, wanted = service.user(), plan.event(3, request_id="one", description="Red mugs")
    made = await host.ScheduleEvent(wanted)
    assert await host.ScheduleEvent(wanted) == made  # a resend
    event = made.event
    assert (event.state, event.duration_minutes, event.sequence, event.version) == (pb.EVENT_STATE_SCHEDULED, 60, 0, 1)
    got = await host.GetEvent(ask.GetEventRequest(event_id=event.event_id, min_position=made.position))
    assert got.event == event
    other = plan.event(4, request_id="one", description="Red mugs")
    assert (await refusal_of(host.ScheduleEvent(other))).reason == "REQUEST_ID_REUSED"
    gone = ask.DeleteEventRequest(request_id="one", event_id=event.event_id)  # an id is one event's: "one" was its name
    assert (await refusal_of(host.DeleteEvent(gone))).reason == "REQUEST_ID_REUSED"
    gone.request_id = "two"
    done = await host.DeleteEvent(gone)
    assert await host.DeleteEvent(gone) == done
    again = ask.DeleteEventRequest(request_id="three", event_id=event.event_id)
    assert (await host.DeleteEvent(again)).position == done.position  # it is gone already
    assert ids(await host.ListEvents(ask.ListEventsRequest(min_position=done.position))) == []
    assert (await refusal_of(host.GetEvent(ask.GetEventRequest(event_id=event.event_id)))).reason == "EVENT_NOT_FOUND"


@pytest.mark.requirement("R94")
async def test_of_those_who_plan_at_once_one_wins(service: Any, plan: Any) -> None:
    asked = [service.user().ScheduleEvent(plan.event(3, title=f"Show {n}")) for n in range(12)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    (won,) = (one.event for one in answers if isinstance(one, ask.ScheduleEventResponse))
    refusals = [one for one in answers if isinstance(one, Refusal)]
    assert {one.reason for one in refusals} == {"EVENT_OVERLAPS"} and len(refusals) == 11
    assert {(one.metadata["event_id"], one.metadata["title"]) for one in refusals} == {(won.event_id, won.title)}
    assert await service.scheduled(3, account=SECOND)  # another account has its own schedule


async def test_an_event_can_be_changed_before_a_view_knows_it(service: Any, database: str, plan: Any) -> None:
    host = service.user()
    await service.scheduled(9)
    with psycopg.connect(database) as other:
        other.execute(f"LOCK TABLE {live_event.VIEW.schema}.live_event IN EXCLUSIVE MODE")  # nobody writes it now
        made = await service.scheduled(3)
        change = ask.UpdateEventRequest(request_id="u", event_id=made.event_id, title="Cups")
        changing = asyncio.create_task(host.UpdateEvent(change))
        await asyncio.sleep(0)
    assert (await changing).event.title == "Cups"
    assert (await host.DeleteEvent(ask.DeleteEventRequest(request_id="d", event_id=made.event_id))).position


async def test_an_event_is_changed(service: Any, plan: Any) -> None:
    host, made = service.user(), await service.scheduled(3)
    named = {"event_id": made.event_id}
    promoted = ask.UpdateEventRequest(
        request_id="p", description="Red", recommend_on_videos=True, **named,
        teasers=ask.Teasers(urls=["https://x.example/1", "https://x.example/2"]), expected_version=1,
    )  # fmt: skip
    event = (await host.UpdateEvent(promoted)).event
    assert (event.description, event.recommend_on_videos, len(event.teaser_urls)) == ("Red", True, 2)
    assert (event.sequence, event.version) == (0, 2)
    stale = ask.UpdateEventRequest(request_id="s", title="Cups", expected_version=1, **named)
    assert (await refusal_of(host.UpdateEvent(stale))).reason == "VERSION_CONFLICT"
    moved = ask.UpdateEventRequest(request_id="m", time=plan.at(4, "21:00", 90), **named)
    done = await host.UpdateEvent(moved)
    assert (done.event.sequence, done.event.duration_minutes, done.event.title) == (1, 90, made.title)
    assert await host.UpdateEvent(moved) == done
    got = (await host.GetEvent(ask.GetEventRequest(min_position=done.position, **named))).event
    assert got == done.event
    cleared = ask.UpdateEventRequest(request_id="c", teasers=ask.Teasers(), description="", **named)
    event = (await host.UpdateEvent(cleared)).event
    assert (event.description, list(event.teaser_urls), event.recommend_on_videos) == ("", [], True)


async def test_what_is_malformed_is_refused(service: Any) -> None:
    made = await service.scheduled(3)
    for field, value in (
        ("title", ""),
        ("description", "x" * 1_001),
        ("teasers", ask.Teasers(urls=["http://x.example"])),
        ("teasers", ask.Teasers(urls=["https://x.example"] * 2)),
        ("time", ask.EventTime(local_start="2027-01-01T20:00", duration_minutes=60)),
        ("time", ask.EventTime(local_start="20:00", time_zone="UTC", duration_minutes=60)),
        ("time", ask.EventTime(local_start="2027-02-30T20:00", time_zone="UTC", duration_minutes=60)),
        ("expected_version", -1),
    ):
        change = ask.UpdateEventRequest(request_id="u", event_id=made.event_id, **{field: value})
        assert (await refusal_of(service.user().UpdateEvent(change))).reason == "INVALID_FIELD", field


async def test_a_plan_is_checked_without_keeping_it(service: Any, plan: Any) -> None:
    host, made = service.user(), await service.scheduled(3)
    time = plan.at(3, "20:30", 60)
    said = {name: getattr(time, name) for name in ("local_start", "time_zone", "duration_minutes")}
    check = ask.CheckEventTimeRequest(account_id=str(ACCOUNT), **said)
    found = await host.CheckEventTime(check)
    assert list(found.overlapping) == [made]
    assert (found.end_time.seconds - found.start_time.seconds) == 3_600
    check.event_id = made.event_id  # it is moved: it is in nobody's way
    assert not (await host.CheckEventTime(check)).overlapping
    check.event_id = str(uuid4())
    assert (await refusal_of(host.CheckEventTime(check))).reason == "EVENT_NOT_FOUND"
    check.event_id = ""
    for local, reason in (("2026-03-29T02:30", "NO_SUCH_LOCAL_TIME"), ("2026-10-25T02:30", "LOCAL_TIME_TWICE")):
        check.local_start = local
        assert (await refusal_of(host.CheckEventTime(check))).reason == reason
    check.occurrence = pb.OCCURRENCE_LATER
    assert (await refusal_of(host.CheckEventTime(check))).reason == "START_IN_THE_PAST"


async def test_lists_are_of_a_span_in_pages_and_either_way(service: Any, plan: Any) -> None:
    host = service.user()
    made = [await service.scheduled(day, account) for day in (2, 3, 4) for account in (SECOND, ACCOUNT)]
    in_order = [one.event_id for one in sorted(made, key=lambda one: (one.start_time.seconds, UUID(one.event_id)))]

    async def pages(**more: Any) -> list[str]:
        found, token = list[str](), ""
        while True:
            answer = await host.ListEvents(ask.ListEventsRequest(page_size=2, page_token=token, **more))
            found, token = found + ids(answer), answer.next_page_token
            if not token:
                return found

    assert await pages() == in_order
    assert await pages(latest_first=True) == in_order[::-1]
    assert await pages(account_id=str(ACCOUNT)) == [made[n].event_id for n in (1, 3, 5)]
    day = {"after_time": made[2].start_time, "before_time": made[4].start_time}
    assert await pages(**day) == in_order[2:4]
    assert await pages(after_time=made[0].end_time, account_id=str(SECOND)) == [made[n].event_id for n in (2, 4)]
    first = await host.ListEvents(ask.ListEventsRequest(page_size=2))
    wrong = ask.ListEventsRequest(page_size=2, page_token=first.next_page_token, latest_first=True)
    assert (await refusal_of(host.ListEvents(wrong))).metadata["field"] == "page_token"


async def test_very_many_accounts_are_listed_in_the_same_order(service: Any, plan: Any) -> None:
    made = [await service.scheduled(day, account) for day in (2, 3, 4) for account in (SECOND, ACCOUNT)]
    wanted = [one.event_id for one in sorted(made, key=lambda one: (one.start_time.seconds, UUID(one.event_id)))]
    agency, foreign = service.with_accounts(FEW + 1), service.with_accounts(FEW + 2, but=ACCOUNT)
    span = {"after_time": made[0].start_time, "before_time": made[4].start_time}
    for limits, part in (({}, wanted), (span, wanted[:4]), ({"latest_first": True}, wanted[::-1])):
        first = await agency.ListEvents(ask.ListEventsRequest(page_size=3, **limits))
        rest = ask.ListEventsRequest(page_size=3, page_token=first.next_page_token, **limits)
        assert ids(first) + ids(await agency.ListEvents(rest)) == part
        theirs = {one.event_id for one in made if one.account_id == str(SECOND)}
        assert ids(await foreign.ListEvents(ask.ListEventsRequest(**limits))) == [one for one in part if one in theirs]


async def test_what_is_foreign_does_not_exist_and_roles_say_who_plans(service: Any, plan: Any) -> None:
    made, stranger = await service.scheduled(3), service.foreigner()
    named = {"event_id": made.event_id}
    for asked in (
        stranger.GetEvent(ask.GetEventRequest(**named)),
        stranger.UpdateEvent(ask.UpdateEventRequest(request_id="u", title="x", **named)),
        stranger.DeleteEvent(ask.DeleteEventRequest(request_id="d", **named)),
        stranger.GetEvent(ask.GetEventRequest(event_id=str(uuid4()))),
    ):
        assert (await refusal_of(asked)).reason == "EVENT_NOT_FOUND"
    of_account = ask.ListEventsRequest(account_id=str(ACCOUNT))
    assert (await refusal_of(stranger.ListEvents(of_account))).reason == "ACCOUNT_NOT_FOUND"
    assert (await refusal_of(stranger.ScheduleEvent(plan.event(4)))).reason == "ACCOUNT_NOT_FOUND"
    assert ids(await stranger.ListEvents(ask.ListEventsRequest())) == []
    analyst = service.user(Role.ANALYST)
    assert ids(await analyst.ListEvents(of_account)) == [made.event_id]
    assert (await refusal_of(analyst.ScheduleEvent(plan.event(4)))).reason == "PERMISSION"
    gone = ask.DeleteEventRequest(request_id="d", **named)
    assert (await refusal_of(analyst.DeleteEvent(gone))).reason == "PERMISSION"
