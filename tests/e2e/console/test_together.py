"""Several people at one desk, and one without a mouse, on the running system."""

import re
from typing import Any

import pytest
from people import People, titles
from playwright.sync_api import Page, Route, expect

from showfloor.testing.hosts import Live
from showfloor.testing.system import soon

# A checkbox is drawn beside the input that has the focus.
VISIBLE_FOCUS = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at.closest("label.checkbox")?.querySelector(".checkbox-box") ?? at);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""
FOCUSED = """() => {
  const at = document.activeElement;
  return (at.getAttribute("aria-label") || at.innerText || at.closest("label")?.innerText || "").trim();
}"""
TABS = 90


def unknowing(page: Page, live: Live) -> None:
    """Let the page read the session as it is now, whatever makes it read again, until it writes."""
    known: list[Any] = [{"session": session(live)}]

    def answer(route: Route) -> None:
        if route.request.method != "GET":
            known.clear()
        if known and route.request.url.endswith(live.id):
            route.fulfill(json=known[0])
        else:
            route.continue_()

    page.route(f"**/v1/sessions/{live.id}**", answer)


def session(live: Live) -> Any:
    """Return the session as it is."""
    return live.get()["session"]


def script_of(page: Page) -> Any:
    page.get_by_role("tab", name="Script").click()
    return page.get_by_label(re.compile("Your script"))


@pytest.mark.requirement("R4", "R30", "R75")
def test_what_one_changes_the_other_sees(people: People) -> None:
    live = people.open()
    host, helper = people.desk(live), people.desk(live)
    host.get_by_role("button", name="Move Teapot 4 to the top").click()
    expect(helper.locator(".bag-title").first).to_have_text("Teapot 4")
    helper.get_by_role("button", name="Remove Teapot 2").click()
    expect(host.locator(".bag-title")).to_have_text(["Teapot 4", "Teapot 1", "Teapot 3"])
    expect(host.get_by_role("tab", name="Run of show 3/100")).to_be_visible()
    words = script_of(helper)
    script_of(host).fill("Boil water first.")
    host.get_by_role("button", name="Save", exact=True).click()
    expect(words).to_have_value("Boil water first.")
    helper.get_by_role("button", name="Rename").click()
    helper.get_by_label("Name of the LIVE").fill("Tea at five")
    helper.get_by_role("button", name="Save").first.click()
    expect(host.get_by_role("heading", name="Tea at five")).to_be_visible()
    live.post("live")
    expect(host.locator(".screen")).to_contain_text("On air from another window or device.")
    helper.get_by_role("tab", name="Run of show 3/100").click()
    host.get_by_role("tab", name="Run of show 3/100").click()
    helper.get_by_role("button", name="Pin Teapot 3").click()
    expect(host.get_by_role("button", name="Unpin Teapot 3")).to_be_visible()
    host.get_by_label("Write to everyone").fill("Welcome!")
    host.get_by_role("button", name="Send").click()
    said = helper.locator(".comment", has_text="Welcome!")
    expect(said).to_contain_text("Host")
    helper.get_by_role("button", name="Pin to top: comment of Host").click()
    expect(host.locator(".comment-pinned")).to_contain_text("Welcome!")
    live.post("end")
    for page in (host, helper):
        expect(page.get_by_text("Everything here is read-only.")).to_be_visible()


@pytest.mark.requirement("R4", "R25")
def test_moves_made_without_knowing_of_each_other_all_hold(people: People) -> None:
    live = people.open()
    host, helper = people.desk(live), people.desk(live, deaf=True)
    host.get_by_role("button", name="Move Teapot 4 to the top").click()
    expect(host.locator(".bag-title").first).to_have_text("Teapot 4")
    assert titles(helper) == ["Teapot 1", "Teapot 2", "Teapot 3", "Teapot 4"]
    # Seen from here it goes from 2 to 3: behind Teapot 3, wherever that stands by now.
    helper.get_by_role("button", name="Move Teapot 2 down").click()
    for page in (helper, host):
        expect(page.locator(".bag-title")).to_have_text(["Teapot 4", "Teapot 1", "Teapot 3", "Teapot 2"])
    host.get_by_role("button", name="Remove Teapot 1").click()
    expect(host.locator(".bag-title")).to_have_count(3)
    helper.get_by_role("button", name="Move Teapot 1 to the top").click()
    expect(helper.get_by_text("That product is no longer in the bag")).to_be_visible()
    expect(helper.locator(".bag-title")).to_have_text(["Teapot 4", "Teapot 3", "Teapot 2"])


