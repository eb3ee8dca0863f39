"""A host runs a LIVE, from the open console to the read-only past."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from showfloor.testing.system import Rest


@pytest.fixture
def public(system: Any) -> Rest:
    """Somebody who has not signed in."""
    return Rest(system.url)


@pytest.mark.requirement("R64", "R78", "R79", "R82")
def test_practice_is_invisible_and_going_live_ends_it(host: Any, public: Rest) -> None:
    session = host.open("Practice first")
    assert session.get()["session"]["state"] == "prepared"
    assert session.post("practice")["session"]["state"] == "practice"
    public.refused(404, "SESSION_NOT_FOUND", "GET", f"/watch/{session.id}")
    public.refused(404, "SESSION_NOT_FOUND", "POST", f"/watch/{session.id}/join", {})
    assert session.id not in str(public.get("/watch"))
    assert session.post("live")["session"]["state"] == "live"
    assert public.get(f"/watch/{session.id}")["session"]["title"] == "Practice first"
    host.api.refused(409, "ALREADY_LIVE", "POST", session.path("practice"), {})


@pytest.mark.requirement("R82")
def test_practice_can_be_left_without_going_live(host: Any) -> None:
    session = host.open()
    session.post("practice")
    assert session.delete("practice")["session"]["state"] == "prepared"
    host.api.refused(409, "NOT_PRACTISING", "DELETE", session.path("practice"))


@pytest.mark.requirement("R64", "R74")
def test_a_prepared_session_can_be_deleted_and_a_live_cannot(host: Any) -> None:
    prepared, live = host.open("Never mind"), host.live("On air")
    done = prepared.delete("")
    listed = host.api.get("/sessions", query="Never mind", min_position=done["position"])
    assert listed["sessions"] == []
    host.api.refused(404, "SESSION_NOT_FOUND", "GET", f"/sessions/{prepared.id}")
    host.api.refused(409, "SESSION_NOT_PREPARED", "DELETE", f"/sessions/{live.id}")


@pytest.mark.requirement("R74", "R77")
def test_one_live_per_account_and_the_second_is_told_which_runs(host: Any) -> None:
    first, second = host.live("First"), host.open("Second")
    problem = host.api.refused(409, "ANOTHER_LIVE_RUNNING", "POST", second.path("live"), {})
    assert problem["metadata"]["running_session_id"] == first.id
    first.post("end")
    assert second.post("live")["session"]["state"] == "live"


@pytest.mark.requirement("R24", "R31", "R33")
def test_products_come_from_four_sources_ahead_of_the_live(host: Any) -> None:
    in_set = host.products(2)
    shown = host.products(1)
    link = "https://shop.example/p/tea"
    linked = host.products(1, link=link)
    invited = host.products(1, collab_invite="invite-1")
    sets = f"/shops/{host.shop}/product-sets"
    kept = host.api.post(sets, {"name": "Teas", "product_ids": in_set})["product_set"]["product_set_id"]
    session = host.open()
    references = {"set": kept, "showcase": shown[0], "link": link, "collab": "invite-1"}
    for source, reference in references.items():
        session.post("bag", {"source": source, "references": [reference]})
    items = session.get("bag")["items"]
    assert [item["product"]["product_id"] for item in items] == [*in_set, *shown, *linked, *invited]
    assert [item["source"] for item in items] == ["set", "set", "showcase", "link", "collab"]
    assert [item["number"] for item in items] == [1, 2, 3, 4, 5]


@pytest.mark.requirement("R25", "R26", "R28", "R29")
def test_the_bag_can_be_ordered_searched_and_emptied(host: Any) -> None:
    session = host.open()
    a, b, c, d = products = host.products(4)
    session.fill(products)
    session.put(f"bag/{d}/number", {"number": 2})
    assert session.bag() == [a, d, b, c]
    session.put(f"bag/{c}/number", {"number": 1})
    assert session.bag() == [c, a, d, b]
    session.delete(f"bag/{a}")
    assert session.bag() == [c, d, b]
    title = host.api.get(f"/products/{d}")["product"]["title"]
    assert session.bag(query=title) == [d]
    host.api.refused(400, "NUMBER_OUT_OF_RANGE", "PUT", session.path(f"bag/{b}/number"), {"number": 4})
    host.api.refused(409, "NOT_IN_BAG", "DELETE", session.path(f"bag/{a}"))
    assert session.bag() == [c, d, b]


@pytest.mark.requirement("R32", "D13")
def test_a_bag_takes_100_products_of_all_sources_and_no_more(host: Any) -> None:
    session = host.open()
    products = host.products(100)
    kept = host.api.post(f"/shops/{host.shop}/product-sets", {"name": "Half", "product_ids": products[:50]})
    session.post("bag", {"source": "set", "references": [kept["product_set"]["product_set_id"]]})
    host.products(1, collab_invite="one-more")
    too_many = {"source": "showcase", "references": [*products[50:], *host.products(1)]}
    problem = host.api.refused(422, "BAG_FULL", "POST", session.path("bag"), too_many)
    assert problem["metadata"] == problem["metadata"] | {"limit": "100", "would_be": "101"}
    assert session.get()["session"]["bag_size"] == 50
    session.post("bag", {"source": "showcase", "references": products[50:]})
    host.api.refused(422, "BAG_FULL", "POST", session.path("bag"), {"source": "collab", "references": ["one-more"]})
    assert session.bag() == products


@pytest.mark.requirement("R30")
def test_one_pin_at_a_time_only_live_and_its_times_are_kept(host: Any, public: Rest) -> None:
    session = host.open()
    a, b = products = host.products(2)
    session.fill(products)
    host.api.refused(409, "SESSION_NOT_LIVE", "PUT", session.path(f"bag/{a}/pin"), {})
    session.post("live")
    session.put(f"bag/{a}/pin")
    assert public.get(f"/watch/{session.id}")["session"]["pinned_product_id"] == a
    session.put(f"bag/{b}/pin")
    assert [item["pinned"] for item in session.get("bag")["items"]] == [False, True]
    session.delete(f"bag/{b}/pin")
    assert public.get(f"/watch/{session.id}")["session"]["pinned_product_id"] == ""
    session.put(f"bag/{a}/pin")
    session.post("end")
    pins = session.get("bag")["pins"]
    assert [pin["product_id"] for pin in pins] == [a, b, a]
    assert all(pin["start_time"] <= pin["end_time"] for pin in pins)
    assert pins[0]["end_time"] == pins[1]["start_time"]


@pytest.mark.requirement("R23", "R35")
def test_a_script_is_optional_and_products_carry_labels(host: Any) -> None:
    (product,) = host.products(1, label="bestseller")
    session = host.open()
    session.fill([product])
    assert session.get("bag")["items"][0]["product"]["label"] == "bestseller"
    assert session.put("script", {"script": "Say hello.\nShow the tea."})["session"]["script"].endswith("the tea.")
    assert session.put("script", {"script": ""})["session"]["script"] == ""
    assert session.post("live")["session"]["state"] == "live"


@pytest.mark.requirement("R77", "R115", "R147")
def test_a_past_session_and_its_settings_cannot_be_edited(host: Any) -> None:
    session = host.live(products=2)
    a = session.products[0]
    session.post("end")
    before = session.get(), session.get("bag")
    body: dict[str, Any]
    for method, path, body in (
        ("PATCH", "", {"title": "Other"}),
        ("PUT", "script", {"script": "Other"}),
        ("POST", "bag", {"source": "showcase", "references": [a]}),
        ("PUT", f"bag/{a}/number", {"number": 2}),
        ("POST", "practice", {}),
        ("POST", "live", {}),
    ):
        host.api.refused(409, "SESSION_ENDED", method, session.path(path), body)
    host.api.refused(409, "SESSION_ENDED", "DELETE", session.path(f"bag/{a}"))
    host.api.refused(409, "SESSION_NOT_LIVE", "PUT", session.path(f"bag/{a}/pin"), {})
    host.api.refused(409, "SESSION_NOT_LIVE", "POST", session.path("end"), {})
    assert (session.get(), session.get("bag")) == before


@pytest.mark.requirement("R146", "R172", "D9")
def test_a_replay_is_kept_for_thirty_days_after_the_end(host: Any) -> None:
    session = host.live()
    url = {"url": "https://video.example/1"}
    host.api.refused(409, "SESSION_RUNNING", "PUT", session.path("replay"), url)
    session.post("end")
    host.api.refused(404, "REPLAY_EXPIRED", "GET", session.path("replay"))
    session.put("replay", url)
    kept = session.get("replay")
    end = datetime.fromisoformat(session.get()["session"]["end_time"])
    assert kept["url"] == url["url"]
    assert datetime.fromisoformat(kept["expire_time"]) - end == timedelta(days=30)


def test_two_people_cannot_overwrite_each_other(host: Any) -> None:
    session = host.open("Mine")
    seen = session.get()["session"]["version"]
    host.api.send("PATCH", session.path(), {"title": "First"}, headers={"If-Match": f'"{seen}"'}).raise_for_status()
    more = {"headers": {"If-Match": f'"{seen}"'}}
    host.api.refused(412, "VERSION_CONFLICT", "PATCH", session.path(), {"title": "Second"}, **more)
    assert session.get()["session"]["title"] == "First"
