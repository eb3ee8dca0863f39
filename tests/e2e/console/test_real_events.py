"""LIVE events on the running system: planned in the calendar, moved by keys, practised, gone LIVE with twice."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from people import PHONE, People, connected, go_live
from playwright.sync_api import Page, expect

from showfloor.testing.hosts import Host, Live
from showfloor.testing.system import soon


def schedule(host: Host, title: str, start: datetime | None) -> Live:
    """Plan an event of an hour; without a start, one that begins at once. Return its session, once it is there."""
    local = start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") if start else ""
    time = {"local_start": local, "time_zone": "UTC", "duration_minutes": 60}
    event = host.api.post("/events", {"account_id": host.account, "title": title, "time": time})["event"]
    session = Live(host, event["sessions"][0])
    soon(lambda: host.api.send("GET", session.path()).status_code == 200)
    return session


def form(page: Page, host: Host, title: str, hour: str) -> Any:
    """Write the form of a new event of a host's account; return the sheet."""
    sheet = page.get_by_role("dialog", name="Schedule an event")
    sheet.get_by_label("Name of the event").fill(title)
    account = sheet.get_by_role("button", name=re.compile("Account$"))
    if account.count():
        account.click()
        page.get_by_role("option", name=host.name).click()
    sheet.get_by_role("spinbutton", name=re.compile("^hour")).focus()
    page.keyboard.type(hour)
    return sheet


@pytest.mark.requirement("R7", "R12", "R65", "R78", "R91", "R94", "R95", "R102", "R108")
def test_an_event_is_planned_moved_practised_and_deleted(people: People) -> None:
    host = people.host()
    day = datetime.now(ZoneInfo("Europe/Berlin")).date() + timedelta(days=8)
    page = people.window(f"live/calendar?view=day&day={day}")
    page.get_by_role("button", name="Schedule an event").click()
    sheet = page.get_by_role("dialog", name="Schedule an event")
    expect(sheet.get_by_role("status").first).to_contain_text(re.compile("CES?T"))
    page.keyboard.press("Escape")
    page.locator(f'[data-cell="{day}/20"]').focus()
    page.keyboard.press("n")
    sheet = form(page, host, "Tea evening", "18")
    expect(sheet.get_by_role("status").first).to_contain_text("18:00–20:00")
    sheet.get_by_role("button", name="Schedule", exact=True).click()
    panel = page.get_by_role("dialog", name="Tea evening")
    expect(panel.get_by_text("Scheduled", exact=True)).to_be_visible()
    expect(panel.get_by_text(f"{people.system.url}/e/")).to_be_visible()
    code = page.request.get(f"{people.system.url}/{panel.get_by_role('link', name='PNG').get_attribute('href')}")
    assert code.headers["content-type"] == "image/png"
    page.keyboard.press("Escape")

    entry = page.locator("button[data-entry]").filter(has_text="Tea evening")
    entry.focus()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="Move “Tea evening”").get_by_role("button", name="Move", exact=True).click()
    expect(entry).to_contain_text("18:15")
    page.locator(f'[data-cell="{day}/20"]').focus()
    page.keyboard.press("n")
    sheet = form(page, host, "Late tea", "20")
    expect(sheet.get_by_text("“Tea evening” takes place then")).to_be_visible()
    expect(sheet.get_by_role("button", name="Schedule", exact=True)).to_be_disabled()
    sheet.get_by_role("link", name="Look at it").click()

    panel.get_by_role("link", name="View console").click()
    connected(page)
    screen = page.locator(".screen")
    expect(screen.get_by_role("timer")).to_contain_text("days")
    page.get_by_role("button", name=re.compile("^Go LIVE from ")).click()
    expect(page.get_by_role("alert")).to_contain_text("Until then you can practise, or move the event.")
    page.get_by_role("button", name="Practise").click()
    expect(screen).to_contain_text("Practice mode is on.")
    page.get_by_role("button", name="End practice").click()
    expect(page.get_by_role("button", name="Practise")).to_be_visible()

    page.goto(page.url.replace("/air", "/plan"))
    event = page.get_by_role("region", name="LIVE event")
    event.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete this event?").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“Tea evening” was deleted.")).to_be_visible()
    assert host.api.get("/events", account_id=host.account).get("events", []) == []


@pytest.mark.requirement("R64", "R105", "R106", "R107", "R109")
def test_a_room_is_set_up_and_asks_to_end_another_live_first(people: People) -> None:
    host = people.host()
    running = host.live("Morning tea")
    session = schedule(host, "Noon tea", datetime.now(UTC) + timedelta(minutes=6))
    session.fill(host.products(3, "Teapot"))
    phone = people.window("live/calendar", **PHONE)
    told = phone.get_by_role("navigation", name="Events that start")
    expect(told.get_by_role("link", name=re.compile("Noon tea"))).to_be_visible()
    page = people.window(f"live/{session.id}/air")
    screen = page.locator(".screen")
    expect(screen).to_contain_text("“Morning tea” of this account is still on air. End it first.")
    expect(screen.get_by_role("link", name="Go there to end it")).to_have_attribute("href", re.compile(running.id))
    running.post("end")
    expect(screen).to_contain_text("Setting up: the event starts at")
    expect(screen).to_contain_text("3 products loaded.")
    told.get_by_role("link", name=re.compile("Noon tea")).click()
    expect(phone.locator(".screen")).to_contain_text("3 products loaded.")


@pytest.mark.requirement("R90", "R109", "R110", "R111", "R112", "R113")
def test_an_event_goes_live_twice_and_lists_both(people: People) -> None:
    host = people.host()
    session = schedule(host, "Long tea", None)
    session.fill(host.products(2, "Teapot"))
    page = people.window(f"live/{session.id}/air", script="window.open = () => null")
    connected(page)
    expect(page.locator(".screen")).to_contain_text("Ready. You may go LIVE until")
    go_live(page)
    page.get_by_role("button", name="End LIVE").click()
    page.get_by_role("dialog").get_by_role("button", name="End LIVE").click()
    again = page.get_by_role("link", name="Go LIVE again")
    expect(again).to_be_visible()
    again.click()
    expect(page.locator(".screen")).to_contain_text("You may go LIVE again until")
    page.get_by_role("button", name="Go LIVE again").click()
    page.get_by_role("dialog").get_by_role("button", name="Go LIVE anyway").click()
    expect(page.get_by_role("button", name="End LIVE")).to_be_visible()

    page.goto(f"{people.system.url}/live")
    head = page.get_by_role("row").filter(has_text="LIVE event, 2 sessions")
    head.get_by_role("link", name="Long tea").click()
    panel = page.get_by_role("dialog", name="Long tea")
    expect(panel.get_by_text("0 products featured")).to_be_visible()
    expect(panel.get_by_role("link", name="View console").last).to_be_visible()
    panel.get_by_role("link", name="Analytics").click()
    expect(page).to_have_url(re.compile(f"{session.id}/review"))
