"""The control room on the running system: what is checked before a LIVE, what is shown and sold, a connection that is
lost, a sign-in that runs out, and leaving."""

import re
from uuid import uuid4

import pytest
from people import People, connected, deal, go_live, stream
from playwright.sync_api import Page, Route, expect

from showfloor.testing.hosts import Live
from showfloor.testing.system import Rest, soon


def pinned(live: Live) -> str:
    """Return the product that viewers are shown."""
    return str(live.get()["session"].get("pinned_product_id") or "")


def runs_out(page: Page, path: str) -> None:
    """Let the sign-in be gone when this is asked for next, not before: another request would tell it first."""

    def without(route: Route) -> None:
        page.context.clear_cookies()
        route.continue_()

    page.route(path, without, times=1)


@pytest.mark.requirement("R17", "R30", "R64", "R83")
def test_nothing_goes_on_air_without_being_told_what_is_missing(people: People) -> None:
    live = people.open(2)
    page = people.desk(live, script="window.open = () => null", permissions=["clipboard-read", "clipboard-write"])
    before = page.get_by_role("region", name="Before you go LIVE")
    expect(before).to_contain_text("2 things are missing")
    expect(before.get_by_text("Off. Turn it on above.")).to_be_visible()
    expect(before).to_contain_text("2 products")
    before.get_by_role("button", name="Copy link").click()
    expect(before.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{people.system.url}/watch/{live.id}"
    page.keyboard.press("1")
    page.get_by_role("button", name="Go LIVE", exact=True).click()
    asked = page.get_by_role("dialog", name="Go LIVE as it is?")
    expect(asked.get_by_role("listitem")).to_have_count(2)
    expect(asked).to_contain_text("The camera is off")
    asked.get_by_role("button", name="Not yet").click()
    assert live.get()["session"]["state"] == "prepared"
    page.get_by_role("button", name="Turn camera on").click()
    expect(before).to_contain_text("All set")
    expect(before.get_by_role("meter")).to_be_visible()
    page.get_by_role("button", name="Go LIVE", exact=True).click()
    expect(page.locator(".screen")).to_contain_text("On air")
    assert pinned(live) == ""
    page.get_by_role("button", name="Share", exact=True).click()
    link = page.get_by_role("dialog", name="Viewers’ link")
    expect(link.get_by_role("img", name=re.compile("^Code of"))).to_be_visible()
    with page.context.expect_page() as seen:
        link.get_by_role("link", name="See as viewer").click()
    expect(seen.value).to_have_url(f"{people.system.url}/watch/{live.id}")


@pytest.mark.requirement("R30", "R89", "D16")
def test_the_room_tells_what_came_of_a_pin_and_of_orders(people: People) -> None:
    live = people.open(2)
    live.post("live")
    page = people.desk(live)
    showing = page.get_by_role("region", name="Now showing")
    expect(showing).to_contain_text("Nothing is pinned")
    page.locator("#main").focus()
    page.keyboard.press("2")
    expect(showing).to_contain_text("Teapot 2")
    before = showing.locator("time").inner_text()
    expect(showing.locator("time")).not_to_have_text(before)
    for name in ("Kim", "Ana"):
        sold = live.post("orders", live.order(live.products[1], 2, 1000, name))
    assert sold["order"]["state"] == "placed"
    orders = stream(page, "Orders").locator(".order")
    expect(orders).to_have_count(2)
    paid = deal(page, "€20.00", "Mark as paid").get_by_role("button", name="Mark as paid")
    paid.dblclick()
    expect(orders.first).to_contain_text("Paid")
    figures = showing.locator("dd")
    expect(figures.last).to_have_text("€20.00")
    expect(figures.nth(2)).to_have_text("2")
    expect(page.locator(".cue-pinned")).to_contain_text("2 sold")
    refund = deal(page, "€20.00", "Refund")
    refund.get_by_label("Amount").fill("5")
    refund.get_by_role("button", name="Refund").click()
    expect(orders.first).to_contain_text("€5.00 refunded")
    orders.last.get_by_role("button", name="What to do with the order").click()
    page.get_by_role("menuitem", name="Cancel the order").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the order").click()
    expect(orders.last).to_contain_text("Cancelled")


@pytest.mark.requirement("R30", "R83")
def test_what_is_pressed_while_away_is_sent_once_or_refused(people: People) -> None:
    live = people.open(3)
    live.post("live")
    page = people.desk(live)
    page.context.set_offline(True)
    expect(page.get_by_text("Connected", exact=True)).to_have_count(0)
    waiting = page.get_by_role("region", name="Waiting to be sent")
    page.get_by_role("button", name="Pin Teapot 1").click()
    page.get_by_role("button", name="Pin Teapot 3").click()
    page.get_by_label("Write to everyone").fill("Back in a moment")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Move Teapot 2 to the top").click()
    expect(waiting.get_by_role("listitem")).to_have_count(4)
    expect(waiting).to_contain_text("Say “Back in a moment”")
    waiting.get_by_role("button", name="Do not send: Move Teapot 2").click()
    expect(waiting.get_by_role("listitem")).to_have_count(3)
    live.delete(f"bag/{live.products[0]}")
    page.context.set_offline(False)
    connected(page)
    refused = waiting.get_by_role("alert")
    expect(refused).to_contain_text("Pin Teapot 1 was not done: That product is no longer in the bag")
    expect(waiting.get_by_role("listitem")).to_have_count(1)
    refused.get_by_role("button", name="Dismiss: Pin Teapot 1").click()
    expect(waiting).to_have_count(0)
    expect(page.get_by_role("button", name="Unpin Teapot 3")).to_be_visible()
    expect(page.locator(".comment", has_text="Back in a moment")).to_have_count(1)
    said = [one["text"] for one in live.get("comments")["comments"]]
    assert said == ["Back in a moment"]


def test_a_connection_that_dies_silently_is_not_called_connected(people: People) -> None:
    live = people.open(1)
    live.post("live")
    page = people.desk(live)
    held: list[Route] = []
    page.route("**/icon.svg", lambda route: held.append(route))  # noqa: PLW0108 - Playwright asks a function how many it takes
    expect(page.get_by_text("Connected", exact=True)).to_have_count(0, timeout=30_000)
    page.unroute("**/icon.svg")
    connected(page)


@pytest.mark.requirement("R77")
def test_a_sign_in_that_runs_out_on_air_is_asked_for_in_the_room(people: People, page: Page) -> None:
    live = people.open(2)
    live.post("live")
    user, email = people.member(live.host.shop)
    people.api.put(f"/accounts/{live.host.account}/members/{user}", {"role": "assistant"})
    word = uuid4().hex
    theirs = Rest(people.system.url, Rest(people.system.url).post("/sign-in", {"code": people.code(user)})["token"])
    theirs.post("/me/password", {"password": word})
    page.goto(f"{people.system.url}/sign-in#link={people.code(user)}")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    page.goto(f"{people.system.url}/live/{live.id}/air")
    connected(page)
    runs_out(page, "**/pin")
    page.get_by_role("button", name="Pin Teapot 2").click()
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_contain_text("The LIVE goes on")
    assert live.get()["session"]["state"] == "live"
    dialog.get_by_label("E-mail").fill(email)
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Password").fill(word)
    dialog.get_by_label("Password").press("Enter")  # a second click at once would be the second of a double click
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Unpin Teapot 2")).to_be_visible()
    expect(page).to_have_url(re.compile(f"live/{live.id}/air"))


@pytest.mark.requirement("R77")
def test_leaving_the_room_on_air_asks(people: People) -> None:
    live = people.open(1)
    page = people.desk(live, script="window.open = () => null")
    go_live(page)
    expect(page.locator(".screen")).to_contain_text("On air")
    page.get_by_role("link", name="Back to LIVE sessions").click()
    asked = page.get_by_role("dialog", name="Leave the control room?")
    expect(asked).to_contain_text("The LIVE goes on without this window")
    asked.get_by_role("button", name="Cancel").click()
    expect(page).to_have_url(re.compile("/air$"))
    closing: list[str] = []
    page.on("dialog", lambda dialog: (closing.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    soon(lambda: page.wait_for_timeout(50) or closing == ["beforeunload"])
    page.get_by_role("link", name="Back to LIVE sessions").click()
    asked.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="LIVE sessions")).to_be_visible()
    assert live.get()["session"]["state"] == "live"
