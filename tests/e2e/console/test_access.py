"""The desk in every state, light and dark: nothing serious for axe, and everything reachable by keyboard."""

import json
import re
from typing import Any

import pytest
import shop
from backend import Served
from looking import findings
from playwright.sync_api import Page, expect

IPHONE = """
    for (const [name, value] of Object.entries({ platform: "iPhone", userAgentData: undefined })) {
      Object.defineProperty(Navigator.prototype, name, { get: () => value });
    }
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_state_of_the_desk(page: Page, served: Served, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    served.state.sessions[shop.NEW] = shop.session(shop.NEW, "Night market", "practice", start_time=None)
    page.goto(f"{served.url}live/{shop.NEW}/air")
    expect(page.locator(".screen")).to_contain_text("Practice mode is on.")
    found = {"practice": findings(page)}
    page.get_by_role("button", name=re.compile("^Orders")).click()
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_role("img", name="Code of the viewers’ link")).to_be_visible()
    found["link"] = findings(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    found["keys"] = findings(page)
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Script").click()
    page.get_by_label("Your script").fill("Mine")
    served.state.sessions[shop.NEW] |= {"script": "Theirs", "version": 99}
    served.state.happen()
    expect(page.get_by_text("Somebody else changed this")).to_be_visible()
    found["conflict"] = findings(page)
    served.drop_streams(refuse=100)
    expect(page.get_by_text("Connection lost")).to_be_visible()
    found["lost"] = findings(page)
    page.goto(f"{served.url}live/{shop.ENDED}/air")
    expect(page.get_by_text("This LIVE has ended", exact=True)).to_be_visible()
    found["past"] = findings(page)
    assert not any(found.values()), json.dumps(found, indent=1)


def test_the_bag_is_worked_by_keyboard_alone(page: Page, served: Served) -> None:
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    down = page.get_by_role("button", name="Move Linen overshirt, sand down")
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".bag-title").nth(1)).to_have_text("Linen overshirt, sand")


def test_a_dialog_on_an_iphone_is_within_the_policy_of_styles(page: Page, served: Served) -> None:
    page.add_init_script(IPHONE)
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    page.get_by_role("button", name="Add products").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).overscrollBehavior") == "contain"
