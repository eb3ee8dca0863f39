"""Home and suggested times through the gateway: what a host really did, earned, and may learn."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from showfloor.testing.hosts import Host
from showfloor.testing.system import soon


def home(host: Host) -> dict[str, Any]:
    return host.api.get("/home", account_id=host.account)  # type: ignore[no-any-return]


def done(host: Host) -> set[str]:
    return {one["deed"] for one in home(host)["checklist"] if one["done"]}


@pytest.mark.requirement("R5", "R9")
def test_what_a_host_did_is_told_and_earns_a_reward(host: Host) -> None:
    fresh = home(host)
    assert done(host) == set() and fresh["rewards"] == []
    (task,) = fresh["tasks"]
    assert (task["title"], task["goal"], task["lives"], task["completed"]) == ("Twice", 2, 0, False)
    first = host.live("First", products=2)
    first.post("end")
    soon(lambda: home(host)["tasks"][0]["lives"], lambda lives: lives == 1)
    assert home(host)["rewards"] == []
    second = host.live("Second", products=1)
    second.put(f"bag/{second.products[0]}/pin")
    second.post("replies", {"text": "Welcome!"})
    second.post("end")
    wanted = {"go_live", "show_products", "pin_product", "answer_viewers"}  # nobody was on air for 30 minutes
    soon(lambda: (done(host), home(host)["tasks"][0]["completed"]), lambda found: found == (wanted, True))
    (reward,) = home(host)["rewards"]
    assert (reward["task"], reward["reward"]) == ("twice", "A cup of tea")


@pytest.mark.requirement("R5", "R104")
def test_an_event_is_to_be_promoted_two_to_three_days_before(host: Host) -> None:
    def schedule(days: int) -> str:
        day = (datetime.now(UTC) + timedelta(days=days)).date()
        time = {"local_start": f"{day}T20:00", "time_zone": "Europe/Berlin", "duration_minutes": 60}
        body = {"account_id": host.account, "title": f"In {days}", "time": time}
        return host.api.post("/events", body)["event"]["event_id"]  # type: ignore[no-any-return]

    _, near = schedule(6), schedule(2)
    reminders = soon(lambda: home(host)["promote"])
    assert [(one["event_id"], one["title"]) for one in reminders] == [(near, "In 2")]
    assert done(host) == {"schedule_event"}
    host.api.send("PATCH", f"/events/{near}", {"recommend_on_videos": True})
    soon(lambda: home(host), lambda found: found["promote"] == [])
    assert done(host) == {"schedule_event", "promote_event"}


@pytest.mark.requirement("R10")
def test_guides_are_listed_by_topic_and_read(host: Host) -> None:
    guides = home(host)["guides"]
    topics = {one["topic"] for one in guides if one["kind"] == "tutorial"}
    assert topics == {"product_selection", "content_structure", "sales_pitch", "violation_risk"}
    for guide in guides:
        read = host.api.get(f"/guides/{guide['slug']}")
        assert read["guide"] == guide and {one["kind"] for one in read["blocks"]} >= {"heading", "paragraph", "item"}
    host.api.refused(404, "GUIDE_NOT_FOUND", "GET", "/guides/no-such-guide")


@pytest.mark.requirement("R96")
def test_an_imported_past_suggests_when_to_begin(host: Host) -> None:
    path = f"/accounts/{host.account}/suggested-time"
    none = host.api.get(path, time_zone="Europe/Berlin")
    assert (none["no_suggestion_reason"], none["sessions"]) == ("history_too_thin", 0)
    monday = datetime(2026, 6, 1, tzinfo=UTC)
    past = [
        {
            "reference": f"{week}-{day}", "title": "Past", "duration_s": 7_200, "average_viewers": viewers,
            "start_time": (monday + timedelta(days=7 * week + day, hours=hour)).isoformat(), "gmv": host.money(gmv),
        }
        for week in range(12)
        for day, hour, gmv, viewers in ((1, 10, 20_000, 50), (4, 18, 80_000, 200))
    ]  # fmt: skip
    host.api.post(f"/accounts/{host.account}/history", {"sessions": past})
    found = soon(lambda: host.api.get(path, time_zone="Europe/Berlin"), lambda one: one["sessions"] == 24)
    best = found["suggestion"]
    assert (best["weekday"], best["hour"], best["duration_minutes"], best["sessions"]) == (5, 20, 120, 12)
    start = datetime.fromisoformat(best["start_time"])
    assert start > datetime.now(UTC) and start.weekday() == 4
    evidence = [(one["there"]["metric"], one["there"]["value"], one["account"]["value"]) for one in best["evidence"]]
    assert evidence == [("gmv_per_hour", 40_000, 25_000), ("acu", 200, 125)]
    host.api.refused(400, "INVALID_FIELD", "GET", f"{path}?time_zone=Mars")
