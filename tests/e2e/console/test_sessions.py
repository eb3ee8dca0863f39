"""Signing in by a link, the list of sessions, and how a new LIVE begins."""

import re

import pytest
import shop
from backend import Served
from playwright.sync_api import Page, Route, expect


@pytest.mark.parametrize("form", ["sign-in#link=secret-token", "#/sign-in?link=secret-token", "?link=secret-token"])
def test_a_link_signs_in_once(page: Page, served: Served, form: str) -> None:
    served.state.signed_in = False
    page.goto(f"{served.url}{form}")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    sent = [body for method, path, _, body in served.state.calls if (method, path) == ("POST", "sign-in/link")]
    assert sent == [{"token": "secret-token"}]
    assert "secret-token" not in page.url


def test_more_sessions_come_by_the_page(page: Page, served: Served) -> None:
    page.goto(f"{served.url}live")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(page.get_by_role("status").filter(has_text="11 sessions")).to_be_visible()
    expect(page.get_by_text("3 of 11")).to_be_visible()
    page.get_by_role("button", name="Load more").click()
    expect(rows).to_have_count(11)
    page.get_by_label("Search by name").fill("slow")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Sunday slow living")
    expect(page).to_have_url(re.compile("q=slow"))
    page.reload()
    expect(rows).to_have_count(1)
    page.get_by_label("Search by name").fill("nothing of that name")
    page.get_by_text("Clear search", exact=True).click()
    expect(rows).to_have_count(3)


def test_a_column_explains_its_number(page: Page, served: Served) -> None:
    page.goto(f"{served.url}live")
    page.mouse.move(10, 10)
    page.get_by_role("button", name="What is CTOR?").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Formula: SKU orders / Product clicks")


@pytest.mark.requirement("R151", "D14")
def test_says_where_numbers_come_from_and_which_are_missing(page: Page, served: Served) -> None:
    page.goto(f"{served.url}live")
    replayed = page.get_by_role("row", name="Sunday slow living")
    expect(replayed).to_contain_text("Replay")
    expect(replayed).to_contain_text("Simulated data")
    imported = page.get_by_role("row", name="Spring clearance")
    expect(imported).to_contain_text("Imported")
    expect(imported.get_by_title("Not known for this session").first).to_contain_text("–")
    for path in (f"live/{shop.ENDED}/board", f"live/{shop.ENDED}/air", f"watch/{shop.ENDED}"):
        page.goto(served.url + path)
        expect(page.locator("h1 + .cell-badges, h1 + .top-state")).to_contain_text("Simulated data")


@pytest.mark.parametrize("source", ["import", "replay"])
def test_a_new_live_is_proposed_for_the_account_used_last(page: Page, served: Served, source: str) -> None:
    accounts = [
        {"account_id": f"account-{name}", "name": name, "shop_id": shop.SHOP, "kind": kind}
        for name, kind in (("Ana", "creator"), ("Shop", "official"), ("Zoe", "creator"))
    ]

    def me(route: Route) -> None:
        route.fulfill(json=route.fetch().json() | {"accounts": accounts})

    page.route("**/v1/me", me)
    for one in served.state.sessions.values():
        one["account_id"] = "account-Ana"
        one["source"] = source
    page.goto(f"{served.url}live")
    page.get_by_role("button", name="New LIVE").click()
    account = page.get_by_role("dialog").get_by_role("button", name=re.compile("Account"))
    expect(account).to_contain_text("Shop (official)")
    served.state.sessions[shop.ENDED] |= {"account_id": "account-Zoe", "source": "live"}
    page.reload()
    page.get_by_role("button", name="New LIVE").click()
    expect(account).to_contain_text("Zoe (creator)")
    account.click()
    expect(page.get_by_role("option")).to_have_text(["Shop (official)", "Ana (creator)", "Zoe (creator)"])


def test_a_names_length_is_told_before_it_is_sent(page: Page, served: Served) -> None:
    """What the service refuses is told in the field; a cook is one character, and is sent whole."""
    page.goto(f"{served.url}live")
    page.get_by_role("button", name="New LIVE").click()
    field, send = page.get_by_label("Name of the LIVE"), page.get_by_role("button", name="Create and plan")
    for wrong, told in (
        ("\u3164\u200d", "only characters that nobody sees"),
        ("a\u202eb", "controls of the writing direction"),
        ("x" * 121, "121 of 120 characters"),
    ):
        field.fill(wrong)
        expect(page.get_by_text(told)).to_be_visible()
        expect(send).to_be_disabled()
    field.fill("👩‍🍳" * 30 + "x" * 80)
    expect(page.get_by_text("110 of 120 characters")).to_be_visible()
    expect(send).to_be_enabled()
    field.fill(" 👩‍🍳 Lan\u00a0Hương ")
    send.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    sent = [body for method, path, _, body in served.state.calls if (method, path) == ("POST", "sessions")]
    assert [body["title"] for body in sent] == ["👩‍🍳 Lan\u00a0Hương"]
