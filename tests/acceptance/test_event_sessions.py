"""The sessions of LIVE events, through the gateway: prepared with the event, on air from its start on, gone with it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from showfloor.testing.hosts import Host, Live
from showfloor.testing.system import Rest, System, soon

LINK = f"https://shop.example/{uuid4().hex}"


def planned(host: Host, **time: Any) -> dict[str, Any]:
    body = {"account_id": host.account, "title": "Tea", "time": {"time_zone": "UTC", "duration_minutes": 60, **time}}
    return host.api.post("/events", body)["event"]  # type: ignore[no-any-return]


def opened(host: Host, event: dict[str, Any]) -> Live:
    """Return the newest session of an event once it is there."""
    session = event["sessions"][-1]
    soon(lambda: host.api.send("GET", f"/sessions/{session['session_id']}").status_code == 200)
    return Live(host, session)


@pytest.mark.requirement("R7", "R33", "R65", "R78", "R95")
def test_before_its_start_a_session_is_prepared_and_announced(host: Host, system: System) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    event = planned(host, local_start=f"{tomorrow}T20:00")
    session = opened(host, event)
    session.fill(host.products(1))
    session.post("practice")
    host.api.refused(409, "TOO_EARLY", "POST", session.path("live"))
    session.delete("practice")
    host.api.refused(409, "BELONGS_TO_EVENT", "DELETE", session.path())
    anybody, watch = Rest(system.url), f"/watch/{session.id}"
    shown = anybody.get(watch)
    told = {name: value for name, value in shown["session"].items() if value}
    start = event["start_time"]
    assert told == {
        "session_id": session.id, "title": "Tea", "state": "prepared", "source": "unspecified",
        "event_id": event["event_id"], "not_before_time": start,
    }  # fmt: skip
    assert not shown.get("items")
    assert anybody.refused(409, "SESSION_NOT_LIVE", "POST", f"{watch}/join", {})["metadata"]["state"] == "prepared"
    anybody.refused(404, "SESSION_NOT_FOUND", "GET", f"{watch}/seller")
    anybody.refused(404, "SESSION_NOT_FOUND", "GET", f"{watch}/viewers")
    host.api.refused(404, "SESSION_NOT_FOUND", "GET", f"/stream?topics=watch:{session.id}")
    assert session.id not in [one["session_id"] for one in anybody.get("/watch")["sessions"]]
    host.api.delete(f"/events/{event['event_id']}")
    soon(lambda: anybody.send("GET", watch).status_code == 404)
    host.api.refused(404, "SESSION_NOT_FOUND", "GET", session.path())


@pytest.mark.requirement("R31", "R32", "R90", "R111", "R112", "R144", "R145")
def test_after_a_pause_the_next_session_has_the_bag_of_the_last(host: Host) -> None:
    event = planned(host, local_start="")
    first = opened(host, event)
    many, linked, invited = host.products(98), host.products(1, link=LINK), uuid4().hex
    offered = host.products(1, collab_invite=invited)
    kept = host.api.post(f"/shops/{host.shop}/product-sets", {"name": "Set", "product_ids": many[:2]})
    sources = {"set": [kept["product_set"]["product_set_id"]], "showcase": many[2:], "collab": [invited]}
    for source, references in sources.items():
        first.post("bag", {"source": source, "references": references})
    first.post("bag", {"source": "link", "references": [LINK]})
    more = {"source": "showcase", "references": host.products(1)}
    host.api.refused(422, "BAG_FULL", "POST", first.path("bag"), more)
    products = [*many, *offered, *linked]
    assert first.bag() == products
    first.post("live")
    first.put(f"bag/{products[1]}/pin")
    host.api.post(f"/products/{products[0]}/archive")
    first.post("end")
    path = f"/events/{event['event_id']}"
    event = soon(lambda: host.api.get(path)["event"], lambda event: len(event["sessions"]) == 2)
    second = opened(host, event)
    items = second.get("bag")["items"]
    assert [(one["product"]["product_id"], one["source"]) for one in items] == [
        (one["product"]["product_id"], one["source"]) for one in first.get("bag")["items"][1:]
    ]
    assert [one["source"] for one in items[:1] + items[-2:]] == ["set", "collab", "link"]
    second.post("live")
    second.post("end")
    query = {"event_id": event["event_id"], "metrics": "products_featured", "states": "ended"}
    listed = host.api.get("/sessions", **query, min_position=second.position)["sessions"]
    featured = {one["session"]["session_id"]: one["readings"][0]["value"] for one in listed}
    assert featured == {first.id: 1, second.id: 0}
    assert host.api.get(first.path("recap"), min_position=second.position)["products_featured"] == 1
