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
