"""Before, beside and after a LIVE on the running system: sign in, import, the list, the board, the recap, analytics."""

import csv
import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from people import People, attention, connected, go_live
from playwright.sync_api import Page, expect

from showfloor.testing.hosts import Live, falling
from showfloor.testing.system import Rest

HISTORY = """session,host,started_at,duration_s,gmv_eur,views
a1,Rosa,2026-10-01T20:00:00+02:00,3600,100.00,500
a2,Rosa,2026-10-02T20:00:00+02:00,3600,7.00,
"""


@pytest.fixture
def told(people: People) -> Live:
    """A LIVE that still runs, whose sales stopped, of an account that has another one behind it."""
    host = people.host()
    earlier = host.recorded("Earlier", minutes=90, products=1)
    order = earlier.order(earlier.products[0], 1, 1000, "old", 60)
    earlier.record({"paid_order": {"order": {"request_id": "e", **order}}})
    earlier.post("end", {"end_time": earlier.at(600)})
    return falling(host)


def chosen(page: Page, button: str, name: str) -> None:
    """Choose one more metric."""
    page.get_by_role("button", name=re.compile(f"^{button} ")).click()
    page.get_by_role("checkbox", name=name, exact=True).check(force=True)
    page.keyboard.press("Escape")


@pytest.mark.requirement("R122", "R123", "R124", "D14")
def test_a_person_signs_in_and_finds_what_was_imported(people: People, page: Page, tmp_path: Path) -> None:
    shop, password = f"Past {uuid4().hex[:6]}", uuid4().hex
    (tmp_path / "history.csv").write_text(HISTORY)
    people.system.cli("import", "history", tmp_path / "history.csv", "--shop", shop, "--create-shop", "EUR")
    shop_id = next(one["shop_id"] for one in people.api.get("/shops")["shops"] if one["name"] == shop)
    user, email = people.member(shop_id)
    people.api.put(f"/shops/{shop_id}/members/{user}", {"role": "owner"})
    theirs = Rest(people.system.url, Rest(people.system.url).post("/sign-in", {"code": people.code(user)})["token"])
    theirs.post("/me/password", {"password": password})

    page.goto(people.system.url)
    expect(page).to_have_url(re.compile("sign-in"))
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    page.get_by_role("link", name="All", exact=True).click()
    expect(page.get_by_role("heading", name="LIVE sessions")).to_be_visible()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    for title in ("Start", "GMV", "Direct GMV", "CTR", "CTOR", "Units sold"):
        expect(page.get_by_role("columnheader", name=re.compile(f"^{title}"))).to_have_count(1)
    expect(rows.first).to_contain_text("€7.00")
    expect(rows.last).to_contain_text("€100.00")
    expect(rows.filter(has_text="Imported")).to_have_count(2)
    expect(rows.first.get_by_title("Not known for this session")).to_have_count(4)
    chosen(page, "Columns", "Views")
    expect(rows.last).to_contain_text("500")
    expect(rows.first.get_by_title("Not known for this session")).to_have_count(5)
    page.reload()
    expect(page.locator("thead")).to_contain_text("Views")
    page.get_by_label("Search by name").fill("a1")
    expect(rows).to_have_count(1)
    page.get_by_label("Search by name").fill("no such name")
    expect(page.get_by_text("No session matches.")).to_be_visible()
    page.get_by_label("Search by name").fill("")
    page.get_by_role("link", name=re.compile("a1")).click()
    expect(page.get_by_role("region", name="Recap").get_by_role("group", name="GMV", exact=True)).to_contain_text(
        "€100.00"
    )
    expect(page.get_by_text("This LIVE was imported")).to_be_visible()
    expect(page.get_by_role("list", name="Beside the account’s LIVEs before it")).to_have_count(0)


