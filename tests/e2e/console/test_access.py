"""Every screen, light and dark: no serious or critical finding of axe, and everything reachable by keyboard."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import shop
from backend import Served
from playwright.sync_api import Page, expect

AXE = Path(__file__).parents[3] / "services/gateway/console/node_modules/axe-core/axe.min.js"
IPHONE = """
    for (const [name, value] of Object.entries({ platform: "iPhone", userAgentData: undefined })) {
      Object.defineProperty(Navigator.prototype, name, { get: () => value });
    }
"""
SCREENS = {
    "sign-in": ("sign-in", "Sign in"),
    "home": ("", "New LIVE"),
    "sessions": ("live", "Columns"),
    "plan": (f"live/{shop.LIVE}/plan", "Add products"),
    "desk": (f"live/{shop.LIVE}/air", "Add products"),
    "own window": (f"live/{shop.LIVE}/air?own=true&camera=true", "Full screen"),
    "board": (f"live/{shop.LIVE}/board", "All metrics"),
    "recap": (f"live/{shop.ENDED}/board", "All metrics"),
    "overview": ("analytics", "7 days"),
    "sold": ("analytics/products", "Items sold"),
    "analytics": ("analytics/sessions", "What is GMV?"),
    "details": (f"live/{shop.ENDED}/review", "Open LIVE Board"),
    "watch": (f"watch/{shop.LIVE}", "Join"),
}


def findings(page: Page) -> list[dict[str, Any]]:
    """What axe finds that is serious or critical, each with the elements. What was read out goes by itself."""
    page.evaluate(AXE.read_text())  # not as a script of the page, which its policy would refuse
    answer = page.evaluate("axe.run({ exclude: ['[data-live-announcer]'] }, { resultTypes: ['violations'] })")
    return [
        {"id": one["id"], "nodes": [node["html"] for node in one["nodes"]][:3]}
        for one in answer["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_serious(page: Page, served: Served, screen: str, scheme: Any) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run npm ci in services/gateway/console")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    path, ready = SCREENS[screen]
    page.goto(f"{served.url}{path}")
    expect(page.get_by_role("button", name=ready).first).to_be_visible()
    expect(page.locator(".skeleton")).to_have_count(0)
    found = findings(page)
    assert found == [], json.dumps(found, indent=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_state_of_the_desk(page: Page, served: Served, scheme: Any) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run npm ci in services/gateway/console")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    served.state.sessions[shop.NEW] = shop.session(shop.NEW, "Night market", "practice", start_time=None)
    page.goto(f"{served.url}live/{shop.NEW}/plan")
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
    expect(page.get_by_role("heading", name="Recap")).to_be_visible()
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
