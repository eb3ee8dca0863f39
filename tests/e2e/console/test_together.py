"""Two people at one desk, and one without a mouse, against the real services."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from showfloor.testing.system import Rest, System

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


@pytest.fixture(scope="module")
def system(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Showfloor with every service, and no demo."""
    system = System(tmp_path_factory.mktemp("desk") / "data")
    try:
        system.up()
        yield system
    finally:
        system.end()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, system: System) -> Any:
    """The cookies of the system's own user."""
    context = browser.new_context()
    page = context.new_page()
    page.goto("".join(system.cli("token").stdout.split()))
    expect(page.get_by_role("heading", name="LIVE sessions")).to_be_visible(timeout=20_000)
    kept = context.storage_state()
    context.close()
    return kept


class Live:
    """A LIVE of a new account, with products in its bag."""

    def __init__(self, system: System, products: int = 4) -> None:
        self.api = Rest(system.url, system.token())
        mark = uuid4().hex[:6]
        self.shop = self.api.post("/shops", {"name": f"Shop {mark}", "currency": "EUR"})["shop_id"]
        account = self.api.post("/accounts", {"name": f"Host {mark}", "shop_id": self.shop, "kind": "creator"})
        rows = [
            {
                "reference": f"{mark}-{number}",
                "title": f"Teapot {number}",
                "category": "Tea",
                "price": {"minor": 1000 + number, "currency": "EUR"},
                "in_showcase": True,
            }
            for number in range(1, products + 1)
        ]
        at = self.api.post(f"/shops/{self.shop}/products", {"products": rows})["position"]
        known = self.api.get(f"/shops/{self.shop}/products", page_size=50, min_position=at)["products"]
        self.products = [one["product_id"] for one in sorted(known, key=lambda one: str(one["title"]))]
        opened = self.api.post("/sessions", {"account_id": account["account_id"], "title": "Tea time"})
        self.id = opened["session"]["session_id"]

    def fill(self) -> "Live":
        """Put every product into the bag."""
        self.api.post(f"/sessions/{self.id}/bag", {"source": "showcase", "references": self.products})
        return self

    def session(self) -> Any:
        """Return the session as it is."""
        return self.api.get(f"/sessions/{self.id}")["session"]


class People:
    """Windows of people who are signed in."""

    def __init__(self, profiles: Callable[..., BrowserContext], system: System, kept: Any) -> None:
        self.profiles, self.system, self.kept = profiles, system, kept

    def at(self, live: Live, *, deaf: bool = False) -> Page:
        """Open the desk for one more person; a deaf one hears nothing over the stream."""
        page = self.profiles(storage_state=self.kept).new_page()
        page.set_default_timeout(10_000)
        if deaf:
            page.route("**/v1/stream**", lambda route: route.abort())
        page.goto(f"{self.system.url}/#/session/{live.id}")
        expect(page.get_by_role("grid", name="Shopping bag")).to_be_visible()
        if not deaf:
            expect(page.get_by_text("Connected")).to_be_visible(timeout=15_000)
        return page


@pytest.fixture
def people(profiles: Callable[..., BrowserContext], system: System, signed_in: Any) -> People:
    """Whoever works at the desk."""
    return People(profiles, system, signed_in)


def unknowing(page: Page, live: Live) -> None:
    """Let the page read the session as it is now, whatever makes it read again, until it writes."""
    known: list[Any] = [{"session": live.session()}]

    def answer(route: Route) -> None:
        if route.request.method != "GET":
            known.clear()
        if known and route.request.url.endswith(live.id):
            route.fulfill(json=known[0])
        else:
            route.continue_()

    page.route(f"**/v1/sessions/{live.id}**", answer)


def order(page: Page) -> list[str]:
    return page.locator(".bag-title").all_inner_texts()


def script_of(page: Page) -> Any:
    page.get_by_role("tab", name="Script").click()
    return page.get_by_label(re.compile("Your script"))