@pytest.mark.requirement("R64", "R77", "R78", "R80", "R82", "R115", "R147")
def test_from_a_new_live_over_practice_to_its_read_only_end(people: People) -> None:
    host = people.host()
    host.products(1, "Teapot")
    page = people.window("live", script="window.open = () => null")
    page.get_by_role("button", name="New LIVE").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile("Account")).click()
    page.get_by_role("option", name=host.name).click()
    dialog.get_by_label("Name of the LIVE").fill("Night market")
    dialog.get_by_role("button", name="Create and plan").click()
    expect(page.get_by_role("heading", name="Night market")).to_be_visible()
    expect(page).to_have_url(re.compile("/plan$"))
    page.get_by_role("button", name="Add products", exact=True).click()
    dialog.get_by_role("option", name=re.compile("^Teapot 1")).click()
    dialog.get_by_role("button", name="Add 1", exact=True).click()
    expect(page.locator(".plan-title")).to_have_text(["Teapot 1"])
    page.get_by_role("link", name="Go to the control room").click()
    connected(page)
    page.get_by_role("button", name="Practise").click()
    expect(page.locator(".screen")).to_contain_text("Practice mode is on.")
    expect(page.get_by_role("button", name="Pin Teapot 1")).to_have_count(0)
    go_live(page)
    expect(page.locator(".screen")).to_contain_text("On air")
    page.get_by_role("button", name="Pin Teapot 1").click()
    expect(page.get_by_role("button", name="Unpin Teapot 1")).to_be_visible()
    page.get_by_role("button", name="End LIVE").click()
    expect(dialog).to_contain_text("read-only")
    dialog.get_by_role("button", name="End LIVE").click()
    expect(page.get_by_text("This LIVE has ended", exact=True)).to_be_visible()
    expect(page.locator(".bag-title")).to_have_text(["Teapot 1"])
    for name in (re.compile("^(Unp|P)in "), re.compile("^Remove "), "Add products", "Rename", "Go LIVE"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_label("Write to everyone")).to_have_count(0)


@pytest.mark.requirement("R25", "R29", "R33")
def test_a_plan_holds_and_goes_while_it_was_never_on_air(people: People) -> None:
    title = f"Plan {uuid4().hex[:6]}"
    live = people.open(3, title=title)
    page = people.window(f"live/{live.id}")
    expect(page).to_have_url(re.compile("/plan$"))
    names = page.locator(".plan-title")
    expect(names).to_have_text(["Teapot 1", "Teapot 2", "Teapot 3"])
    page.get_by_role("button", name="Move Teapot 3 up").click()
    expect(names).to_have_text(["Teapot 1", "Teapot 3", "Teapot 2"])
    page.get_by_label("Order number of Teapot 2").fill("1")
    page.keyboard.press("Tab")
    expect(names).to_have_text(["Teapot 2", "Teapot 1", "Teapot 3"])
    page.get_by_role("button", name="Remove Teapot 1").click()
    page.get_by_label("Your script").fill("Greet everyone.")
    page.get_by_role("button", name="Save").click()
    ready = page.get_by_role("region", name="Before you go on air")
    expect(ready).to_contain_text("The script is written")
    expect(ready).to_contain_text("2 products in the bag")
    expect(page.get_by_role("textbox", name="Viewers’ link")).to_have_value(f"{people.system.url}/watch/{live.id}")
    page.reload()
    expect(names).to_have_text(["Teapot 2", "Teapot 3"])
    expect(page.get_by_label("Your script")).to_have_value("Greet everyone.")
    page.goto(f"{people.system.url}/live?q={title.replace(' ', '+')}")
    row = page.get_by_role("row", name=re.compile(title))
    expect(row).to_contain_text("Prepared")
    row.get_by_role("button", name=f"Actions for {title}").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No session matches.")).to_be_visible()
    people.api.refused(404, "SESSION_NOT_FOUND", "GET", f"/sessions/{live.id}")


@pytest.mark.requirement("R18", "R86", "R130", "R131")
def test_the_prompter_suggests_what_to_do_about_falling_sales(people: People, told: Live) -> None:
    page = people.desk(told)
    side = attention(page, "Suggestions")
    found = side.locator(".suggestion")
    expect(found).to_have_count(3)
    for place, parts in enumerate(
        (
            ("GMV falls while viewers keep coming", "demonstrate it", "GMV -100.0%", "Views"),
            ("Fewer viewers click while they keep coming", "CTR -100.0%"),
            ("GMV fell after this product was featured", "Spotlight other products.", "GMV -100.0%"),
        )
    ):
        for part in (*parts, "Teapot 1"):
            expect(found.nth(place)).to_contain_text(part)


