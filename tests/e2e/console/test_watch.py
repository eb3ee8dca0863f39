"""A viewer's page: join, write, order; what is pressed twice is done once."""

import re
from typing import Any

import pytest
import shop
from backend import Served
from playwright.sync_api import Page, Route, expect


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
    unreachable = page.get_by_text("Showfloor cannot be reached")
    page.get_by_role("button", name="Buy Wireless earbuds S3").click()
    for name, end in (("Place order", "/orders"), ("Pay with the test checkout (simulated)", "/test-payment")):
        button = page.get_by_role("button", name=name)
        lose_answers(page, f"**{end}")
        button.click()
        expect(unreachable.last).to_be_visible(timeout=10_000)
        page.unroute(f"**{end}")
        expect(unreachable).to_have_count(0, timeout=10_000)
        button.click()
        expect(button).to_be_hidden()
    expect(page.get_by_role("dialog")).to_be_hidden()
    orders, payments = keys_of(served, "/orders"), keys_of(served, "/test-payment")
    assert len(orders) > 1
    assert len(payments) > 1
    assert len(set(orders)) == len(set(payments)) == 1
    assert set(orders) != set(payments)
    page.get_by_role("button", name="Buy Wireless earbuds S3").click()
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_text("Your order is reserved until")).to_be_visible()
    assert len(set(keys_of(served, "/orders"))) == 2


@pytest.mark.requirement("D16")
def test_a_viewers_order_is_a_reservation_that_they_cannot_pay(page: Page, served: Served) -> None:
    join(page, served)
    page.get_by_role("button", name="Buy Wireless earbuds S3").click()
    page.get_by_role("button", name="Place order").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Your order is reserved until")).to_be_visible()
    expect(dialog.get_by_text("It counts once it is paid")).to_be_visible()
    expect(dialog.get_by_role("button", name="Pay")).to_have_count(0)
    assert not [path for _, path, _, _ in served.state.calls if "payment" in path]


def test_a_viewer_who_reloads_is_known_by_the_last_token(page: Page, served: Served) -> None:
    for _ in range(2):
        join(page, served)
        page.reload()
    sent = [body["viewer_token"] for method, path, _, body in served.state.calls if path.endswith("/join")]
    assert sent == ["", "viewer-token"]
    assert not [path for _, path, _, _ in served.state.calls if path.endswith("/presence")]  # the stream says it


def test_a_comment_whose_answer_was_lost_is_said_once(page: Page, served: Served) -> None:
    join(page, served)
    text, send = page.get_by_label("Write a comment"), page.get_by_role("button", name="Send")
    lose_answers(page, "**/comments")
    text.fill("Does it fit?")
    send.click()
    expect(page.get_by_text("Showfloor cannot be reached")).to_be_visible(timeout=10_000)
    page.unroute("**/comments")
    send.click()
    expect(text).to_have_value("")
    assert len(set(keys_of(served, "/comments"))) == 1
    text.fill("Does it fit?")
    send.click()
    expect(text).to_have_value("")
    assert len(set(keys_of(served, "/comments"))) == 2


def test_a_viewer_joins_comments_follows_and_orders(page: Page, served: Served) -> None:
    page.goto(f"{served.url}watch")
    page.get_by_role("link", name="Autumn drop").click()
    page.get_by_label("Your name (optional)").fill("Mira")
    page.get_by_role("button", name="Join").click()
    page.get_by_role("button", name="Ask about Wireless earbuds S3").click()
    page.get_by_label("Write a comment").fill("Do they pair with two phones?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Write a comment")).to_have_value("")
    with page.expect_request("**/likes"):
        page.get_by_role("button", name="Like").click(click_count=3)
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("button", name="Following")).to_be_visible()
    page.get_by_role("button", name="Buy Wireless earbuds S3").click()
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_text("Ordered: Wireless earbuds S3")).to_be_visible()
    page.keyboard.press("Escape")
    served.state.happen(3)
    expect(page.locator(".chat .comment").first).to_be_visible()
    sent = {path.rsplit("/", 1)[1]: (headers, body) for _, path, headers, body in served.state.calls}
    assert {"join", "comments", "likes", "follow", "clicks", "orders", "impressions"} <= set(sent)
    assert sent["likes"][1] == {"count": 3}
    assert shop.product(3)["product_id"] in sent["impressions"][1]["product_ids"]
    assert sent["orders"][0]["authorization"] == "Bearer viewer-token"
    assert sent["comments"][1]["product_id"] == shop.product(3)["product_id"]


def test_a_replay_is_for_looking_on(page: Page, served: Served) -> None:
    served.state.sessions[shop.LIVE]["source"] = "replay"
    page.goto(f"{served.url}watch/{shop.LIVE}")
    expect(page.get_by_text("This is a replay: you are looking on.")).to_be_visible()
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("list", name="Chat")).to_be_visible()
    for name in (re.compile("^Buy "), re.compile("^Ask about "), "Follow", "Like", "Share", "Send"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


def test_who_comes_late_is_not_told_to_be_the_first(page: Page, served: Served) -> None:
    """The chat begins where a viewer came in: of what was said before nothing is known here."""
    join(page, served)
    chat = page.get_by_role("list", name="Chat")
    expect(chat).to_contain_text("Nothing has been said since you came in.")
