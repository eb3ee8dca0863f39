"""What viewers do in a LIVE, and how the host's side follows, answers and keeps it."""

import csv
import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from showfloor.testing.system import Rest, soon

Join = Callable[..., Rest]


@pytest.fixture
def join(system: Any) -> Join:
    """Brings a viewer into a LIVE and returns their use of the public routes."""

    def join(session: Any, name: str = "Kim", **more: Any) -> Rest:
        path = f"/watch/{session.id}"
        body = {"display_name": name, "channel": "feed", **more}
        viewer = Rest(system.url, Rest(system.url).post(f"{path}/join", body)["viewer_token"])
        viewer.http.base_url = viewer.http.base_url.join(f"watch/{session.id}/")
        return viewer

    return join


def texts(session: Any, **query: Any) -> list[str]:
    return [comment["text"] for comment in session.get("comments", **query)["comments"]]


@pytest.mark.requirement("R83", "R84")
def test_comments_are_read_answered_and_pinned(host: Any, join: Join, system: Any) -> None:
    session = host.live(products=1)
    (product,) = session.products
    kim, lee = join(session, "Kim"), join(session, "Lee")
    asked = kim.post("comments", {"text": "Is it green tea?", "product_id": product})
    general = lee.post("comments", {"text": "Hello all"})
    reply = session.post("replies", {"comment_id": asked["comment_id"], "text": "It is!"})
    now = {"min_position": reply["position"]}
    assert texts(session, **now) == ["It is!", "Hello all", "Is it green tea?"]
    assert texts(session, kind="product") == ["Is it green tea?"]
    assert texts(session, kind="general") == ["It is!", "Hello all"]
    newest = session.get("comments")["comments"][0]
    assert (newest["from_host"], newest["reply_to"]) == (True, asked["comment_id"])
    assert session.get("comments")["comments"][2]["author_name"] == "Kim"
    session.put(f"comments/{general['comment_id']}/pin")
    session.put(f"comments/{asked['comment_id']}/pin")
    watched = Rest(system.url).get(f"/watch/{session.id}")
    assert watched["pinned_comment"]["text"] == "Is it green tea?"
    assert session.get()["session"]["pinned_comment_id"] == asked["comment_id"]
    assert [one["text"] for one in session.get("comments", pinned=True)["comments"]] == ["Is it green tea?"]
    session.delete(f"comments/{asked['comment_id']}/pin")
    assert "pinned_comment" not in Rest(system.url).get(f"/watch/{session.id}")
    assert not session.get("comments", pinned=True).get("comments")


@pytest.mark.requirement("R14", "R15", "R89", "D11")
def test_an_order_counts_when_paid_and_a_refund_never_lowers_gmv(host: Any, join: Join) -> None:
    session = host.live(products=1)
    (product,) = session.products
    kim, lee = join(session, "Kim"), join(session, "Lee")
    items = [{"product_id": product, "quantity": 2, "unit_price": host.money(1000)}]
    paid = kim.post("orders", {"items": items})["order"]
    assert paid["state"] == "placed"
    dropped = lee.post("orders", {"items": items})["order"]
    assert lee.post(f"orders/{dropped['order_id']}/cancellation")["order"]["state"] == "cancelled"
    settled = session.post(f"orders/{paid['order_id']}/payment")
    assert (settled["order"]["state"], settled["order"]["payment_source"]) == ("paid", "by_hand")
    numbers = session.numbers(min_position=settled["position"])
    wanted = {"gmv": 2000, "direct_gmv": 2000, "affiliate_gmv": 2000, "commission": 50, "orders": 1, "units_sold": 2}
    assert numbers | wanted == numbers
    path = f"orders/{paid['order_id']}/refunds"
    back = session.post(path, {"amount": host.money(900)})
    host.api.refused(409, "REFUND_TOO_LARGE", "POST", session.path(path), {"amount": host.money(1101)})
    numbers = session.numbers(min_position=back["position"])
    assert (numbers["gmv"], numbers["refunded"], numbers["net_gmv"]) == (2000, 900, 1100)
    orders = session.get("orders")["orders"]
    assert [(order["state"], order["first_time_buyer"]) for order in orders] == [
        ("cancelled", False),
        ("refunded", True),
    ]
    assert [order["order_id"] for order in session.get("orders", state="cancelled")["orders"]] == [dropped["order_id"]]


@pytest.mark.requirement("R142")
def test_a_buyer_is_new_to_the_account_once(host: Any) -> None:
    first = host.live(products=1)
    order = first.order(first.products[0], 1, 500, "buyer-1")
    position = first.record({"paid_order": {"order": {"request_id": "o1", **order}}})
    assert first.numbers(min_position=position)["first_time_buyers"] == 1
    first.post("end")
    second = host.live()
    orders = [second.order(first.products[0], 1, 500, viewer) for viewer in ("buyer-1", "buyer-2", "buyer-2")]
    facts = [{"paid_order": {"order": {"request_id": f"o{n}", **order}}} for n, order in enumerate(orders)]
    numbers = second.numbers(min_position=second.record(*facts))
    assert (numbers["buyers"], numbers["first_time_buyers"], numbers["orders"]) == (2, 1, 3)


@pytest.mark.requirement("R14", "R142")
def test_a_viewer_who_reloads_follows_and_buys_counts_once(host: Any, system: Any) -> None:
    session = host.live(products=1)
    items = [{"product_id": session.products[0], "quantity": 1, "unit_price": host.money(1000)}]
    token = ""
    for _ in range(3):
        body = {"display_name": "Kim", "viewer_token": token}
        token = Rest(system.url).post(f"/watch/{session.id}/join", body)["viewer_token"]
        viewer = Rest(system.url, token)
        viewer.post(f"/watch/{session.id}/follow")
        order = viewer.post(f"/watch/{session.id}/orders", {"items": items})["order"]
        session.post(f"orders/{order['order_id']}/payment")
    once = dict.fromkeys(("unique_viewers", "viewers_now", "pcu", "new_followers", "buyers", "first_time_buyers"), 1)
    session.wait(orders=3, **once)