@pytest.mark.requirement("R114", "R116", "R117", "R120", "R142", "R145", "R146", "R147", "R149", "R150", "R151", "D9")
def test_after_the_end_the_review_tells_what_became_of_it(people: People, told: Live) -> None:
    title = f"Sold out {uuid4().hex[:6]}"
    people.api.send("PATCH", told.path(), {"title": title}).raise_for_status()
    told.post("comments", {"viewer": {"viewer_ref": "v1"}, "text": "Thank you!", "time": told.at(120)})
    told.post("end", {"end_time": told.at(1560)})
    told.put("replay", {"url": "https://video.example/1"})
    page = people.window("analytics/sessions")
    expect(page.get_by_role("heading", name="All LIVE videos")).to_be_visible()
    page.get_by_label("Search by name").fill(title)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("Simulated data")
    page.get_by_role("link", name=title, exact=True).click()
    expect(page).to_have_url(re.compile(f"live/{told.id}/review$"))
    recap = page.get_by_role("region", name="Recap")
    for name, value in (("Duration", "0:26:00"), ("GMV", "€65.00"), ("Views", "50"), ("Products featured", "1")):
        expect(recap.get_by_role("group", name=name, exact=True).locator(".stat-value")).to_have_text(value)
    expect(recap.get_by_role("group", name="GMV", exact=True)).to_contain_text("+550.0%vs. average")
    compared = page.get_by_role("region", name=re.compile("^Compared with"))
    expect(compared).to_contain_text("Average of 1 other session")
    bars = page.get_by_role("list", name="Beside the account’s LIVEs before it")
    expect(bars.get_by_role("listitem")).to_have_count(2)
    expect(bars.get_by_role("listitem").last).to_contain_text("€65.00")
    expect(page.get_by_role("region", name="Best products by GMV")).to_contain_text("Teapot 2€65.00")
    kept = page.get_by_role("list", name="How long this is kept")
    expect(kept).to_contain_text(re.compile(r"Recording until .* (29|30) days left"))
    expect(kept).to_contain_text(re.compile(r"Comments and minute metrics until .* \d+ days left"))
    replay = page.get_by_role("link", name="Watch the recording")
    expect(replay).to_have_attribute("href", "https://video.example/1")
    for name in ("Rename", "Go LIVE", "Add products", "End LIVE"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)

    tabs = page.get_by_role("navigation", name="Review")
    tabs.get_by_role("link", name="Audience").click()
    page.get_by_role("group", name="Audience by").get_by_role("button", name="Region").click()
    expect(page.get_by_role("row", name=re.compile("^Germany .*13"))).to_be_visible()
    tabs.get_by_role("link", name="Products").click()
    sold = page.get_by_role("row", name=re.compile("^Teapot 2"))
    expect(sold).to_contain_text("€65.00")
    tabs.get_by_role("link", name="Orders").click()
    rows = page.get_by_role("region", name="Orders").locator("tbody tr")
    expect(rows).to_have_count(13)
    page.get_by_label("Search orders").fill("no such order")
    page.get_by_text("Clear search", exact=True).click()
    expect(rows).to_have_count(13)
    tabs.get_by_role("link", name="Comments").click()
    page.reload()
    expect(page).to_have_url(re.compile("review/comments$"))
    page.get_by_label("Search comments").fill("THANK")
    expect(page.get_by_role("region", name="Comments").locator("tbody tr")).to_have_count(1)
    text = saved(page, "CSV").read_text(encoding="utf-8-sig")
    assert [row["text"] for row in csv.DictReader(text.splitlines())] == ["Thank you!"]
    tabs.get_by_role("link", name="Exports").click()
    assert json.loads(saved(page, "Totals, JSON").read_text())["session"]["title"] == title
    assert len(json.loads(saved(page, "Minutes, JSON").read_text())["times"]) == 26
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Open LIVE Board").click()
    expect(opened.value.get_by_role("heading", name="Timeline")).to_be_visible()
    expect(opened.value).to_have_url(re.compile(f"live/{told.id}/board"))


def saved(page: Page, link: str) -> Any:
    """Download what a link offers; return the path of the file."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link, exact=True).click()
    return Path(download.value.path())
