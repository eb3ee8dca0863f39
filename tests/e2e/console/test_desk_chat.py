"""The desk of a session: comments, the activity feed and orders."""

import re

import pytest
import shop
from backend import Served
from desk import open_desk
from people import deal, stream
from playwright.sync_api import Locator, Page, Route, expect


def test_a_first_read_of_the_feed_that_fails_is_tried_again(page: Page, served: Served) -> None:
    left = [3]

    def sometimes(route: Route) -> None:
        left[0] -= 1
        route.fulfill(status=500, body="{}") if left[0] >= 0 else route.continue_()

    page.route("**/activity?*", sometimes)
    open_desk(page, served)
    expect(page.locator(".comment").first).to_be_visible(timeout=15_000)
    assert left[0] < 0


def in_sight(chat: Locator) -> list[str]:
    """Return the comments that can be seen; the list keeps some more beyond both edges, a varying number."""
    seen: list[str] = chat.evaluate(
        """box => {
            const edge = box.getBoundingClientRect();
            const inside = one => one.top >= edge.top && one.bottom <= edge.bottom;
            const texts = [...box.querySelectorAll(".comment-text")];
            return texts.filter(text => inside(text.getBoundingClientRect())).map(text => text.innerText);
        }"""
    )
    return seen


def test_the_chat_stands_still_while_read_and_counts_the_rest(page: Page, served: Served) -> None:
    served.state.happen(200)
    open_desk(page, served)
    chat = page.get_by_role("region", name="What happens")
    expect(chat.locator(".comment").first).to_be_visible()
    chat.evaluate("box => box.scrollTo(0, 2000)")
    expect(chat.locator("li").first).not_to_have_attribute("aria-posinset", "1")
    seen = in_sight(chat)
    served.state.happen(70)
    expect(page.get_by_role("button", name="70 new")).to_be_visible()
    assert seen
    assert in_sight(chat) == seen
    page.get_by_role("button", name="70 new").click()
    expect(page.locator(".live-list-new")).to_have_count(0)
    assert chat.evaluate("box => box.scrollTop") == 0


def test_a_busy_room_hides_no_order_and_keeps_the_page_small(page: Page, served: Served) -> None:
    open_desk(page, served)
    chat = page.get_by_role("region", name="What happens")
    for _ in range(10):
        served.state.happen(200)
        newest = chat.locator("[data-position]").first
        expect(newest).to_have_attribute("data-position", str(served.state.position))
    assert page.locator(".comment").count() < 60
    stream(page, "Orders", "Gifts")
    told = sum(served.state.kind("order")) + sum(served.state.kind("gift"))
    expect(chat.locator("li").first).to_have_attribute("aria-setsize", str(told))


@pytest.mark.requirement("D16")
def test_the_shop_marks_orders_as_paid_and_simulated_ones_say_so(page: Page, served: Served) -> None:
    first, second, *_ = reversed([one for one in served.state.activities if one["kind"] == "order"])
    first["state"], second["payment_source"] = "placed", "simulated"
    open_desk(page, served)
    stream(page, "Orders")
    expect(page.locator(".order").nth(1)).to_contain_text("simulated")
    unpaid = page.locator(".order").first
    expect(unpaid).to_contain_text("Placed")
    total = f"US${first['amount']['minor'] / 100:.2f}"
    deal(page, total, "Mark as paid").get_by_role("button", name="Mark as paid").click()
    expect(unpaid).to_contain_text("by hand")
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.requirement("D16")
def test_whoever_only_hosts_is_not_offered_to_say_paid(page: Page, served: Served) -> None:
    served.state.shop_role = "member"
    for one in served.state.activities:
        if one["kind"] == "order":
            one["state"] = "placed"
    open_desk(page, served)
    stream(page, "Orders")
    expect(page.locator(".order").first).to_contain_text("Placed")
    page.get_by_role("button", name=re.compile("^What to do with")).first.click()
    expect(page.get_by_role("menuitem")).to_have_text(["Cancel the order"])


@pytest.mark.requirement("D16")
def test_a_session_with_simulated_payments_says_so(page: Page, served: Served) -> None:
    served.state.sessions[shop.LIVE]["simulated_payments"] = True
    open_desk(page, served)
    expect(page.get_by_text("Simulated payments")).to_be_visible()
