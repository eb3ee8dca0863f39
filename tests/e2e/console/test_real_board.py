"""The LIVE Board on the running system: money, traffic and product, beside what is usual, over any part of the LIVE."""

import re

import pytest
from people import PHONE, People, connected, fact
from playwright.sync_api import expect

from showfloor.testing.hosts import Live, falling

RANGE = re.compile(r"\d\d:\d\d – \d\d:\d\d")
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def told(people: People) -> Live:
    """A LIVE that still runs, of an account with three half hours behind it in which one pot was sold."""
    host = people.host()
    for number in range(3):
        earlier = host.recorded(f"Earlier {number}", minutes=90 + 60 * number, products=1)
        order = earlier.order(earlier.products[0], 1, 1000, f"old{number}", 60)
        earlier.record({"paid_order": {"order": {"request_id": "e", **order}}})
        earlier.post("end", {"end_time": earlier.at(1800)})
    return falling(host)


@pytest.mark.requirement("R14", "R15", "R118", "R121", "R125", "R148", "R149", "R151", "D14")
def test_the_board_answers_money_traffic_and_product(people: People, told: Live) -> None:
    page = people.window(f"live/{told.id}/board")
    connected(page)
    expect(page.locator(".board-top")).to_contain_text("Simulated data")
    for name in ("Date", "Start", "Duration"):
        expect(fact(page, name)).not_to_have_text("–")
    money, traffic, product = (
        page.get_by_role("region", name=name, exact=True) for name in ("Money", "Traffic", "Product")
    )
    expect(money.locator(".stat-value")).to_have_text("€65.00")
    expect(money).to_contain_text(re.compile(r"\+550\.0% usually €10\.00 after 2\d min"))
    expect(money.locator(".pace-usual")).to_be_visible()
    expect(traffic.locator("[data-metric=views]")).to_contain_text("50")
    expect(product.locator(".stat-value")).to_have_text("13")
    expect(product).to_contain_text("+1,200.0% usually 1 after")
    expect(product.locator("[data-metric=product_clicks]")).to_contain_text("13")
    page.get_by_role("button", name="All metrics").click()
    everything = page.get_by_role("dialog", name="All metrics")
    for group in ("Sales", "Traffic", "Engagement", "Products"):
        expect(everything.get_by_role("heading", name=group, exact=True)).to_be_visible()
    for metric, value in (
        ("orders", "13"),
        ("views", "50"),
        ("likes", "2"),
        ("buyers", "13"),
        ("products_featured", "1"),
    ):
        expect(everything.locator(f"[data-metric={metric}] .stat-value")).to_have_text(value)
    expect(everything.locator("[data-metric=affiliate_gmv]")).to_have_count(1)  # a creator's account


@pytest.mark.requirement("R126", "R127", "R128", "R129", "R133", "R142", "R150")
def test_a_part_of_the_live_is_shown_by_every_panel(people: People, told: Live) -> None:
    page = people.window(f"live/{told.id}/board")
    connected(page)
    expect(page.locator(".metric-chart canvas")).to_have_count(4)
    page.get_by_role("button", name="All metrics").click()
    page.get_by_role("checkbox", name="Show Likes in the timeline").check(force=True)
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".metric-chart canvas")).to_have_count(5)
    products = page.get_by_role("region", name="Products")
    sold = products.get_by_role("row", name=re.compile("^Teapot 2"))
    expect(sold).to_contain_text("€65.00")
    expect(sold).to_contain_text("52.0%")
    channels, audience = (page.get_by_role("region", name=name) for name in ("Traffic channels", "Audience"))
    for channel in ("Feed", "Promoted"):
        expect(channels.get_by_role("row", name=re.compile(f"^{channel} .*25"))).to_be_visible()
    audience.get_by_role("button", name="Region").click()
    expect(audience.get_by_role("row", name=re.compile("^Germany .*13"))).to_be_visible()
    expect(page.get_by_role("region", name=re.compile("^Compared with"))).to_contain_text("Average of 3 other sessions")

    page.get_by_role("button", name=re.compile("^Teapot 1, .* – now$")).click()  # since its pin nobody has bought
    expect(page.get_by_role("button", name="Interval")).to_contain_text(RANGE)
    expect(products.locator(".badge-accent").first).to_have_text(RANGE)
    expect(sold).to_contain_text("€0.00")
    expect(channels.get_by_role("row", name=re.compile("^Feed .*1[01]"))).to_be_visible()
    expect(audience).to_contain_text("Nobody bought in this time.")
    page.get_by_role("button", name="Show all").click()
    expect(sold).to_contain_text("€65.00")

    page.get_by_text("Show the numbers").click()
    lines = page.locator(".trend-table tbody tr")
    expect(lines).to_have_count(25)
    expect(lines.filter(has_text="(not whole)")).to_have_count(1)
    told.post("comments", {"viewer": {"viewer_ref": "v1", "display_name": "Kim"}, "text": "Still there?"})
    expect(page.locator(".feed-line").first).to_contain_text("Still there?")


@pytest.mark.requirement("R118", "D14")
def test_a_phone_shows_a_first_live_and_says_what_is_missing(people: People) -> None:
    live = people.open()
    page = people.window(f"live/{live.id}/board", **PHONE)
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("begins when the LIVE goes on air")
    live.post("live")
    page.reload()
    connected(page)
    money = page.get_by_role("region", name="Money", exact=True)
    expect(money.locator(".stat-value")).to_have_text("€0.00")
    expect(money).to_contain_text("No pace yet: it takes 3 earlier LIVEs, this account has 0.")
    views = page.get_by_role("region", name="Traffic", exact=True)
    views.get_by_role("button", name="– No data yet").first.tap()
    expect(page.get_by_role("tooltip")).to_have_text("No data yet")
    assert not page.evaluate(WIDE)
