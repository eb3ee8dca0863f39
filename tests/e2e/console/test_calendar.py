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


def test_a_link_opens_the_form_or_the_day_of_an_event(page: Page, served: Served) -> None:
    far = put(served, 32, "Lamp evening", datetime.now(UTC) + timedelta(days=60))
    page.goto(f"{served.url}live/calendar?plan=true")
    expect(page.get_by_role("dialog", name="Schedule an event")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("calendar$"))
    page.goto(f"{served.url}live/calendar?event={far['event_id']}")
    expect(page.get_by_role("dialog", name="Lamp evening")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(entry(page, "Lamp evening")).to_be_visible()


def test_a_phone_lists_the_days(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_calendar(page, served, f"?view=month&day={ahead(1)}")
    entry(page, "Night market").click()
    expect(page.get_by_role("dialog", name="Night market")).to_be_visible()


def prepared(served: Served, start: datetime, **more: Any) -> dict[str, Any]:
    """Let a session be prepared for an event."""
    sessions = [*more.pop("sessions", []), {"session_id": shop.NEW, "number": 2}]
    made = put(served, 40, "Tea evening", start, sessions=sessions, **more)
    about = {"event_id": made["event_id"], "not_before_time": made["start_time"]}
    served.state.sessions[shop.NEW] = shop.session(shop.NEW, "Tea evening", "prepared", start_time=None, **about)
    return made


def test_the_room_counts_down_and_says_when_it_may_go_live(page: Page, served: Served) -> None:
    del served.state.sessions[shop.LIVE]
    now = datetime.now(UTC)
    prepared(served, now + timedelta(days=2, hours=1))
    page.goto(f"{served.url}live/{shop.NEW}/air")
    screen = page.locator(".screen")
    expect(screen.get_by_role("timer")).to_have_text(re.compile(r"^2 days \d:\d\d:\d\d$"))
    expect(screen).to_contain_text("You can practise until then.")
    page.get_by_role("button", name=re.compile("^Go LIVE from ")).click()
    expect(page.get_by_role("alert")).to_contain_text("Until then you can practise, or move the event.")
    page.get_by_role("button", name="Practise").click()
    expect(screen.get_by_text("Practice Mode is on")).to_be_visible()
    expect(screen.get_by_role("timer")).to_be_visible()
    prepared(served, now + timedelta(minutes=9))
    page.reload()
    expect(screen).to_contain_text("Setting up: the event starts at")
    expect(screen).to_contain_text("6 products loaded.")
    prepared(served, now - timedelta(minutes=1))
    page.reload()
    expect(screen).to_contain_text("Ready. You may go LIVE until")
    held = {"session_id": shop.ENDED, "number": 1, "start_time": shop.stamp(now), "end_time": shop.stamp(now)}
    event = prepared(served, now - timedelta(minutes=1), sessions=[held], state="paused")
    page.reload()
    expect(screen).to_contain_text("You may go LIVE again until")
    expect(page.get_by_role("button", name="Go LIVE again")).to_be_visible()
    served.state.sessions[shop.ENDED] |= {"event_id": event["event_id"], "source": "live"}
    page.goto(f"{served.url}live/{shop.ENDED}/air")
    expect(page.get_by_role("link", name="Go LIVE again")).to_have_attribute("href", re.compile(f"{shop.NEW}/air"))


def test_another_live_is_to_be_ended_first(page: Page, served: Served) -> None:
    prepared(served, datetime.now(UTC) + timedelta(minutes=9, seconds=55))
    page.goto(f"{served.url}live/{shop.NEW}/air")
    expect(page.locator(".screen")).to_contain_text(
        "“Autumn drop: home & audio” of this account is still on air. End it first."
    )
    page.get_by_role("link", name="Go there to end it").click()
    expect(page).to_have_url(re.compile(f"{shop.LIVE}/air"))
    soon = page.get_by_role("navigation", name="Events that start")
    expect(soon.get_by_role("link", name=re.compile("Tea evening"))).to_have_attribute(
        "href", re.compile(f"{shop.NEW}/air")
    )


def test_a_list_has_the_sessions_of_an_event_under_it(page: Page, served: Served) -> None:
    first = next(iter(served.state.events))
    for session in (shop.ENDED, shop.IMPORTED):
        served.state.sessions[session]["event_id"] = first
    page.goto(f"{served.url}live")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text("LIVE event, 2 sessions")
    expect(rows.nth(1).get_by_role("link", name="Sunday slow living")).to_have_attribute(
        "href", re.compile(f"event={first}")
    )
    expect(rows.nth(3)).to_contain_text("Spring clearance")


def test_the_plan_of_a_session_shows_its_event(page: Page, served: Served) -> None:
    prepared(served, datetime.now(UTC) + timedelta(days=2))
    page.goto(f"{served.url}live/{shop.NEW}/plan")
    event = page.get_by_role("region", name="LIVE event")
    expect(event.get_by_text("Scheduled", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_have_count(1)
    event.get_by_role("button", name="Move").click()
    expect(page.get_by_role("dialog", name="Move “Tea evening”").get_by_role("status")).to_contain_text("CE")


def test_everybody_is_told_ten_minutes_before_an_event(page: Page, served: Served) -> None:
    prepared(served, datetime.now(UTC) + timedelta(minutes=9, seconds=55))
    page.goto(served.url)
    expect(page.get_by_text("“Tea evening” starts in 10 minutes.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Events that start")).to_contain_text("Starts in 0:0")
