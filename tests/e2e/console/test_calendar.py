"""The calendar of LIVE events: days whose clocks change, and planning and moving by keys and by the pointer."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import backend_events
import pytest
import shop
from backend import Served
from playwright.sync_api import Locator, Page, expect


def open_calendar(page: Page, served: Served, query: str = "") -> None:
    page.goto(f"{served.url}live/calendar{query}")
    expect(page.get_by_role("heading", name="Calendar")).to_be_visible()
    expect(page.get_by_role("combobox", name="Time zone")).to_have_value(re.compile("Europe/Berlin"))


def put(served: Served, number: int, title: str, start: datetime, **more: Any) -> dict[str, Any]:
    """Let there be an event."""
    made = backend_events.event(number, title, start, **more)
    served.state.events[made["event_id"]] = made
    return made


def ahead(days: int) -> date:
    """Return the day so many days after today, as the browser has it."""
    return datetime.now(ZoneInfo("Europe/Berlin")).date() + timedelta(days=days)


def last_sunday(month: int) -> date:
    """Return the last Sunday of a month of next year: clocks change on it in March and in October."""
    day = date(datetime.now(UTC).year + 1, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def entry(page: Page, title: str) -> Locator:
    return page.locator("button[data-entry]").filter(has_text=title)


def top(of: Locator) -> float:
    found = of.bounding_box()
    assert found
    return found["y"]


def sent(served: Served, method: str) -> list[dict[str, Any]]:
    return [body for verb, path, _, body in served.state.calls if verb == method and path.startswith("events")]


def test_an_hour_that_comes_twice_has_two_places(page: Page, served: Served) -> None:
    for number, (title, time) in enumerate({"First": "00:30", "Again": "01:30", "After": "02:00"}.items(), 20):
        put(served, number, title, datetime.fromisoformat(f"2026-10-25T{time}Z"), minutes=30)
    open_calendar(page, served, "?day=2026-10-25")
    expect(page.get_by_role("rowheader", name="02:00 again")).to_be_attached()
    expect(page.get_by_role("columnheader", name=re.compile("25 October"))).to_contain_text("25 h")
    hour = page.locator(".cal-cell").first.evaluate("one => 2 * one.getBoundingClientRect().height")
    tops = [top(entry(page, title)) for title in ("First", "Again", "After")]
    assert [round((one - tops[0]) / hour, 2) for one in tops] == [0, 1, 1.5]
    page.goto(f"{served.url}live/calendar?day=2026-03-29")
    expect(page.get_by_role("columnheader", name=re.compile("29 March"))).to_contain_text("23 h")
    gone = page.get_by_role("gridcell", name=re.compile("Sunday,? 29 March: clocks go forward"))
    expect(gone).to_have_count(2)


def test_a_time_is_planned_by_keys_and_a_conflict_named_first(page: Page, served: Served) -> None:
    start = datetime.combine(ahead(30), datetime.min.time(), UTC) + timedelta(hours=17)
    other = put(served, 30, "Lamp evening", start)
    open_calendar(page, served, f"?day={start.date()}")
    at = page.locator(f'[data-cell="{start.date()}/16"]')
    at.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator(f'[data-cell="{start.date() + timedelta(days=1)}/17"]')).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("n")
    sheet = page.get_by_role("dialog", name="Schedule an event")
    sheet.get_by_label("Name of the event").fill("Winter sale")
    expect(sheet.get_by_role("status")).to_contain_text("08:30–10:30")
    sheet.get_by_role("spinbutton", name=re.compile("^hour")).focus()
    page.keyboard.type("1900")
    expect(sheet.get_by_text("“Lamp evening” takes place then")).to_be_visible()
    expect(sheet.get_by_role("button", name="Schedule", exact=True)).to_be_disabled()
    expect(sheet.get_by_role("link", name="Look at it")).to_have_attribute("href", re.compile(other["event_id"]))
    sheet.get_by_role("spinbutton", name=re.compile("^hour")).focus()
    page.keyboard.type("21")
    expect(sheet.get_by_role("status")).to_contain_text("21:00–23:00")
    sheet.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.get_by_role("dialog", name="Winter sale")).to_be_visible()
    (body,) = sent(served, "POST")
    assert body["time"] == {
        "local_start": f"{start.date()}T21:00", "time_zone": "Europe/Berlin", "occurrence": "unspecified",
        "duration_minutes": 120,
    }  # fmt: skip


def test_a_time_that_comes_twice_or_never_is_asked_about(page: Page, served: Served) -> None:
    back, forward = last_sunday(10), last_sunday(3)
    for day, line in ((back, 4), (forward, 3)):
        open_calendar(page, served, f"?view=day&day={day}")
        page.locator(f'[data-cell="{day}/{line}"]').focus()
        page.keyboard.press("n")
        sheet = page.get_by_role("dialog", name="Schedule an event")
        sheet.get_by_role("spinbutton", name=re.compile("^hour")).focus()
        page.keyboard.type("0230")
        if day == back:
            expect(sheet.get_by_text("Clocks show this time twice that night.")).to_be_visible()
            sheet.get_by_role("radio", name=re.compile("CET$")).check(force=True)
            expect(sheet.get_by_role("status")).to_contain_text("02:30–04:30")
        else:
            sheet.get_by_role("button", name=re.compile("^Take .*03:00")).click()
            expect(sheet.get_by_role("status")).to_contain_text("03:00–05:00")
        sheet.get_by_label("Name of the event").fill("Night shift")
        sheet.get_by_role("button", name="Schedule", exact=True).click()
        expect(page.get_by_role("dialog", name="Night shift")).to_be_visible()
    assert [body["time"]["occurrence"] for body in sent(served, "POST")] == ["later", "unspecified"]


def test_an_event_is_moved_and_lengthened_by_keys(page: Page, served: Served) -> None:
    open_calendar(page, served, f"?day={ahead(1)}")
    market = entry(page, "Night market")
    market.focus()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(page.get_by_role("status").filter(has_text="Enter asks")).to_contain_text("18:15–21:00")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+Shift+ArrowDown")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Move “Night market”")
    expect(dialog.get_by_role("status")).to_contain_text("18:00–20:45")
    dialog.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text(re.compile("“Night market” now takes place"))).to_be_visible()
    (body,) = sent(served, "PATCH")
    assert (body["time"]["local_start"][-5:], body["time"]["duration_minutes"]) == ("18:00", 165)


@pytest.mark.parametrize("view", ["week", "month"])
def test_an_event_is_moved_by_the_pointer(page: Page, served: Served, view: str) -> None:
    start = datetime.combine(ahead(30), datetime.min.time(), UTC) + timedelta(hours=10)
    monday = start - timedelta(days=start.weekday())
    put(served, 31, "Lamp evening", monday)
    open_calendar(page, served, f"?view={view}&day={monday.date()}")
    block = entry(page, "Lamp evening")
    block.scroll_into_view_if_needed()
    box = block.bounding_box()
    target = page.locator(f'[data-cell^="{monday.date() + timedelta(days=2)}/"]').first.bounding_box()
    assert box and target
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(target["x"] + 20, box["y"] + 12, steps=4)
    page.mouse.up()
    dialog = page.get_by_role("dialog", name="Move “Lamp evening”")
    dialog.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text(re.compile("“Lamp evening” now takes place"))).to_be_visible()
    (body,) = sent(served, "PATCH")
    assert body["time"]["local_start"][:10] == str(monday.date() + timedelta(days=2))


def test_what_is_over_can_only_be_read(page: Page, served: Served) -> None:
    first = next(iter(served.state.events))
    open_calendar(page, served, f"?event={first}")
    panel = page.get_by_role("dialog", name="Sunday slow living")
    expect(panel.get_by_text("This event is over.")).to_be_visible()
    expect(panel.get_by_role("link", name="Analytics")).to_have_count(2)
    expect(panel.get_by_role("link", name="Analytics").first).to_have_attribute(
        "href", re.compile(f"{shop.ENDED}/review")
    )
    expect(panel.get_by_text("6 products featured")).to_have_count(2)
    expect(panel.get_by_role("button")).to_have_count(1)


def test_an_event_is_promoted_and_deleted(page: Page, served: Served) -> None:
    market = list(served.state.events)[2]
    open_calendar(page, served, f"?event={market}")
    panel = page.get_by_role("dialog", name="Night market")
    expect(panel.get_by_text("41 viewers, 3 not yet confirmed")).to_be_visible()
    expect(panel.get_by_text(f"/e/{market}")).to_be_visible()
    expect(panel.get_by_role("link", name="PNG")).to_have_attribute("href", f"v1/events/{market}/qr.png")
    panel.get_by_label("Link to a video").fill("http://videos.example/1")
    expect(panel.get_by_text("A link begins with https://")).to_be_visible()
    panel.get_by_label("Link to a video").fill("https://videos.example/1")
    panel.get_by_role("button", name="Add", exact=True).click()
    expect(panel.get_by_role("link", name="videos.example/1")).to_be_visible()
    panel.get_by_text("Recommend on my videos").click()
    expect(panel.get_by_role("switch", name="Recommend on my videos")).to_be_checked()
    panel.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete this event?").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“Night market” was deleted.")).to_be_visible()
    expect(entry(page, "Night market")).to_have_count(0)
    assert sent(served, "PATCH") == [{"teasers": {"urls": ["https://videos.example/1"]}}, {"recommend_on_videos": True}]


def test_a_phone_lists_the_days(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_calendar(page, served, f"?view=month&day={ahead(1)}")
    entry(page, "Night market").click()
    expect(page.get_by_role("dialog", name="Night market")).to_be_visible()
