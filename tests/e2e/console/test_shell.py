"""The frame around every page: the rail, for whom one works, and what is on air."""

import re

import shop
from backend import Served
from playwright.sync_api import Page, expect


def test_the_rail_leads_everywhere_and_remembers_its_width(page: Page, served: Served) -> None:
    page.goto(served.url)
    rail = page.get_by_role("navigation", name="Main")
    live, products = ["Calendar", "All", "On air", "Past"], ["Catalogue", "Sets", "Collabs"]
    names = ["Home", *live, *products, "Overview", "Sessions", "Products", "Team", "Grants", "Integrations"]
    expect(rail.get_by_role("link")).to_have_text(names)
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
    served.state.directory = shop.agency()
    page.goto(served.url)
    page.get_by_role("button", name="You work for Corner shop Owner. Change").click()
    page.get_by_role("menuitem", name="Northern Agency · Owner").click()
    expect(page.get_by_role("heading", name="Sessions", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="You work for Northern Agency")).to_be_visible()
    rail = page.get_by_role("navigation", name="Main")
    expect(rail.get_by_role("link")).to_have_text(["Sessions", "Calendar", "Creators", "Team"])
    expect(page.get_by_role("button", name="New LIVE")).to_have_count(0)
    expect(page.get_by_role("link", name=re.compile("ON AIR"))).to_contain_text("Board")
    rail.get_by_role("link", name="Creators").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Ana Sample")
    expect(rows.first).to_contain_text("Autumn drop")
    expect(rows.first).to_contain_text("Sunday slow living")
    expect(rows.nth(1)).to_contain_text("Bo Sample")
    expect(rows.nth(1)).to_contain_text("None yet")
    page.get_by_label("Search by name").fill("cleo")
    expect(rows).to_have_count(1)


def test_the_place_that_is_chosen_narrows_what_pages_show(page: Page, served: Served) -> None:
    served.state.directory = {
        "shops": [{"shop_id": "s2", "name": "Second shop", "currency": "EUR", "role": "owner"}],
        "more_accounts": [{"account_id": "a2", "name": "Second LIVE", "shop_id": "s2", "kind": "official"}],
    }
    second = shop.session(shop.NEW, "Harbour sale", "ended", account_id="a2", end_time=shop.stamp(shop.datetime.now()))
    served.state.sessions[shop.NEW] = second
    page.goto(f"{served.url}live")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(4)
    page.get_by_role("button", name="You work for Everything you see. Change").click()
    page.get_by_role("menuitem", name="Second shop · Owner").click()
    expect(page.get_by_text("Only Second shop")).to_be_visible()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Harbour sale")
    expect(page).to_have_url(f"{served.url}live?for=shop%3As2")
    rail = page.get_by_role("navigation", name="Main")
    rail.get_by_role("link", name="Home").click()
    expect(page.get_by_role("link", name="Harbour sale").first).to_be_visible()
    expect(page.get_by_role("link", name="Sunday slow living")).to_have_count(0)
    rail.get_by_role("link", name="Overview").click()
    expect(page.get_by_text("Only Second shop")).to_be_visible()
    expect(page.locator(".empty")).to_be_visible()
    rail.get_by_role("link", name="Team").click()
    expect(page.get_by_text("Only Second shop")).to_have_count(0)
    page.goto(f"{served.url}live?for=shop%3A{shop.SHOP}")  # a link from somebody else
    expect(page.get_by_text("Only Corner shop")).to_be_visible()
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Show everything").click()
    expect(rows).to_have_count(4)
    expect(page).to_have_url(f"{served.url}live")
    rail.get_by_role("link", name="Team").click()
    page.get_by_role("button", name=re.compile("Whose page this is")).click()
    page.get_by_role("option", name="Second shop").click()
    expect(page.get_by_role("button", name="You work for Second shop Owner. Change")).to_be_visible()


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
    expect(page.locator(".on-air")).to_have_count(0)  # the room says it itself
    for other in ("plan", "board"):
        page.goto(f"{served.url}live/{shop.LIVE}/{other}")
        expect(strip).to_contain_text("This LIVE")
        expect(strip).to_contain_text("Control room")
    served.state.sessions[shop.NEW] = shop.session(shop.NEW, "Second room", "live")
    page.goto(f"{served.url}live/{shop.NEW}/air")
    expect(strip).to_contain_text("Autumn drop")
    page.goto(f"{served.url}live/past")
    both = page.get_by_role("navigation", name="LIVEs on air")
    expect(both.get_by_role("link")).to_have_text([re.compile("Autumn drop"), re.compile("Second room")])
    both.get_by_role("link", name=re.compile("Second room")).click()
    expect(page).to_have_url(f"{served.url}live/{shop.NEW}/air")
    for one in served.state.sessions.values():
        one["state"] = "ended"
    page.goto(f"{served.url}live/past")
    expect(page.locator("tbody tr").first).to_be_visible()
    expect(page.get_by_text("ON AIR", exact=True)).to_have_count(0)
