"""The palette: everything that one can go to or do, by keyboard alone; and how the console looks and reads."""

import re

import shop
from backend import Served
from looking import findings
from playwright.sync_api import Page, Route, expect


def test_the_keyboard_alone_reaches_all_that_there_is(page: Page, served: Served) -> None:
    served.state.directory = {"partners": [{"partner_id": "p", "name": "Northern Agency", "role": "owner"}]}
    page.emulate_media(reduced_motion="reduce")
    page.goto(served.url)
    expect(page.locator("tbody tr").first).to_be_visible()
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Go to or do")
    search = dialog.get_by_role("combobox", name="Pages, LIVEs, products, places, actions")
    expect(search).to_be_focused()
    expect(dialog.get_by_role("option", name="Past")).to_be_visible()
    assert findings(page) == []

    def take(words: str, entry: str) -> None:
        search.fill("")
        page.keyboard.type(words)
        expect(dialog.get_by_role("option")).to_have_count(1)
        expect(dialog.get_by_role("option")).to_have_text(re.compile(entry))
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(dialog).to_have_count(0)

    take("on air", "^On airLIVE")
    expect(page).to_have_url(f"{served.url}live/on-air")
    page.keyboard.press("Control+k")
    take("Autumn drop", "Autumn drop.*Corner shop LIVE · LIVE")
    expect(page).to_have_url(f"{served.url}live/{shop.LIVE}/air")
    page.goto(f"{served.url}live/past")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.keyboard.press("Control+k")
    take("merino", r"Merino socks, 3 pairs.*\$71\.99")
    expect(page).to_have_url(re.compile(r"products\?q=Merino"))
    expect(page.get_by_role("searchbox").first).to_have_value("Merino socks, 3 pairs")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.keyboard.press("Control+k")
    search.fill("nothing of that name")
    expect(dialog.get_by_text("Nothing fits “nothing of that name”.")).to_be_visible()
    take("comfortable", "Comfortable")
    expect(page.locator("html")).to_have_attribute("data-density", "comfortable")
    page.keyboard.press("Control+k")
    take("northern", "Northern Agency")
    expect(page).to_have_url(re.compile("live"))
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_keys_pressed_while_the_palette_loads_count(page: Page, served: Served) -> None:
    held: list[Route] = []
    page.route("**/assets/Palette-*.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    page.goto(served.url)
    expect(page.locator("tbody tr").first).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("past")
    expect(page.get_by_role("dialog")).to_have_count(0)
    for one in held:
        one.continue_()
    expect(page.get_by_role("combobox", name="Pages, LIVEs")).to_have_value("past")


def test_who_is_not_signed_in_has_no_palette(page: Page, served: Served) -> None:
    served.state.signed_in = False
    page.goto(f"{served.url}sign-in")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_rows_and_language_are_chosen_and_kept(page: Page, served: Served) -> None:
    page.goto(f"{served.url}live")
    row = page.locator("tbody tr").first
    expect(row).to_be_visible()
    usual = row.bounding_box()
    page.get_by_role("button", name="Rows and language").click()
    looks = page.get_by_role("dialog", name="Rows and language")
    looks.get_by_role("button", name="Comfortable").click()
    expect(page.locator(".live-table")).to_have_attribute("data-density", "comfortable")
    roomy = row.bounding_box()
    assert usual and roomy
    assert usual["height"] < roomy["height"] >= 52
    page.reload()
    expect(page.locator(".live-table")).to_have_attribute("data-density", "comfortable")
    page.get_by_role("button", name="Rows and language").click()
    looks.get_by_role("button", name=re.compile("Language$")).click()
    page.get_by_role("option", name=re.compile("Pseudo")).click()
    expect(page.locator("html")).to_have_attribute("lang", "en-XA")
    expect(page.get_by_role("heading", level=1)).to_contain_text("šéššíóñš")
