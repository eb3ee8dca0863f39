"""Home on the running system: what is coming up, what was done, earned and sold, and what there is to learn."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from people import People
from playwright.sync_api import Page, expect

from showfloor.testing.hosts import Host
from showfloor.testing.system import soon


def arrive(people: People, host: Host) -> Page:
    """Sign in as the owner of a host's shop, who works nowhere else."""
    user, _ = people.member(host.shop)
    people.api.put(f"/shops/{host.shop}/members/{user}", {"role": "owner"})
    page = people.profiles().new_page()
    page.goto(f"{people.system.url}/sign-in#link={people.code(user)}")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    return page


@pytest.mark.requirement("R6", "R104")
def test_home_counts_down_to_events_and_says_when_to_promote(people: People) -> None:
    host = people.host()
    page = arrive(people, host)
    ahead = page.get_by_role("region", name="Coming up")
    expect(ahead).to_contain_text("No event is scheduled.")
    ahead.get_by_role("link", name="Schedule an event").click()
    expect(page.get_by_role("dialog", name="Schedule an event")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Calendar")).to_be_visible()
    day = (datetime.now(UTC) + timedelta(days=2)).date()
    time = {"local_start": f"{day}T20:00", "time_zone": "Europe/Berlin", "duration_minutes": 60}
    body = {"account_id": host.account, "title": "Night market", "time": time}
    host.api.post("/events", body)
    soon(lambda: host.api.get("/home", account_id=host.account)["promote"])
    page.get_by_role("link", name="Home").click()
    page.reload()
    event = ahead.get_by_role("listitem").filter(has_text="Night market")
    expect(event).to_contain_text(re.compile(r"in \d+ (d \d+ h|h \d+ min)"))
    expect(event.get_by_role("link", name="Prepare")).to_be_visible()
    promote = page.get_by_role("status").filter(has_text="Promote “Night market” now")
    expect(promote).to_contain_text("Two to three days before is the best time")
    promote.get_by_role("link", name="Promote").click()
    expect(page).to_have_url(re.compile("/live/calendar"))


@pytest.mark.requirement("R5", "R8", "R9", "R10", "R11")
def test_home_tells_what_was_done_and_sold_and_what_to_learn(people: People) -> None:
    host = people.host()
    live = host.live("Tea time", products=2)
    live.put(f"bag/{live.products[0]}/pin")
    order = live.order(live.products[0], 2, 1000, "kim")
    live.record({"paid_order": {"order": {"request_id": "o", **order}}})
    live.wait(units_sold=2)
    live.post("end")
    soon(lambda: len([one for one in host.api.get("/home", account_id=host.account)["checklist"] if one["done"]]) == 3)
    page = arrive(people, host)

    last = page.get_by_role("region", name="Your last LIVE")
    tiles = last.get_by_role("group")
    expect(tiles).to_have_count(4)
    names = ("Commission earned", "Items sold", "Total buyers", "First-time buyers")
    for tile, name, value in zip(tiles.all(), names, ("€", "2", "1", "1"), strict=True):
        expect(tile).to_have_accessible_name(name)
        expect(tile).to_contain_text(value)

    done = page.get_by_role("region", name="Checklist for success").locator(".home-done")
    expect(done).to_contain_text(["Go LIVE", "Show at least two products", "Pin what you speak about"])
    tasks = page.get_by_role("region", name="LIVE tasks")
    expect(tasks.get_by_role("progressbar", name="Two LIVEs this week")).to_have_attribute("aria-valuetext", "0 of 2")
    expect(tasks).to_contain_text("Each LIVE of 30 minutes counts")

    learn = page.get_by_role("region", name="Learn")
    for topic in ("Product selection", "Content structure", "Sales pitch", "Avoiding violations"):
        expect(learn.get_by_role("region", name="Tutorials")).to_contain_text(topic)
    learn.get_by_role("button", name=re.compile("^One hour, two products")).click()
    guide = page.get_by_role("dialog", name="One hour, two products")
    expect(guide).to_contain_text("This is a worked example")
    expect(guide.get_by_role("listitem").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(guide).to_have_count(0)


@pytest.mark.requirement("R96")
def test_the_form_of_an_event_suggests_when_to_begin(people: People) -> None:
    host = people.host()
    monday = datetime(2026, 6, 1, tzinfo=UTC)
    past = [
        {
            "reference": f"{week}-{day}", "title": "Past", "duration_s": 7_200, "average_viewers": viewers,
            "start_time": (monday + timedelta(days=7 * week + day, hours=hour)).isoformat(), "gmv": host.money(gmv),
        }
        for week in range(12)
        for day, hour, gmv, viewers in ((1, 10, 20_000, 50), (4, 18, 80_000, 200))
    ]  # fmt: skip
    host.api.post(f"/accounts/{host.account}/history", {"sessions": past})
    path = f"/accounts/{host.account}/suggested-time"
    soon(lambda: host.api.get(path, time_zone="Europe/Berlin").get("suggestion"))
    page = arrive(people, host)
    page.get_by_role("region", name="Coming up").get_by_role("link", name="Schedule an event").click()
    form = page.get_by_role("dialog", name="Schedule an event")
    hint = form.get_by_role("status").filter(has_text="20:00")
    expect(hint).to_contain_text("Fri")
    expect(hint).to_contain_text("€400.00")  # GMV per hour there, beside the account's mean
    expect(hint).to_contain_text("€250.00")
