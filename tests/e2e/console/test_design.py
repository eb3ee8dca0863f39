"""The page that shows every part of the design system, and how the parts behave by mouse, by keyboard and by touch."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from backend import Served
from looking import AXE, findings
from playwright.sync_api import BrowserContext, Locator, Page, expect

WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def design(page: Page, served: Served) -> Page:
    """The page, once it is shown."""
    page.goto(f"{served.url}design")
    expect(page.get_by_role("heading", name="Design system")).to_be_visible()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_part_passes_axe_and_fits(profiles: Callable[..., BrowserContext], served: Served, scheme: Any) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run npm ci in services/gateway/console")
    page = profiles(color_scheme=scheme, reduced_motion="reduce").new_page()
    page.goto(f"{served.url}design")
    found: dict[str, Any] = {}
    for density in ("comfortable", "compact"):
        page.get_by_role("button", name=density).click()
        expect(page.locator("html")).to_have_attribute("data-density", density)
        found[density] = findings(page)
    for name in ("Open dialog", "End LIVE", "Open sheet", "Open from below"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("dialog").or_(page.get_by_role("alertdialog"))).to_be_visible()
        found[name] = findings(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="More", exact=True).click()
    expect(page.get_by_role("menu")).to_be_visible()
    found["menu"] = findings(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Last 7 days Period")).first.click()
    expect(page.get_by_role("listbox")).to_be_visible()
    found["select"] = findings(page)
    page.keyboard.press("Escape")
    assert {name: one for name, one in found.items() if one} == {}, json.dumps(found, indent=1)
    for width in (1440, 1024, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(WIDE) <= 0, width


def test_a_button_acts_once_for_a_double_click(design: Page) -> None:
    pay, told = design.get_by_role("button", name="Mark as paid"), design.locator("output", has_text="Pressed")
    pay.dblclick()
    expect(told).to_have_text("Pressed 1")
    pay.press("Enter")
    expect(told).to_have_text("Pressed 2")
    design.get_by_role("button", name="Larger").dblclick()
    expect(told).to_have_text("Pressed 4")
    slow = design.get_by_role("button", name="Slow")
    slow.click()
    expect(slow).to_have_attribute("data-busy", "true")
    expect(slow).not_to_have_attribute("data-busy", "true")


def test_a_double_tap_acts_once(profiles: Callable[..., BrowserContext], served: Served) -> None:
    page = profiles(has_touch=True).new_page()
    page.clock.install(time=0)
    page.goto(f"{served.url}design")
    pay, told = page.get_by_role("button", name="Mark as paid"), page.locator("output", has_text="Pressed")
    expect(pay).to_be_visible()
    page.clock.pause_at(60_000)  # between the taps no time passes, however slow the machine is
    pay.tap()
    pay.tap()
    expect(told).to_have_text("Pressed 1")
    page.clock.run_for(1000)
    pay.tap()
    expect(told).to_have_text("Pressed 2")


def test_help_opens_by_touch_and_by_keyboard(profiles: Callable[..., BrowserContext], served: Served) -> None:
    page = profiles(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    page.goto(f"{served.url}design")
    tip, text = page.get_by_role("button", name="What is GMV?"), page.get_by_role("tooltip")
    tip.tap()
    expect(text).to_contain_text("before refunds")
    page.get_by_role("heading", name="Words and marks").tap()
    expect(text).to_have_count(0)
    page.get_by_role("link", name="Past").last.focus()
    page.keyboard.press("Tab")
    expect(text).to_contain_text("before refunds")
    page.keyboard.press("Escape")
    expect(text).to_have_count(0)


def test_money_is_written_in_the_units_of_its_currency(design: Page) -> None:
    for currency, written, minor, shown in (
        ("EUR", "12.34", "1234", "€12.34"), ("JPY", "500", "500", "¥500"), ("KWD", "1.234", "1234", "1.234")
    ):  # fmt: skip
        field = design.get_by_role("textbox", name=f"Price {currency}")
        field.fill(written)
        field.press("Tab")
        expect(design.locator(f"[data-minor={currency}]")).to_have_text(minor)
        expect(field).to_have_value(re.compile(re.escape(shown)))
        field.fill("")
        field.press("Tab")
        expect(design.locator(f"[data-minor={currency}]")).to_have_text("—")


def rows(page: Page) -> Locator:
    return page.get_by_role("region", name="Products of this LIVE").locator("tbody tr")


def test_a_table_sorts_selects_and_has_rows_of_forty_pixels(design: Page) -> None:
    sold = design.get_by_role("columnheader", name=re.compile("^Sold"))
    expect(sold).to_have_attribute("aria-sort", "descending")
    sold.get_by_role("button").first.press("Enter")
    expect(sold).to_have_attribute("aria-sort", "ascending")
    expect(rows(design).first).to_contain_text("Linen overshirt")
    design.get_by_role("checkbox", name="Select Wireless earbuds S3").press("Space")
    expect(design.get_by_text("1 chosen")).to_be_visible()
    every = design.get_by_role("checkbox", name="Select all").first
    assert every.evaluate("one => one.indeterminate")
    every.press("Space")
    expect(design.get_by_text("3 chosen")).to_be_visible()
    high = [one.bounding_box() for one in rows(design).all()]
    assert {round(box["height"]) for box in high if box} == {52}
    design.get_by_role("button", name="compact").click()
    high = [one.bounding_box() for one in rows(design).all()]
    assert {round(box["height"]) for box in high if box} == {40}


def test_a_day_is_written_or_taken_from_the_calendar(design: Page) -> None:
    field = design.get_by_role("group", name="First day").first
    day = field.get_by_role("spinbutton").first
    day.focus()
    design.keyboard.type("07")
    expect(day).to_have_text("07")
    field.get_by_role("button").click()
    calendar = design.get_by_role("dialog")
    expect(calendar.get_by_role("button", name=re.compile("7 November 2026 selected"))).to_be_focused()
    expect(calendar.get_by_role("button", name=re.compile("Sunday,? 1 November 2026"))).to_be_disabled()
    design.keyboard.press("ArrowRight")
    design.keyboard.press("Enter")
    expect(calendar).to_have_count(0)
    expect(day).to_have_text("08")


def test_what_opens_over_the_page_gives_the_focus_back(design: Page) -> None:
    for name, title in (("Open dialog", "Rename LIVE"), ("Open sheet", "Linen overshirt, sand")):
        opener = design.get_by_role("button", name=name)
        opener.press("Enter")
        dialog = design.get_by_role("dialog", name=title)
        expect(dialog).to_be_visible()
        assert dialog.evaluate("one => one.contains(document.activeElement)")
        design.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(opener).to_be_focused()
    opener = design.get_by_role("button", name="More", exact=True)
    opener.press("ArrowDown")
    expect(design.get_by_role("menuitem", name="Edit")).to_be_focused()
    design.keyboard.press("End")
    expect(design.get_by_role("menuitem", name="Archive")).to_be_focused()
    design.keyboard.press("Enter")
    expect(design.get_by_role("menu")).to_have_count(0)
    expect(design.get_by_role("region", name="What opens over the page")).to_contain_text("Archive")


def test_typing_finds_a_choice_among_many(design: Page) -> None:
    field = design.get_by_role("combobox", name="Find a country")
    field.press_sequentially("th")
    expect(design.get_by_role("option")).to_have_text(["Thailand"])
    design.keyboard.press("ArrowDown")
    design.keyboard.press("Enter")
    expect(field).to_have_value("Thailand")
    field.fill("zz")
    expect(design.get_by_text("Nothing matches.")).to_be_visible()
