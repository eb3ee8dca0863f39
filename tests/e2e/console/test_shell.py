"""The frame around every page: the rail, for whom one works, and what is on air."""

import re

import shop
from backend import Served
from playwright.sync_api import Page, expect


def test_the_rail_leads_everywhere_and_remembers_its_width(page: Page, served: Served) -> None:
    page.goto(served.url)
    rail = page.get_by_role("navigation", name="Main")
    names = ["Home", "All", "On air", "Past", "Catalogue", "Overview", "Sessions", "Products"]
    expect(rail.get_by_role("link")).to_have_text([*names, "Team", "Grants", "Integrations"])
    rail.get_by_role("link", name="Past").click()
    expect(page).to_have_url(f"{served.url}live/past")
    expect(page.get_by_role("heading", name="Past")).to_be_visible()
    expect(page.locator("tbody tr").filter(has_text="Autumn drop")).to_have_count(0)
    rail.get_by_role("link", name="On air").click()
    expect(page.locator("tbody tr").filter(has_text="Autumn drop")).to_have_count(1)
    expect(page.get_by_text("Corner shop", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("You work for"))).to_have_count(0)
    page.get_by_role("button", name="Narrow the menu").click()
    page.reload()
    rail.get_by_role("link", name="Analytics").click()
    expect(page).to_have_url(f"{served.url}analytics")
    page.get_by_role("button", name="Widen the menu").click()
    expect(rail.get_by_role("link", name="Past")).to_be_visible()
    assert page.locator("a[href*='/watch']").count() == 0


def test_who_works_in_several_places_chooses_one(page: Page, served: Served) -> None:
    served.state.directory = {"partners": [{"partner_id": "p", "name": "Northern Agency", "role": "owner"}]}
    page.goto(served.url)
    page.get_by_role("button", name="You work for Corner shop · Owner. Change").click()
    page.get_by_role("menuitem", name="Northern Agency · Owner").click()
    page.reload()
    expect(page.get_by_role("button", name="You work for Northern Agency")).to_be_visible()


def test_on_a_narrow_screen_the_rail_is_a_sheet(page: Page, served: Served) -> None:
    for width in (768, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(served.url)
        expect(page.get_by_role("heading", name="Home")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="Open the menu").click()
        sheet = page.get_by_role("dialog", name="Main")
        sheet.get_by_role("link", name="Past").click()
        expect(sheet).to_be_hidden()
        expect(page).to_have_url(f"{served.url}live/past")


def test_what_is_on_air_is_one_press_away(page: Page, served: Served) -> None:
    page.goto(f"{served.url}analytics/sessions")
    strip = page.get_by_role("link", name=re.compile(r"ON AIR \d+:\d\d"))
    expect(strip).to_contain_text(re.compile(r"viewers? · "))
    strip.click()
    expect(page).to_have_url(f"{served.url}live/{shop.LIVE}/air")
    served.state.sessions[shop.NEW] = shop.session(shop.NEW, "Second room", "live")
    page.goto(f"{served.url}live/past")
    page.get_by_role("button", name="2 LIVEs at once").click()
    page.get_by_role("menuitem", name=re.compile("Second room")).click()
    expect(page).to_have_url(f"{served.url}live/{shop.NEW}/air")
    for one in served.state.sessions.values():
        one["state"] = "ended"
    page.goto(f"{served.url}live/past")
    expect(page.locator("tbody tr").first).to_be_visible()
    expect(page.get_by_text("ON AIR", exact=True)).to_have_count(0)
