"""Planning LIVE events through the gateway: made, refused where another takes place, listed, moved, deleted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from showfloor.testing.hosts import Host


def tomorrow(clock: str, minutes: int = 60) -> dict[str, Any]:
    """Return a time of tomorrow in Berlin."""
    day = (datetime.now(UTC) + timedelta(days=1)).date()
    return {"local_start": f"{day}T{clock}", "time_zone": "Europe/Berlin", "duration_minutes": minutes}


def schedule(host: Host, clock: str, **more: Any) -> dict[str, Any]:
    body = {"account_id": host.account, "title": f"At {clock}", "time": tomorrow(clock), **more}
    return host.api.post("/events", body)["event"]  # type: ignore[no-any-return]


@pytest.mark.requirement("R12", "R91", "R95")
def test_events_are_planned_listed_and_deleted(host: Host) -> None:
    late, early = schedule(host, "20:00"), schedule(host, "10:00", description="Mugs")
    assert (early["state"], early["duration_minutes"], early["description"]) == ("scheduled", 60, "Mugs")
    assert host.api.get(f"/events/{early['event_id']}")["event"] == early
    of_account = {"account_id": host.account}
    listed = host.api.get("/events", **of_account)["events"]
    assert [one["event_id"] for one in listed] == [early["event_id"], late["event_id"]]
    gone = host.api.delete(f"/events/{late['event_id']}")
    now = {"min_position": gone["position"], **of_account}
    assert [one["title"] for one in host.api.get("/events", **now)["events"]] == ["At 10:00"]
    host.api.refused(404, "EVENT_NOT_FOUND", "GET", f"/events/{late['event_id']}")


@pytest.mark.requirement("R94")
def test_an_event_is_refused_where_another_takes_place(host: Host) -> None:
    first = schedule(host, "20:00")
    body = {"account_id": host.account, "title": "Too", "time": tomorrow("20:30")}
    other = host.api.refused(409, "EVENT_OVERLAPS", "POST", "/events", body)["metadata"]
    assert (other["event_id"], other["title"]) == (first["event_id"], "At 20:00")
    touching = schedule(host, "21:00")
    host.api.delete(f"/events/{first['event_id']}")
    assert schedule(host, "20:00")["end_time"] == touching["start_time"]


@pytest.mark.requirement("R92")
def test_an_event_takes_half_an_hour_to_thirteen_hours(host: Host) -> None:
    for minutes in (29, 781):
        body = {"account_id": host.account, "title": "Mugs", "time": tomorrow("08:00", minutes)}
        told = host.api.refused(400, "DURATION_OUT_OF_RANGE", "POST", "/events", body)["metadata"]
        assert (told["shortest"], told["longest"]) == ("30", "780")
    assert schedule(host, "08:00", time=tomorrow("08:00", 780))["duration_minutes"] == 780
    assert schedule(host, "21:00", time=tomorrow("21:00", 30))["duration_minutes"] == 30


@pytest.mark.requirement("R91")
def test_an_event_starts_at_once_or_on_a_phone_two_hours_later(host: Host) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=90)).isoformat()[:16]
    time = {"local_start": soon, "time_zone": "UTC", "duration_minutes": 30}
    body = {"account_id": host.account, "title": "Mugs", "time": time, "origin": "mobile"}
    host.api.refused(400, "START_TOO_SOON", "POST", "/events", body)
    assert host.api.post("/events", {**body, "origin": "desktop"})["event"]["state"] == "scheduled"
    now = host.api.post("/events", {**body, "time": {"time_zone": "UTC", "duration_minutes": 30}, "origin": "desktop"})
    assert now["event"]["state"] == "ready"


@pytest.mark.requirement("R93", "R94")
def test_an_event_is_moved_and_promoted(host: Host) -> None:
    other, event = schedule(host, "20:00"), schedule(host, "10:00")
    path, check = f"/events/{event['event_id']}", f"/accounts/{host.account}/event-time"
    asked = {**tomorrow("20:30"), "event_id": event["event_id"]}
    assert [one["event_id"] for one in host.api.get(check, **asked)["overlapping"]] == [other["event_id"]]
    host.api.refused(409, "EVENT_OVERLAPS", "PATCH", path, {"time": tomorrow("20:30")})
    assert not host.api.get(check, **{**asked, **tomorrow("12:00")}).get("overlapping")
    moved = host.api.send("PATCH", path, {"time": tomorrow("12:00"), "title": "Mugs"}).json()["event"]
    assert (moved["sequence"], moved["title"]) == (1, "Mugs")
    body = {"recommend_on_videos": True, "teasers": {"urls": ["https://videos.example.com/1"]}}
    shown = host.api.send("PATCH", path, body, headers={"If-Match": f'"{moved["version"]}"'}).json()["event"]
    assert (shown["recommend_on_videos"], shown["sequence"]) == (True, 1)
    assert shown["teaser_urls"] == ["https://videos.example.com/1"]
    stale = host.api.send("PATCH", path, {"title": "Cups"}, headers={"If-Match": f'"{moved["version"]}"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "VERSION_CONFLICT")


def test_local_times_that_clocks_leave_out_or_show_twice(host: Host) -> None:
    check = f"/accounts/{host.account}/event-time"
    twice = {"local_start": "2026-10-25T02:30", "time_zone": "Europe/Berlin", "duration_minutes": 60}
    answer = host.api.send("GET", check, params=twice).json()
    assert (answer["code"], answer["metadata"]["later_time"]) == ("LOCAL_TIME_TWICE", "2026-10-25T02:30:00+01:00")
    answer = host.api.send("GET", check, params={**twice, "local_start": "2026-03-29T02:30"}).json()
    assert (answer["code"], answer["metadata"]["next_time"]) == ("NO_SUCH_LOCAL_TIME", "2026-03-29T03:00:00+02:00")
