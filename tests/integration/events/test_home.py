"""Home and suggested times on real servers: what public events of sessions make of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from showfloor.access.actor import Role
from showfloor.api.common.v1.common_pb2 import Money, Reading
from showfloor.api.events.v1 import event_service_pb2 as ask
from showfloor.api.events.v1 import home_service_pb2 as home_pb
from showfloor.api.events.v1 import suggested_time_service_pb2 as time_pb
from showfloor.api.session.v1 import session_events_pb2 as told
from showfloor.api.session.v1.import_service_pb2 import PastSession
from showfloor.api.session.v1.session_pb2 import SESSION_SOURCE_LIVE, SESSION_SOURCE_REPLAY
from showfloor.kernel.refusal import Refusal
from showfloor.rpc.fields import stamp
from showfloor.testing.waiting import until

ACCOUNT = str(UUID(int=2))
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)


def live(start: datetime, minutes: int, *during: Callable[[str, datetime], Any], **more: Any) -> list[Any]:
    """Return what is told of a LIVE from its start to its report."""
    session = str(uuid4())
    about = {"session_id": session, "account_id": ACCOUNT}
    end = start + timedelta(minutes=minutes)
    went = {"start_time": stamp(start), "source": SESSION_SOURCE_LIVE, "currency": "USD", **more}
    readings = [
        Reading(metric="gmv", value=minutes * 100, currency="USD", exponent=2),
        Reading(metric="impressions", missing="not_known"),
        Reading(metric="acu", value=7.5),
    ]
    return [
        told.WentLive(**about, **went),
        *(one(session, start) for one in during),
        told.SessionEnded(**about, end_time=stamp(end)),
        told.SessionReported(**about, readings=readings, time=stamp(end)),
    ]


def past(start: datetime, gmv: int, viewers: int) -> Any:
    """Return what is told of an imported LIVE of two hours."""
    totals = PastSession(
        reference=uuid4().hex, title="Past", start_time=stamp(start), duration_s=7_200, average_viewers=viewers,
        gmv=Money(minor=gmv, currency="USD", exponent=2),
    )  # fmt: skip
    return told.SessionImported(session_id=str(uuid4()), account_id=ACCOUNT, totals=totals, time=stamp(start))


async def home_of(service: Any) -> Any:
    return await service.user().GetHome(home_pb.GetHomeRequest(account_id=ACCOUNT))


async def asked(service: Any, zone: str = "Europe/Berlin") -> Any:
    request = time_pb.GetSuggestedTimeRequest(account_id=ACCOUNT, time_zone=zone)
    return await service.user().GetSuggestedTime(request)


def bag(products: int) -> Callable[[str, datetime], Any]:
    ids = [str(uuid4()) for _ in range(products)]
    return lambda session, at: told.BagChanged(session_id=session, product_ids=ids, time=stamp(at))


def pin(session: str, at: datetime) -> Any:
    return told.ProductPinChanged(session_id=session, product_id=str(uuid4()), time=stamp(at))


def wrote(viewer_ref: str) -> Callable[[str, datetime], Any]:
    return lambda session, at: told.CommentPosted(session_id=session, viewer_ref=viewer_ref, time=stamp(at))


@pytest.mark.requirement("R5", "R9")
async def test_deeds_and_tasks_follow_what_happened(service: Any, sessions: Any) -> None:
    today = service.now()
    service.now.ahead = timedelta(days=9 - today.weekday(), hours=12 - today.hour)  # a Wednesday at noon
    now = service.now()
    recording = live(now - timedelta(days=1), 60, pin, source=SESSION_SOURCE_REPLAY)
    first = live(now - timedelta(hours=3), 31, bag(1), wrote("viewer"))
    second = live(now - timedelta(hours=2), 45, bag(2), wrote(""))
    third = live(now - timedelta(hours=1), 5, pin)
    for said in (*recording, *first, *second, *first, *recording, *third):  # some of it comes twice
        await sessions.tell(said)

    async def noted() -> bool:
        found = await home_of(service)
        done = {names(one.deed) for one in found.checklist if one.done}
        return found.tasks[0].lives == 2 and done == {
            "DEED_GO_LIVE", "DEED_STAY_ON_AIR", "DEED_SHOW_PRODUCTS", "DEED_PIN_PRODUCT", "DEED_ANSWER_VIEWERS"
        }  # fmt: skip

    names = home_pb.Deed.Name
    await until(noted, "two LIVEs count, and what was done in all three")
    found = await home_of(service)
    assert [(one.task, one.reward) for one in found.rewards] == [("week-2", "Badge “On the air”")]
    assert found.tasks[0].completed and found.tasks[0].goal == 2


@pytest.mark.requirement("R5", "R104")
async def test_a_planned_event_is_a_deed_and_is_to_be_promoted(service: Any) -> None:
    far, near = await service.scheduled(5), await service.scheduled(2)

    async def seen() -> bool:
        return [one.event_id for one in (await home_of(service)).promote] == [near.event_id]

    await until(seen, "the near event is to be promoted")
    done = {one.deed: one.done for one in (await home_of(service)).checklist}
    assert (done[home_pb.DEED_SCHEDULE_EVENT], done[home_pb.DEED_PROMOTE_EVENT]) == (True, False)
    for event in (far, near):
        change = ask.UpdateEventRequest(request_id=event.event_id, event_id=event.event_id, recommend_on_videos=True)
        await service.user().UpdateEvent(change)

    async def promoted() -> bool:
        return not (await home_of(service)).promote

    await until(promoted, "nothing is to be promoted any more")


@pytest.mark.requirement("R96")
async def test_imported_and_corrected_lives_suggest_a_time(service: Any, sessions: Any) -> None:
    assert (await asked(service)).no_suggestion_reason == time_pb.NO_SUGGESTION_REASON_HISTORY_TOO_THIN
    rows = [
        past(MONDAY + timedelta(days=7 * week + day, hours=hour), gmv, viewers)
        for week in range(12)
        for day, hour, gmv, viewers in ((1, 10, 20_000, 50), (4, 18, 80_000, 200))
    ]
    wrong = past(MONDAY, 1, 1)
    right = PastSession()
    right.CopyFrom(rows[0].totals)
    right.reference = wrong.totals.reference
    about = {"session_id": wrong.session_id, "account_id": ACCOUNT}
    for said in (*rows[1:], wrong, told.SessionCorrected(**about, before=wrong.totals, after=right)):
        await sessions.tell(said)

    async def suggested() -> bool:
        found = await asked(service)
        return found.sessions == 24 and found.suggestion.sessions == 12

    await until(suggested, "a time is suggested")
    found = await asked(service)
    best = found.suggestion
    assert (best.weekday, best.hour, best.duration_minutes, found.simulated) == (5, 20, 120, False)
    assert best.local_start.endswith("T20:00") and best.explained > 0.5
    figures = {one.there.metric: (one.there.value, one.account.value) for one in best.evidence}
    assert figures == {"gmv_per_hour": (40_000, 25_000), "acu": (200, 125)}
    assert best.evidence[0].there.currency == "USD"
    with pytest.raises(Refusal) as refused:
        await asked(service, "Mars/Olympus")
    assert (refused.value.reason, refused.value.metadata["field"]) == ("INVALID_FIELD", "time_zone")


@pytest.mark.requirement("R96")
async def test_own_lives_count_by_their_reports_for_three_months(service: Any, sessions: Any) -> None:
    evening = service.now().replace(hour=18, minute=0, second=0, microsecond=0)
    friday = evening - timedelta(days=(evening.weekday() - 4) % 7 or 7)

    async def held(start: datetime, impressions: int) -> None:
        about = {"session_id": str(uuid4()), "account_id": ACCOUNT}
        end = stamp(start + timedelta(hours=1))
        await sessions.tell(told.WentLive(**about, start_time=stamp(start), source=SESSION_SOURCE_LIVE, currency="USD"))
        await sessions.tell(told.SessionEnded(**about, end_time=end))
        shown = [Reading(metric="impressions", value=impressions), Reading(metric="acu", missing="not_known")]
        await sessions.tell(told.SessionReported(**about, readings=shown, time=end, simulated=True))

    for week in range(11, -1, -1):
        await held(friday - timedelta(days=7 * week + 3, hours=6), 1_000)
        await held(friday - timedelta(days=7 * week), 4_000)

    async def suggested() -> bool:
        return bool((await asked(service, "UTC")).sessions == 24)

    await until(suggested, "all LIVEs count")
    found = await asked(service, "UTC")
    assert (found.suggestion.weekday, found.suggestion.hour, found.simulated) == (5, 18, True)
    figures = {one.there.metric: (one.there.value, one.account.value) for one in found.suggestion.evidence}
    assert figures == {"impressions_per_hour": (4_000, 2_500)}
    service.now.ahead = timedelta(days=45)
    assert 0 < (await asked(service, "UTC")).sessions < 24
    service.now.ahead = timedelta(days=93)
    assert (await asked(service, "UTC")).sessions == 0


@pytest.mark.requirement("R10", "R11")
async def test_guides_are_read_and_foreign_accounts_are_not_there(service: Any) -> None:
    guides = (await home_of(service)).guides
    tutorials = {one.topic for one in guides if one.kind == home_pb.GUIDE_KIND_TUTORIAL}
    assert tutorials == set(home_pb.GuideTopic.values()) - {home_pb.GUIDE_TOPIC_UNSPECIFIED}
    assert sum(one.kind == home_pb.GUIDE_KIND_EXAMPLE for one in guides) >= 3
    reader = service.user(Role.ANALYST)
    text = await reader.GetGuide(home_pb.GetGuideRequest(slug=guides[0].slug))
    assert text.guide == guides[0] and len(text.blocks) > 5
    stranger = service.foreigner()
    for ask_of in (
        reader.GetGuide(home_pb.GetGuideRequest(slug="no-such")),
        stranger.GetHome(home_pb.GetHomeRequest(account_id=ACCOUNT)),
        stranger.GetSuggestedTime(time_pb.GetSuggestedTimeRequest(account_id=ACCOUNT, time_zone="UTC")),
    ):
        with pytest.raises(Refusal) as refused:
            await ask_of
        assert refused.value.reason in ("GUIDE_NOT_FOUND", "ACCOUNT_NOT_FOUND")
