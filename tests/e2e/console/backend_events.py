"""The routes of LIVE events, answered from a state that the test may change, with the rules that screens tell of."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import shop
from starlette.datastructures import QueryParams
from starlette.responses import JSONResponse

Json = dict[str, Any]
Answer = Json | JSONResponse | None
SHORTEST, LONGEST = 30, 780
SCREEN_ZONE = "Europe/Berlin"


def event(number: int, title: str, start: datetime, minutes: int = 120, **more: Any) -> Json:
    """An event as GetEvent answers it."""
    return {
        "event_id": f"e0000000-0000-4000-8000-{number:012d}", "account_id": shop.ACCOUNT, "title": title,
        "description": "", "start_time": shop.stamp(start), "end_time": shop.stamp(start + timedelta(minutes=minutes)),
        "duration_minutes": minutes, "time_zone": SCREEN_ZONE, "origin": "desktop", "state": "scheduled",
        "sessions": [{"session_id": f"e5000000-0000-4000-8000-{number:012d}", "number": 1}],
        "recommend_on_videos": False, "teaser_urls": [], "sequence": 0, "version": 1, **more,
    }  # fmt: skip


def usual(now: datetime) -> list[Json]:
    """One event that is over, of two sessions; one that nobody held; two ahead."""
    evening = now.astimezone(ZoneInfo(SCREEN_ZONE)).replace(hour=18, minute=0, second=0, microsecond=0)
    past = evening - timedelta(days=2)
    spans = ((shop.ENDED, 0, 50), (shop.IMPORTED, 70, 115))
    held = [
        {
            "session_id": session, "number": number,
            "start_time": shop.stamp(past + timedelta(minutes=first)),
            "end_time": shop.stamp(past + timedelta(minutes=last)),
        }
        for number, (session, first, last) in enumerate(spans, 1)
    ]  # fmt: skip
    return [
        event(1, "Sunday slow living", past, state="ended", sessions=held),
        event(2, "Rainy day sale", evening - timedelta(days=1, hours=6), 90, state="ended"),
        event(3, "Night market", evening + timedelta(days=1), 150, description="Ceramics from three small studios."),
        event(4, "Breakfast table", evening + timedelta(days=3, hours=-8), 45),
    ]


def refusal(code: str, **metadata: str) -> JSONResponse:
    body = {"status": 409, "code": code, "detail": code, "request_id": "test", "metadata": metadata}
    return JSONResponse(body, 409, media_type="application/problem+json")


def starts(local_start: str, zone: str, occurrence: str) -> datetime | JSONResponse:
    """The moment of a local time; or why there is none, or which two."""
    local = datetime.fromisoformat(local_start).replace(tzinfo=ZoneInfo(zone))
    first, second = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    about = {"local_start": local_start, "time_zone": zone}
    if first == second:
        return first
    if first.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        # Clocks go forward over it: read by the offset of after, it is just before the change.
        change = second.replace(minute=0, second=0) + timedelta(hours=1) if second.minute else second
        return refusal("NO_SUCH_LOCAL_TIME", **about, next_time=shop.stamp(change))
    if occurrence in ("earlier", "later"):
        return first if occurrence == "earlier" else second
    return refusal("LOCAL_TIME_TWICE", **about, earlier_time=shop.stamp(first), later_time=shop.stamp(second))


def _span(time: Json) -> tuple[datetime, datetime] | JSONResponse:
    start = starts(time["local_start"], time["time_zone"], time.get("occurrence", ""))
    if isinstance(start, JSONResponse):
        return start
    if start < datetime.now(UTC):
        return refusal("START_IN_THE_PAST", start_time=shop.stamp(start))
    return start, start + timedelta(minutes=int(time["duration_minutes"]))


def _overlapping(events: dict[str, Json], account: str, span: tuple[datetime, datetime], besides: str) -> list[Json]:
    first, last = (shop.stamp(one) for one in span)
    return [
        one for one in events.values()
        if one["account_id"] == account and one["event_id"] != besides and one["state"] != "ended"
        and one["start_time"] < last and one["end_time"] > first
    ]  # fmt: skip


def reads(events: dict[str, Json], path: list[str], query: QueryParams) -> Answer:
    """Answer a GET, or None for a path that is not known."""
    match path:
        case ["events"]:
            after, before = query.get("after_time", ""), query.get("before_time", "9")
            found = [one for one in events.values() if one["end_time"] > after and one["start_time"] < before]
            return {"events": sorted(found, key=lambda one: one["start_time"]), "next_page_token": ""}
        case ["events", event_id] if event_id in events:
            return {"event": events[event_id]}
        case ["events", event_id, "registrations"] if event_id in events:
            return {"invitations": [], "asked": 3, "confirmed": 41, "unsubscribed": 1, "next_page_token": ""}
        case ["accounts", _, "suggested-time"]:
            return {"sessions": 3, "sessions_needed": 12, "no_suggestion_reason": "history_too_thin"}
        case ["accounts", account, "event-time"]:
            span = _span(dict(query))
            if isinstance(span, JSONResponse):
                return span
            there = _overlapping(events, account, span, query.get("event_id", ""))
            return {"start_time": shop.stamp(span[0]), "end_time": shop.stamp(span[1]), "overlapping": there}
    return None


def _timed(events: dict[str, Json], of: Json, time: Json) -> JSONResponse | None:
    span = _span(time)
    if isinstance(span, JSONResponse):
        return span
    for other in _overlapping(events, of["account_id"], span, of["event_id"]):
        return refusal("EVENT_OVERLAPS", **{key: other[key] for key in ("event_id", "title", "start_time", "end_time")})
    of |= {"start_time": shop.stamp(span[0]), "end_time": shop.stamp(span[1]), "time_zone": time["time_zone"]}
    of |= {"duration_minutes": int(time["duration_minutes"]), "sequence": of["sequence"] + 1}
    return None


def writes(events: dict[str, Json], method: str, path: list[str], body: Json) -> Answer:
    """Answer a change, or None for a path that is not known."""
    match [method, *path]:
        case ["POST", "events"]:
            made = event(len(events) + 1, body["title"], datetime.now(UTC), description=body["description"])
            made["account_id"] = body["account_id"]
            if refused := _timed(events, made, body["time"]):
                return refused
            events[made["event_id"]] = made
            return {"event": made, "position": 1}
        case ["PATCH", "events", event_id] if event_id in events:
            of = events[event_id]
            if "time" in body and (refused := _timed(events, of, body["time"])):
                return refused
            of |= {key: body[key] for key in ("title", "description", "recommend_on_videos") if key in body}
            if "teasers" in body:
                of["teaser_urls"] = body["teasers"]["urls"]
            of["version"] += 1
            return {"event": of, "position": 1}
        case ["DELETE", "events", event_id] if event_id in events:
            del events[event_id]
            return {"position": 1}
    return None
