"""Every page at four widths, light and dark: nothing too wide, no text over another, nothing serious for axe, and not a
word in the browser's console."""

from typing import Any

import pytest
import shop
from backend import Served
from looking import OVERLAPS, WIDE, findings
from playwright.sync_api import Page, expect
from visits import VISITS, Visit

SESSIONS = {"live": shop.LIVE, "ended": shop.ENDED, "prepared": shop.NEW, None: ""}
PHONE = 390


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.name)
def test_a_page_is_sound_at_every_width(page: Page, served: Served, visit: Visit) -> None:
    wrong: dict[str, Any] = {}
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    served.state.sessions[shop.NEW] = shop.session(shop.NEW, "Night market", "prepared", start_time=None)
    if visit.agency:
        served.state.directory = shop.agency()
    page.goto(f"{served.url}{visit.path(SESSIONS[visit.session], shop.AGENCY)}")
    expect(page.get_by_role("heading").first).to_be_visible()
    if visit.route != "/design":  # which shows the part that stands for what is loaded
        expect(page.locator(".skeleton")).to_have_count(0)
    wrong["axe, light"] = findings(page)
    for width in (1440, 1024, 768, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        wrong[f"too wide at {width}"] = page.evaluate(WIDE)
        wrong[f"overlaps at {width}"] = page.evaluate(OVERLAPS)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    wrong["axe, dark"] = findings(page)
    wrong["console"] = said
    assert {what: found for what, found in wrong.items() if found} == {}


def test_texts_over_each_other_are_found(page: Page) -> None:
    page.set_content("<p style='position:absolute'>One</p><p style='position:absolute'>Two</p>")
    assert page.evaluate(OVERLAPS) == ["One / Two"]
    page.set_content("<p style='position:absolute'>One</p><p style='position:absolute; background:#fff'>Two</p>")
    assert page.evaluate(OVERLAPS) == []
