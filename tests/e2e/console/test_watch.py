"""A viewer's page: watch, write, order; what is pressed twice is done once, and what does not work is said."""

import json
import re
from typing import Any

import pytest
import shop
from backend import Served
from looking import findings
from people import PHONE
from playwright.sync_api import Page, Route, expect

STREAM = "https://video.example.com/show/live.m3u8"
WIDTHS = (1440, 1024, 768, 390)
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll("button, a[href], input")]
  .filter(one => one.offsetParent && !one.closest(".live-bag"))
  .map(one => [one, ((one.matches("input") && one.closest(".write-row")) || one).getBoundingClientRect()])
  .filter(([, box]) => box.width < 43.5 || box.height < 43.5)
  .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""


def join(page: Page, served: Served) -> None:
    page.goto(f"{served.url}watch/{shop.LIVE}")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_label("Write a comment")).to_be_visible()


def lose_answers(page: Page, path: str) -> None:
    """Let requests reach the server, and their answers get lost."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(path, lose)


def keys_of(served: Served, end: str) -> list[Any]:
    """Return the Idempotency-Key of each request that reached the server, in order."""
    return [headers["idempotency-key"] for _, path, headers, _ in served.state.calls if path.endswith(end)]


def test_a_second_press_after_a_lost_answer_buys_nothing_twice(page: Page, served: Served) -> None:
    served.state.test_checkout = True
    join(page, served)
    page.get_by_role("button", name="Buy Wireless earbuds S3").click()
    dialog = page.get_by_role("dialog")
    for name, end in (("Place order", "/orders"), ("Pay with the test checkout (simulated)", "/test-payment")):
        button = dialog.get_by_role("button", name=name)
        lose_answers(page, f"**{end}")
        button.click()
        expect(dialog.get_by_role("alert")).to_contain_text("nothing is done twice")
        page.unroute(f"**{end}")
        button.click()
        expect(button).to_have_count(0)
    expect(dialog).to_contain_text("no money moved")
    dialog.get_by_role("button", name="Keep watching").click()
    orders, payments = keys_of(served, "/orders"), keys_of(served, "/test-payment")
    assert len(orders) > 1
    assert len(payments) > 1
    assert len(set(orders)) == len(set(payments)) == 1
    assert set(orders) != set(payments)
    page.get_by_role("button", name="Buy Wireless earbuds S3").click()
    dialog.get_by_role("button", name="Place order").dblclick()
    expect(dialog).to_contain_text("Your order is reserved until")
    assert len(set(keys_of(served, "/orders"))) == 2


@pytest.mark.requirement("D16")
def test_a_viewers_order_is_a_reservation_that_they_cannot_pay(page: Page, served: Served) -> None:
    served.state.bag[2]["product"]["link"] = "https://shop.example.com/earbuds"
    join(page, served)
    page.get_by_role("button", name="Buy Wireless earbuds S3").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="One more").click()
    expect(dialog.locator(".total")).to_contain_text("US$78.98")
    dialog.get_by_role("button", name="Place order").click()
    for words in ("Reserved for you", "No. 4C7E9B20", "2 × Wireless earbuds S3", "once the shop confirms the payment"):
        expect(dialog).to_contain_text(words)
    expect(dialog.locator(".timer strong")).to_have_text(re.compile(r"^1[45]:\d\d$"))
    expect(dialog.get_by_role("link", name="Go to the shop")).to_have_attribute(
        "href", "https://shop.example.com/earbuds"
    )
    expect(dialog.get_by_role("button", name=re.compile("^Pay"))).to_have_count(0)
    assert not [path for _, path, _, _ in served.state.calls if "payment" in path]
    page.clock.install()
    page.reload()
    held = page.get_by_role("region", name="Your orders").get_by_role("button")
    expect(held).to_contain_text("No. 4C7E9B20")
    page.clock.fast_forward(16 * 60 * 1000)
    expect(held).to_contain_text("Run out")
    held.click()
    expect(dialog).to_contain_text("The reservation has run out")


@pytest.mark.requirement("R151", "D16")
def test_an_order_is_paid_in_the_shops_checkout_and_says_so(page: Page, served: Served) -> None:
    served.state.checkout = True
    join(page, served)
    expect(page.locator(".top")).to_contain_text("Aurora Live")
    expect(page.locator(".top-viewers")).to_contain_text("342 viewers")
    page.get_by_role("button", name="Buy Wireless earbuds S3").click()
    dialog = page.get_by_role("dialog")
    page.route("**/checkout-link", lambda route: route.fulfill(status=409, json={"code": "CHECKOUT_NOT_READY"}))
    dialog.get_by_role("button", name="Place order").click()
    expect(dialog.get_by_role("alert")).to_contain_text("takes no orders at the moment")
    page.unroute("**/checkout-link")
    dialog.get_by_role("button", name="Try again").click()
    pay = dialog.get_by_role("link", name="Pay at Aurora")
    expect(pay).to_have_attribute("href", "https://pay.example.com/live?order=signed-order-1")
    expect(pay).to_have_attribute("rel", "noopener noreferrer")
    expect(dialog.get_by_role("link", name="Go to the shop")).to_have_count(0)
    assert findings(page) == []
    served.state.own_orders[0]["order"] |= {"state": "paid", "payment_source": "checkout"}
    expect(dialog).to_contain_text("Paid. Thank you!")
    page.evaluate("sessionStorage.clear()")
    page.reload()  # in another window, too, the order is the viewer's
    held = page.get_by_role("region", name="Your orders").get_by_role("button")
    expect(held).to_contain_text("Paid")
    served.state.own_orders[0]["order"] |= {"state": "refunded", "refunded": {"minor": 500, "currency": "USD"}}
    page.reload()
    expect(held).to_contain_text("US$5.00 paid back")
    page.get_by_role("button", name="Share").click()
    expect(dialog.get_by_role("img", name="Code that opens this LIVE")).to_be_visible()
    expect(dialog.get_by_label("Link to this LIVE")).to_have_value(re.compile(r"\?channel=share$"))
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Share")).to_be_focused()


def test_a_viewer_who_reloads_is_let_in_by_the_last_token(page: Page, served: Served) -> None:
    join(page, served)
    page.reload()
    expect(page.get_by_label("Write a comment")).to_be_visible()
    sent = [body["viewer_token"] for method, path, _, body in served.state.calls if path.endswith("/join")]
    assert sent == ["", "viewer-token"]
    assert not [path for _, path, _, _ in served.state.calls if path.endswith("/presence")]  # the stream says it


def test_a_comment_is_seen_at_once_and_said_once(page: Page, served: Served) -> None:
    join(page, served)
    text, send = page.get_by_label("Write a comment"), page.get_by_role("button", name="Send", exact=True)
    said = page.get_by_role("list", name="Chat").locator(".comment", has_text="Does it fit?")
    lose_answers(page, "**/comments")
    text.fill("Does it fit?")
    send.click()
    expect(said).to_contain_text("Sending")
    expect(text).to_have_value("")
    expect(said).to_contain_text("No connection.")
    page.unroute("**/comments")
    page.route("**/comments", lambda route: route.fulfill(status=429, json={"code": "RATE_LIMITED", "detail": "limit"}))
    said.get_by_role("button", name="Send again").click()
    expect(said).to_contain_text("That was too fast.")
    assert len(set(keys_of(served, "/comments"))) == 1
    page.unroute("**/comments")
    said.get_by_role("button", name="Send again").click()
    expect(said.get_by_role("button")).to_have_count(0)
    expect(said).to_have_count(1)
    text.fill("Does it fit?")
    send.click()
    expect(said).to_have_count(2)


def test_a_viewer_joins_comments_follows_and_orders(page: Page, served: Served) -> None:
    served.state.bag[2]["pinned"] = True
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{served.url}watch")
    page.get_by_role("link", name="Autumn drop").click()
    page.get_by_label("Your name (optional)").fill("Mira")
    page.get_by_role("button", name="Join").click()
    page.get_by_role("button", name="Ask about Wireless earbuds S3").click()
    write = page.get_by_label("Write a comment")
    expect(write).to_be_focused()
    expect(page.get_by_text("About: Wireless earbuds S3")).to_be_visible()
    write.fill("Do they pair with two phones?")
    page.keyboard.press("Enter")
    expect(write).to_have_value("")
    with page.expect_request("**/likes"):
        page.get_by_role("button", name="Like").click(click_count=3)
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("button", name="Following")).to_be_visible()
    page.get_by_role("button", name="Buy Wireless earbuds S3").click()
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_role("dialog")).to_contain_text("Your order is reserved until")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    served.state.happen(3)
    expect(page.locator(".chat .comment").first).to_be_visible()
    sent = {path.rsplit("/", 1)[1]: (headers, body) for _, path, headers, body in served.state.calls}
    assert {"join", "comments", "likes", "follow", "clicks", "orders", "impressions"} <= set(sent)
    assert sent["likes"][1] == {"count": 3}
    assert shop.product(3)["product_id"] in sent["impressions"][1]["product_ids"]
    assert sent["orders"][0]["authorization"] == "Bearer viewer-token"
    assert sent["comments"][1]["product_id"] == shop.product(3)["product_id"]


def test_who_buys_without_having_joined_joins_by_it(page: Page, served: Served) -> None:
    page.goto(f"{served.url}watch/{shop.LIVE}")
    page.get_by_role("button", name="Buy Wireless earbuds S3").click()
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_role("dialog")).to_contain_text("Reserved for you")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Write a comment")).to_be_visible()
    assert len([path for _, path, _, _ in served.state.calls if path.endswith("/join")]) == 1


def test_a_replay_is_for_looking_on(page: Page, served: Served) -> None:
    served.state.sessions[shop.LIVE]["source"] = "replay"
    page.goto(f"{served.url}watch/{shop.LIVE}")
    expect(page.get_by_text("This is a replay: you are looking on.")).to_be_visible()
    expect(page.get_by_role("list", name="Chat")).to_be_visible()
    for name in (re.compile("^Buy "), re.compile("^Ask about "), "Follow", "Like", "Share", "Send", "Join"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


def test_who_comes_late_is_not_told_to_be_the_first(page: Page, served: Served) -> None:
    """The chat begins where a viewer came in: of what was said before nothing is known here."""
    join(page, served)
    chat = page.get_by_role("list", name="Chat")
    expect(chat).to_contain_text("Nothing has been said since you came in.")


def test_a_long_bag_is_searched_by_name_and_by_number(page: Page, served: Served) -> None:
    served.state.bag = [served.state._item(number) for number in range(1, 13)]
    join(page, served)
    wanted = page.get_by_label("Search in the bag")
    wanted.fill("lamp")
    expect(page.locator(".goods-item .bag-title")).to_have_text(["Desk lamp with warm dimming"])
    wanted.fill("11")
    expect(page.locator(".goods-item .goods-number")).to_have_text(["11"])
    wanted.fill("boat")
    expect(page.get_by_text("Nothing here is called “boat”.")).to_be_visible()


def test_a_viewer_is_told_when_the_line_is_cut_and_comes_back(page: Page, served: Served) -> None:
    join(page, served)
    connected = page.get_by_text("Connected", exact=True)
    expect(connected).to_be_attached()
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    page.context.set_offline(False)
    served.state.retry_after = 60  # it does not come back by itself before the button is pressed
    served.drop_streams(refuse=100)
    # The first try comes at once; only once it was refused the page waits for as long as it was told.
    expect(page.get_by_text(re.compile(r"Connection lost\..* [3-6]\d s"))).to_be_visible()
    served.state.streams_refused = 0
    page.get_by_role("button", name="Try now").click()
    expect(connected).to_be_attached()


def test_a_stream_loads_its_player_and_says_when_it_is_away(page: Page, served: Served) -> None:
    served.state.sessions[shop.LIVE]["playback"] = {"kind": "hls", "url": STREAM, "poster_url": ""}
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(
        "https://video.example.com/**",
        lambda route: route.fulfill(status=404, headers={"Access-Control-Allow-Origin": "*"}),
    )
    page.goto(f"{served.url}watch/{shop.LIVE}")
    expect(page.get_by_text("Back in a moment")).to_be_visible()
    assert STREAM in asked
    assert [url for url in asked if re.search(r"/assets/hls-[^/]+\.js$", url)]
    served.state.sessions[shop.LIVE]["playback"] = {"kind": "hls", "url": "https://other.example.com/a.m3u8"}
    served.state.sessions[shop.LIVE]["version"] += 1
    expect(page.get_by_role("button", name="Show the picture")).to_be_visible()
    del served.state.sessions[shop.LIVE]["playback"]
    page.goto("about:blank")
    asked.clear()
    page.goto(f"{served.url}watch/{shop.LIVE}")
    expect(page.get_by_text("The picture is not shown here.")).to_be_visible()
    assert not [url for url in asked if "/assets/hls-" in url]


def test_the_end_says_what_to_do_next(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    served.state.sessions[shop.NEW] = shop.session(shop.NEW, "Night market", "live")
    served.state.sessions[shop.LIVE]["state"] = "ended"
    page.goto(f"{served.url}watch/{shop.LIVE}")
    page.get_by_role("button", name="See what was shown").click()
    expect(page.get_by_role("dialog").get_by_text("Wireless earbuds S3")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Buy "))).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Night market").click()
    expect(page.get_by_role("button", name="Join")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_fits_every_width_and_every_finger(page: Page, served: Served, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    served.state.bag[2]["pinned"] = True
    served.state.bag[2]["product"]["title"] = "Wireless earbuds S3 with a case that charges them"
    found: dict[str, Any] = {}

    def look(state: str) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            found[f"{state} {width} wide"] = page.evaluate(WIDE)
            found[f"{state} {width} small"] = page.evaluate(SMALL)
        found[f"{state} axe"] = findings(page)

    page.goto(f"{served.url}watch")
    expect(page.get_by_role("link", name="Autumn drop")).to_be_visible()
    look("list")
    page.goto(f"{served.url}watch/{shop.LIVE}")
    expect(page.get_by_role("button", name="Join")).to_be_visible()
    look("room")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("Connected", exact=True)).to_be_attached()
    served.state.happen(5)
    expect(page.locator(".chat .comment").first).to_be_visible()
    look("joined")
    page.get_by_role("button", name=re.compile("^Bag, ")).click()
    look("bag")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Buy Wireless")).first.click()
    look("order")
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_role("dialog")).to_contain_text("Reserved for you")
    look("placed")
    page.keyboard.press("Escape")
    served.drop_streams(refuse=100)
    expect(page.get_by_role("button", name="Try now")).to_be_visible()
    look("away")
    page.goto(f"{served.url}watch/nobody")
    expect(page.get_by_text("This LIVE is not on air")).to_be_visible()
    look("gone")
    assert not any(found.values()), json.dumps({state: one for state, one in found.items() if one}, indent=1)


@pytest.mark.requirement("R65")
def test_an_announced_live_says_when_and_opens_by_itself(page: Page, served: Served) -> None:
    session = served.state.sessions[shop.LIVE]
    session |= {"state": "prepared", "event_id": "e", "not_before_time": "2099-05-01T18:00:00Z"}
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{served.url}watch/{shop.LIVE}")
    expect(page.get_by_role("heading", name=session["title"])).to_be_visible()
    expect(page.get_by_text("Starts 1 May 2099, 20:00 CEST")).to_be_visible()
    assert not findings(page) and not page.evaluate(WIDE) and not page.evaluate(SMALL)
    session["not_before_time"] = "2020-05-01T18:00:00Z"
    again = "document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(again)
    expect(page.get_by_text("Starts in a moment")).to_be_visible()
    session["state"] = "live"
    page.evaluate(again)
    expect(page.get_by_role("button", name="Join")).to_be_visible()


def test_a_sheet_closed_by_the_browser_opens_again(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    join(page, served)
    bag = page.get_by_role("button", name=re.compile("^Bag, "))
    for _ in range(2):
        bag.click()
        expect(page.get_by_role("dialog", name="In this LIVE")).to_be_visible()
        # What a browser does at a second Escape in a row: it closes, and does not ask before.
        page.evaluate("document.querySelector('dialog').close()")
        expect(page.locator("dialog")).to_have_count(0)


def test_the_bag_is_never_drawn_outside_its_place(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 1440, "height": 844})
    join(page, served)
    expect(page.locator(".live-bag")).to_be_visible()
    # The frame before React takes the bag away, held still.
    page.evaluate("document.body.append(document.querySelector('.live-bag').cloneNode(true))")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".live-bag")).to_have_count(1)
    expect(page.locator(".live-bag")).to_be_hidden()


def test_a_phones_hands_and_keys_reach_everything(profiles: Any, served: Served) -> None:
    served.state.bag[2]["pinned"] = True
    page = profiles(**PHONE).new_page()
    page.goto(f"{served.url}watch/{shop.LIVE}")
    page.get_by_role("button", name="Join").tap()
    page.get_by_role("button", name=re.compile("^Bag, ")).tap()
    page.get_by_role("dialog").get_by_role("button", name="Buy Trail running vest 8 l").tap()
    page.get_by_role("button", name="Place order").tap()
    page.get_by_role("button", name="Give it back").tap()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert keys_of(served, "/cancellation")
    # By keys alone, from the top of the page.
    page.reload()
    expect(page.get_by_label("Write a comment")).to_be_visible()
    focused = "() => (document.activeElement.getAttribute('aria-label') || document.activeElement.innerText).trim()"
    met = []
    for _ in range(12):
        page.keyboard.press("Tab")
        met.append(page.evaluate(focused))
    for name in ("All LIVEs", "Follow", "Share", "Buy Wireless earbuds S3", "Chat", "Write a comment", "Like"):
        assert name in met, met