@pytest.mark.requirement("R85")
def test_the_activity_feed_shows_everything_and_can_be_filtered(host: Any, join: Join) -> None:
    session = host.live(products=1)
    kim = join(session, "Kim")
    kim.post("comments", {"text": "First"})
    items = [{"product_id": session.products[0], "quantity": 1, "unit_price": host.money(1000)}]
    kim.post("orders", {"items": items})
    kim.post("follow")
    last = kim.post("gifts", {"gift": "Rose", "count": 3})["position"]
    feed = session.get("activity", min_position=last)
    assert [one["kind"] for one in feed["activities"]] == ["comment", "order", "follow", "gift"]
    assert all(one["viewer_name"] == "Kim" for one in feed["activities"])
    assert feed["watermark"]["position"] >= last
    for kind in ("comment", "order", "follow", "gift"):
        assert [one["kind"] for one in session.get("activity", kinds=kind)["activities"]] == [kind]
    two = session.get("activity", kinds=["gift", "comment"], newest_first="true")["activities"]
    assert [one["kind"] for one in two] == ["gift", "comment"]
    first = session.get("activity", page_size=1)
    assert first["more"] is True
    rest = session.get("activity", after_position=first["activities"][0]["position"])["activities"]
    assert [one["kind"] for one in rest] == ["order", "follow", "gift"]


@pytest.mark.requirement("R14", "R125")
def test_what_viewers_do_is_counted(host: Any, join: Join) -> None:
    session = host.live(products=1)
    viewers = [join(session, f"V{n}") for n in range(3)]
    for viewer in viewers:
        viewer.post("likes")
    viewers[0].post("clicks", {"product_id": session.products[0]})
    viewers[0].post("shares")
    viewers[0].post("follow")
    viewers[0].post("follow")
    viewers[2].post("leave")
    wanted = {"views": 3, "unique_viewers": 3, "likes": 3, "shares": 1, "product_clicks": 1, "viewers_now": 2}
    session.wait(**wanted, new_followers=1)


@pytest.mark.requirement("R146")
def test_downloaded_comments_are_safe_in_a_spreadsheet(host: Any, join: Join) -> None:
    session = host.live()
    viewer = join(session, "=HYPERLINK(1)")
    dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", 'say "hi", twice\nplease', "\u4f60\u597d \U0001f44a"]
    for text in dangerous:
        last = viewer.post("comments", {"text": text})["position"]
    session.post("end")
    soon(lambda: session.get("comments", min_position=last)["comments"], lambda seen: len(seen) == len(dangerous))
    answer = host.api.send("GET", session.path("comments.csv"))
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row["text"] for row in rows] == [f"'{t}" if t[0] in "=+-@" else t for t in dangerous]
    assert all(row["author_name"] == "'=HYPERLINK(1)" for row in rows)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in tuple("=+-@\t\r")]
    kept = host.api.send("GET", session.path("comments.json")).json()["comments"]
    assert [comment["text"] for comment in kept] == dangerous


@pytest.mark.requirement("R79")
def test_a_viewers_token_is_good_for_one_live_and_nothing_else(
    host: Any, new_host: Any, join: Join, system: Any
) -> None:
    session, other = host.live(), new_host().live()
    viewer = join(session)
    token = viewer.http.headers["authorization"].removeprefix("Bearer ")
    outside = Rest(system.url, token)
    outside.refused(404, "SESSION_NOT_FOUND", "POST", f"/watch/{other.id}/comments", {"text": "Hi"})
    for path in (f"/sessions/{session.id}/orders", f"/sessions/{session.id}/board", "/sessions"):
        assert outside.send("GET", path).status_code in (401, 403, 404), path
    assert outside.send("POST", f"/sessions/{session.id}/end", {}).status_code in (401, 403, 404)
    session.post("end")
    viewer.refused(409, "SESSION_NOT_LIVE", "POST", "comments", {"text": "Too late"})


@pytest.mark.requirement("R77")
def test_a_viewers_page_loads_the_stream_of_its_session_alone(host: Any, system: Any) -> None:
    session, stream = host.open("Shown elsewhere"), "https://cdn.example.com/show.m3u8"
    body = {"kind": "hls", "url": stream, "poster_url": "https://img.example.com/p.jpg"}
    assert session.put("playback", body)["session"]["playback"]["url"] == stream
    local = {"kind": "hls", "url": "https://10.0.0.1/a.m3u8"}
    host.api.refused(400, "INVALID_FIELD", "PUT", session.path("playback"), local)

    def policy(path: str) -> str:
        return str(httpx.get(system.url + path, headers={"Accept": "text/html"}).headers["content-security-policy"])

    page = f"/watch/{session.id}"
    assert "example.com" not in policy(page)  # nobody may know of it yet
    session.post("live")
    shown = Rest(system.url).get(page)["session"]["playback"]
    assert (shown["kind"], shown["url"]) == ("hls", stream)
    assert "connect-src 'self' https://cdn.example.com;" in policy(page) + ";"
    assert "media-src 'self' blob: https://cdn.example.com;" in policy(page) + ";"
    assert "img-src 'self' data: https://img.example.com;" in policy(page) + ";"
    session.post("end")
    other = host.live("Another")
    for elsewhere in (f"/watch/{other.id}", "/", "/watch", f"/live/{session.id}/air"):
        assert "example.com" not in policy(elsewhere)