@pytest.mark.requirement("R4", "R30", "R75")
def test_what_one_changes_the_other_sees(people: People, system: System) -> None:
    live = Live(system).fill()
    host, helper = people.at(live), people.at(live)
    host.get_by_role("button", name="Move Teapot 4 to the top").click()
    expect(helper.locator(".bag-title").first).to_have_text("Teapot 4")
    helper.get_by_role("button", name="Remove Teapot 2").click()
    expect(host.locator(".bag-title")).to_have_text(["Teapot 4", "Teapot 1", "Teapot 3"])
    expect(host.get_by_role("tab", name="Products 3/100")).to_be_visible()
    words = script_of(helper)
    script_of(host).fill("Boil water first.")
    host.get_by_role("button", name="Save", exact=True).click()
    expect(words).to_have_value("Boil water first.")
    helper.get_by_role("button", name="Rename").click()
    helper.get_by_label("Name of the LIVE").fill("Tea at five")
    helper.get_by_role("button", name="Save").first.click()
    expect(host.get_by_role("heading", name="Tea at five")).to_be_visible()
    live.api.post(f"/sessions/{live.id}/live")
    expect(host.locator(".screen")).to_contain_text("On air from another window or device.")
    helper.get_by_role("tab", name="Products 3/100").click()
    host.get_by_role("tab", name="Products 3/100").click()
    helper.get_by_role("button", name="Pin Teapot 3").click()
    expect(host.get_by_role("button", name="Unpin Teapot 3")).to_be_visible()
    host.get_by_label("Write to everyone").fill("Welcome!")
    host.get_by_role("button", name="Send").click()
    said = helper.locator(".comment", has_text="Welcome!")
    expect(said).to_contain_text("Host")
    helper.get_by_role("button", name="Pin to top: comment of Host").click()
    expect(host.locator(".comment-pinned")).to_contain_text("Welcome!")
    live.api.post(f"/sessions/{live.id}/end")
    for page in (host, helper):
        expect(page.get_by_text("This LIVE is over. Everything here is read-only.")).to_be_visible()


@pytest.mark.requirement("R4", "R25")
def test_moves_made_without_knowing_of_each_other_all_hold(people: People, system: System) -> None:
    live = Live(system).fill()
    host, helper = people.at(live), people.at(live, deaf=True)
    host.get_by_role("button", name="Move Teapot 4 to the top").click()
    expect(host.locator(".bag-title").first).to_have_text("Teapot 4")
    assert order(helper) == ["Teapot 1", "Teapot 2", "Teapot 3", "Teapot 4"]
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
def test_two_who_write_the_same_text_are_told_and_choose(people: People, system: System) -> None:
    live = Live(system).fill()
    host, helper = people.at(live), people.at(live, deaf=True)
    words = script_of(helper)
    words.fill("One: pour.")
    host.get_by_role("button", name="Move Teapot 2 to the top").click()
    expect(host.locator(".bag-title").first).to_have_text("Teapot 2")
    helper.get_by_role("button", name="Save", exact=True).click()
    expect(helper.get_by_text("Script saved.")).to_be_visible()
    assert live.session()["script"] == "One: pour."

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
    assert live.session()["script"] == "One: warm the pot."
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


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus stands on what is called so; it must be seen there."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if re.search(name, page.evaluate(FOCUSED)):
            assert page.evaluate(VISIBLE_FOCUS), f"nobody sees that the focus is on {name}"
            return
    raise AssertionError(f"Tab does not lead to {name}")


@pytest.mark.requirement("R24", "R25", "R30", "R64", "R77", "R83")
def test_a_host_without_a_mouse_runs_a_whole_live(people: People, system: System) -> None:
    live = Live(system)
    page = people.at(live)
    page.add_init_script("window.open = () => null")
    page.reload()
    expect(page.get_by_text("Connected")).to_be_visible(timeout=15_000)
    keys = page.keyboard
    keys.press("a")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("checkbox")).to_have_count(4)
    tab_to(page, "^Teapot 1")
    for _ in range(4):
        keys.press("Space")
        keys.press("Tab")
    keys.press("Shift+Tab")
    tab_to(page, "^Add 4$")
    keys.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator(".bag-title")).to_have_count(4)
    tab_to(page, "^Practise$")
    keys.press("Enter")
    expect(page.locator(".screen")).to_contain_text("Practice mode is on.")
    tab_to(page, "^Go LIVE$")
    keys.press("Enter")
    expect(page.locator(".screen")).to_contain_text("On air")
    page.locator("#main").focus()
    tab_to(page, "^Drag Teapot 1$")
    keys.press("Enter")
    keys.press("ArrowDown")
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
    keys.press("4")
    expect(page.get_by_role("tab", name="Orders")).to_be_focused()
    keys.press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    keys.press("Escape")
    page.locator("#main").focus()
    tab_to(page, "^End LIVE$")
    keys.press("Enter")
    tab_to(page, "^End LIVE$")
    keys.press("Enter")
    expect(page.get_by_text("This LIVE is over. Everything here is read-only.")).to_be_visible()
    assert live.session()["state"] == "ended"
