"""A seller's first evening in a browser alone: from an empty shop over a LIVE with a buyer to the Review."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hands import Hands
from people import PHONE, People, attention, connected, deal, stream
from playwright.sync_api import Page, expect

EVENING_S = 600  # what a first evening may take of a person's time


def arrive(people: People, script: str) -> Page:
    """Sign in as the owner of a shop that has an account and nothing else, as a first start makes it."""
    host = people.host()
    user, _ = people.member(host.shop)
    people.api.put(f"/shops/{host.shop}/members/{user}", {"role": "owner"})
    page = people.profiles().new_page()
    page.add_init_script(script)
    page.goto(f"{people.system.url}/sign-in#link={people.code(user)}")
    return page


def fill(hands: Hands, page: Page) -> None:
    """Bring in a file of three products; each of them is seen before it is kept."""
    hands.press(page.get_by_role("link", name="Add products"))
    expect(page.get_by_role("heading", name="Fill your catalogue")).to_be_visible()
    with page.expect_download() as sample:
        hands.press(page.get_by_role("button", name="Download sample"))
    hands.press(page.get_by_role("link", name="Import", exact=True))
    rows = Path(sample.value.path()).read_bytes()
    hands.choose(page.locator("input[type=file]"), "catalogue.csv", rows)
    hands.press(page.get_by_role("button", name="Import 3 products"))
    expect(page.get_by_text("3 products are in the catalogue.")).to_be_visible()


def plan(hands: Hands, page: Page) -> str:
    """Open a LIVE, put the products into its bag and write what to say; return the viewers' link."""
    hands.press(page.get_by_role("link", name="Home"))
    hands.press(page.get_by_role("button", name="New LIVE").first)
    dialog = page.get_by_role("dialog")
    hands.write(dialog.get_by_label("Name of the LIVE"), "Tea evening")
    hands.press(dialog.get_by_role("button", name="Create and plan"))
    expect(page.get_by_role("heading", name="Tea evening")).to_be_visible()
    hands.press(page.get_by_role("button", name="Add products", exact=True))
    for line in range(3):
        hands.press(dialog.get_by_role("option").nth(line))
    hands.press(dialog.get_by_role("button", name="Add 3", exact=True))
    expect(page.locator(".plan-title")).to_have_count(3)
    hands.write(page.get_by_label("Your script"), "Greet everyone. Show the teapot first. Ask what they drink.")
    hands.press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("region", name="Before you go on air")).to_contain_text("The script is written")
    return page.get_by_role("textbox", name="Viewers’ link").input_value()


@pytest.mark.requirement("R24", "R30", "R64", "R77", "R80", "R82", "R83", "R89", "R114", "R149", "R151")
def test_a_first_evening_needs_a_browser_and_ten_minutes(
    people: People, record_testsuite_property: Callable[[str, object], None]
) -> None:
    page = arrive(people, "window.open = () => null")
    hands = Hands(page)
    expect(page.get_by_text("Your first LIVE")).to_be_visible()
    fill(hands, page)
    link = plan(hands, page)

    hands.press(page.get_by_role("link", name="Go to the control room"))
    connected(page)
    hands.press(page.get_by_role("button", name="Practise"))
    expect(page.locator(".screen")).to_contain_text("Practice mode is on.")
    hands.press(page.get_by_role("button", name="Turn camera on"))
    expect(page.get_by_role("meter")).to_be_visible()
    hands.press(page.get_by_role("button", name="Go LIVE", exact=True))
    expect(page.locator(".screen")).to_contain_text("On air")
    hands.key("1")

    phone = people.profiles(**PHONE).new_page()
    phone.goto(link)
    phone.get_by_label("Your name (optional)").fill("Kim")
    phone.get_by_role("button", name="Join").tap()
    connected(phone)
    phone.get_by_label("Write a comment").fill("Does it hold a litre?")
    phone.get_by_role("button", name="Send", exact=True).tap()
    needs = attention(page, "Needs you")
    expect(needs).to_contain_text("Does it hold a litre?")
    hands.press(needs.get_by_role("button", name="Answer Kim"))
    hands.write(page.get_by_label("Write to everyone"), "Just over, to the brim.")
    hands.key("Enter")
    expect(phone.get_by_role("list", name="Chat")).to_contain_text("Just over, to the brim.")
    phone.get_by_role("region", name="Shown now").get_by_role("button", name=re.compile("^Buy ")).tap()
    phone.get_by_role("dialog").get_by_role("button", name="Place order").tap()
    expect(phone.get_by_role("dialog")).to_contain_text("Your order is reserved until")
    order = stream(page, "Orders").locator(".order")
    hands.add(4)  # of the five filters, all but one are taken away
    expect(order).to_have_count(1)
    total = str(order.locator(".order-items strong").inner_text())
    hands.press(deal(page, total, "Mark as paid").get_by_role("button", name="Mark as paid"))
    hands.add(2)  # the menu of the order, and the line in it
    expect(order).to_contain_text("Paid")

    hands.press(page.get_by_role("button", name="End LIVE"))
    hands.press(page.get_by_role("dialog").get_by_role("button", name="End LIVE"))
    hands.press(page.get_by_role("link", name="Open the Review"))
    recap = page.get_by_role("region", name="Recap")
    expect(recap.get_by_role("group", name="GMV", exact=True)).to_contain_text(total)
    for tab, words in (("Orders", total), ("Comments", "Does it hold a litre?"), ("Products", "1")):
        hands.press(page.get_by_role("navigation", name="Review").get_by_role("link", name=tab))
        expect(page.locator("tbody").first).to_contain_text(words)
    with page.expect_download() as kept:
        hands.press(page.get_by_role("navigation", name="Review").get_by_role("link", name="Exports"))
        hands.press(page.get_by_role("link", name="Totals, JSON"))
    assert Path(kept.value.path()).stat().st_size > 0
    record_testsuite_property("first evening", str(hands))
    assert hands.seconds <= EVENING_S, hands
