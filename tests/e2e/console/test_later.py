"""What a window loads after itself, and what it does when another window of the same person is the control room."""

import pytest
import shop
from backend import Served
from playwright.sync_api import Page, Route, expect


def test_what_could_not_be_loaded_is_told_and_tried_again(page: Page, served: Served) -> None:
    away = True
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if away:
            route.abort()
        else:
            route.continue_()

    page.route("**/assets/overlays-*.js", answer)
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    press = page.get_by_role("button", name="Share", exact=True)
    press.click()
    failed = page.get_by_role("alertdialog", name="This part could not be loaded.")
    expect(failed.get_by_role("button", name="Try again")).to_be_focused()
    failed.get_by_role("button", name="Cancel").click()
    expect(failed).to_have_count(0)
    press.click()
    away = False
    failed.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("dialog", name="Viewers’ link")).to_be_visible()
    assert len(asked) > 2


def test_a_press_waits_for_the_window_that_it_opens(page: Page, served: Served) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/assets/overlays-*.js", hold)
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.locator(".window-comes")).to_be_visible()
    for route in held:
        route.continue_()
    expect(page.get_by_role("dialog", name="Viewers’ link")).to_be_visible()


@pytest.mark.requirement("R77")
def test_one_window_at_a_time_is_the_room(page: Page, served: Served) -> None:
    room = f"{served.url}live/{shop.LIVE}/air"
    page.goto(room)
    page.get_by_placeholder("Write to everyone").fill("Half a sentence")
    second = page.context.new_page()
    second.goto(room)
    asks = second.get_by_role("dialog", name="The control room is open in another window")
    expect(asks.get_by_role("link", name="Open the Board here")).to_be_visible()
    expect(second.locator(".show-list")).to_have_count(0)
    asks.get_by_role("button", name="Take over here").click()
    expect(second.locator(".show-list")).to_be_visible()
    taken = page.get_by_role("dialog", name="Another window has taken over")
    taken.get_by_role("button", name="Take back").click()
    expect(page.get_by_placeholder("Write to everyone")).to_have_value("Half a sentence")
    lost = second.get_by_role("dialog", name="Another window has taken over")
    expect(lost).to_be_visible()
    page.close()
    expect(lost).to_have_count(0)
    expect(second.get_by_role("button", name="Pin Linen overshirt, sand")).to_be_enabled()
    second.reload()
    expect(second.locator(".show-list")).to_be_visible()
    expect(second.get_by_role("dialog")).to_have_count(0)