@pytest.mark.requirement("R4")
def test_two_who_write_the_same_text_are_told_and_choose(people: People) -> None:
    live = people.open()
    host, helper = people.desk(live), people.desk(live, deaf=True)
    words = script_of(helper)
    words.fill("One: pour.")
    host.get_by_role("button", name="Move Teapot 2 to the top").click()
    expect(host.locator(".bag-title").first).to_have_text("Teapot 2")
    helper.get_by_role("button", name="Save", exact=True).click()
    expect(helper.get_by_text("Script saved.")).to_be_visible()
    assert session(live)["script"] == "One: pour."

    unknowing(helper, live)
    words.fill("One: pour.\nTwo: wait.")
    mine = script_of(host)
    expect(mine).to_have_value("One: pour.")
    mine.fill("One: warm the pot.")
    host.get_by_role("button", name="Save", exact=True).click()
    expect(host.get_by_text("Script saved.")).to_be_visible()
    helper.get_by_role("button", name="Save", exact=True).click()
    conflict = helper.get_by_role("tabpanel", name="Script").get_by_role("alert")
    expect(conflict).to_contain_text("Somebody else changed this while you were editing.")
    expect(conflict.locator("del")).to_have_text("One: pour.")
    expect(conflict.locator("ins")).to_have_text("One: warm the pot.")
    assert session(live)["script"] == "One: warm the pot."
    expect(words).to_have_value("One: pour.\nTwo: wait.")
    helper.get_by_role("button", name="Save mine over it").click()
    expect(conflict).to_have_count(0)
    expect(mine).to_have_value("One: pour.\nTwo: wait.")

    # The one who hears of it is told before saving.
    mine.fill("Mine")
    words.fill("Theirs")
    helper.get_by_role("button", name="Save", exact=True).click()
    expect(host.get_by_role("alert").locator("ins")).to_have_text("Theirs")
    host.get_by_role("button", name="Take theirs").click()
    expect(mine).to_have_value("Theirs")


@pytest.mark.requirement("R4")
def test_a_saved_text_never_shows_the_one_of_before(people: People) -> None:
    """What is read again after saving takes its time: who writes on meanwhile has the saved text before them."""
    live = people.open()
    host = people.desk(live, deaf=True)
    words = script_of(host)
    words.fill("One: pour.")
    slow: list[Route] = []

    def hold(route: Route) -> None:
        slow.append(route)

    host.route(f"**/v1/sessions/{live.id}", hold)
    host.get_by_role("button", name="Save", exact=True).click()
    expect(host.get_by_text("Script saved.")).to_be_visible()
    expect(host.get_by_role("button", name="Discard")).to_have_count(0)
    expect(words).to_have_value("One: pour.")
    soon(lambda: slow)
    words.press("End")
    words.press_sequentially(" Two.")
    for route in slow:
        route.continue_()
    host.unroute(f"**/v1/sessions/{live.id}")
    expect(words).to_have_value("One: pour. Two.")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus stands on what is called so; it must be seen there."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if re.search(name, page.evaluate(FOCUSED)):
            assert page.evaluate(VISIBLE_FOCUS), f"nobody sees that the focus is on {name}"
            return
    raise AssertionError(f"Tab does not lead to {name}")


def focused(page: Page, name: str) -> None:
    """Wait until the focus stands on what is called so."""
    soon(lambda: re.search(name, page.evaluate(FOCUSED)))


@pytest.mark.requirement("R24", "R25", "R30", "R64", "R77", "R83")
def test_a_host_without_a_mouse_runs_a_whole_live(people: People) -> None:
    live = people.open(products=0)
    live.host.products(4, "Teapot")
    page = people.desk(live, script="window.open = () => null")
    keys = page.keyboard
    keys.press("a")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("option")).to_have_count(4)
    tab_to(page, "Teapot 1")
    for _ in range(4):
        keys.press("Space")
        keys.press("ArrowDown")
    tab_to(page, "^Add 4$")
    keys.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator(".bag-title")).to_have_count(4)
    tab_to(page, "^Practise$")
    keys.press("Enter")
    expect(page.locator(".screen")).to_contain_text("Practice mode is on.")
    tab_to(page, "^Go LIVE$")
    keys.press("Enter")
    tab_to(page, "^Go LIVE anyway$")
    keys.press("Enter")
    expect(page.locator(".screen")).to_contain_text("On air")
    page.locator("#main").focus()
    tab_to(page, "^Drag Teapot 1$")
    keys.press("Enter")
    focused(page, "^Insert between Teapot 1 and Teapot 2$")  # the drag begins a moment after the key
    keys.press("ArrowDown")
    focused(page, "^Insert between Teapot 2 and Teapot 3$")
    keys.press("Enter")
    expect(page.locator(".bag-title").nth(1)).to_have_text("Teapot 1")
    keys.press("ArrowUp")
    tab_to(page, "^Pin Teapot 2$")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Unpin Teapot 2")).to_be_visible()
    keys.press("w")
    expect(page.get_by_label("Write to everyone")).to_be_focused()
    keys.type("Hello, all of you")
    keys.press("Enter")
    expect(page.locator(".comment", has_text="Hello, all of you")).to_be_visible()
    keys.press("Escape")
    page.locator("#main").focus()
    keys.press("3")
    expect(page.get_by_role("button", name="Unpin Teapot 3")).to_be_visible()
    keys.press("n")
    expect(page.get_by_role("tab", name="Needs you")).to_be_focused()
    keys.press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    keys.press("Escape")
    page.locator("#main").focus()
    tab_to(page, "^End LIVE$")
    keys.press("Enter")
    tab_to(page, "^End LIVE$")
    keys.press("Enter")
    expect(page.get_by_text("Everything here is read-only.")).to_be_visible()
    assert session(live)["state"] == "ended"
