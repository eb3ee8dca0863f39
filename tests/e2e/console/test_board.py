"""The LIVE Board: what it shows, and that it moves without gap or repeat."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import shop
from backend import Served
from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect

from showfloor.testing.system import soon


def open_board(page: Page, served: Served, session_id: str = shop.LIVE) -> None:
    page.goto(f"{served.url}live/{session_id}/board")
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()


def positions(page: Page) -> list[int]:
    """The positions of the feed's lines, from the top: only those in sight are in the page, so scroll through all."""
    return page.locator(".feed-scroll").evaluate(
        """async box => {
          const seen = new Set();
          const painted = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
          for (box.scrollTop = 0; ; box.scrollTop += box.clientHeight * 0.7) {
            await painted();
            for (const line of box.querySelectorAll(".feed-line")) seen.add(Number(line.dataset.position));
            if (box.scrollTop + box.clientHeight >= box.scrollHeight - 2) break;
          }
          box.scrollTop = 0;
          await painted();
          return [...seen];
        }"""
    )


QUESTIONS = (("Money", "GMV"), ("Traffic", "Viewers now"), ("Product", "Orders"))


@pytest.mark.requirement("R15", "R118", "R121", "R125", "R149")
def test_three_numbers_first_and_all_metrics_in_four_groups(page: Page, served: Served) -> None:
    served.state.sessions[shop.LIVE]["affiliate"] = False
    open_board(page, served)
    top = page.locator(".board-top")
    for name in ("Date", "Start", "Duration"):
        expect(top).to_contain_text(name)
    expect(top).to_contain_text(re.compile(r"\d\d:\d\d CES?T"))
    before = top.locator(".fact", has_text="Duration").inner_text()
    expect(top.locator(".fact", has_text="Duration")).not_to_have_text(before)
    for question, name in QUESTIONS:
        tile = page.get_by_role("region", name=question, exact=True)
        expect(tile.get_by_role("group", name=name, exact=True)).to_be_visible()
        expect(tile.locator(".stat-as-of")).to_have_text(re.compile(r"as of \d\d:\d\d:\d\d"))
    fresh = page.get_by_role("region", name="Money").locator(".stat-as-of")
    before = fresh.inner_text()
    expect(fresh).not_to_have_text(before)
    expect(page.get_by_role("region", name="Traffic", exact=True)).to_contain_text("viewers as seen")

    page.get_by_role("button", name="All metrics").click()
    everything = page.get_by_role("dialog", name="All metrics")
    for group in ("Sales", "Traffic", "Engagement", "Products"):
        expect(everything.get_by_role("heading", name=group, exact=True)).to_be_visible()
    of_affiliates = {"affiliate_gmv", "commission"}
    known = [row["name"] for row in shop.REGISTRY if "session" in row["scopes"] and row["name"] not in of_affiliates]
    shown = everything.locator("[data-metric]").evaluate_all("all => all.map(one => one.dataset.metric)")
    assert sorted(shown) == sorted(known)
    expect(everything.locator("[data-metric=likes] .stat-as-of")).to_have_text(re.compile("as of"))


def test_pace_is_against_the_usual_curve_or_says_why_not(page: Page, served: Served) -> None:
    open_board(page, served)
    money = page.get_by_role("region", name="Money")
    expect(money).to_contain_text(re.compile(r"\+\d+\.\d% usually US\$[\d,.]+ after 8[45] min"))
    expect(money.locator(".pace-usual")).to_be_visible()
    served.state.earlier_lives = 2
    page.reload()
    expect(money).to_contain_text("No pace yet: it takes 3 earlier LIVEs, this account has 2.")
    expect(money.locator(".pace-usual")).to_have_count(0)
    page.route("**/usual-curve", lambda route: route.fulfill(status=503, json={"code": "UNAVAILABLE", "status": 503}))
    page.goto(f"{served.url}live/{shop.ENDED}/board")
    expect(money).to_contain_text("The usual pace cannot be read right now.", timeout=60_000)


@pytest.mark.requirement("D14")
def test_a_missing_number_is_a_dash_with_its_reason(profiles: Callable[..., BrowserContext], served: Served) -> None:
    page = profiles(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    open_board(page, served)
    page.get_by_role("button", name="All metrics").tap()
    row = page.locator("[role=dialog] [data-metric=follow_rate]")
    row.get_by_role("button", name="– Nothing to divide by yet").tap()
    expect(page.get_by_role("tooltip")).to_have_text("Nothing to divide by yet")
    row.get_by_role("button", name="What is Follow rate?").tap()
    expect(page.locator("[role=tooltip]:not([data-exiting])")).to_contain_text("New followers per view.")


def test_reconnects_without_gap_or_repeat(page: Page, served: Served) -> None:
    open_board(page, served)
    expect(page.get_by_text("Connected")).to_be_visible()
    served.drop_streams(refuse=3)
    served.state.happen(30)
    expect(page.get_by_text("Connected")).to_be_hidden()
    expect(page.get_by_text("Connected")).to_be_visible(timeout=20_000)
    served.state.happen(2)
    expect(page.locator(".feed-line").first).to_have_attribute("data-position", "72")
    assert positions(page) == list(range(72, 0, -1))


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        (503, "UNAVAILABLE", "busy or starting"),
        (503, "QUEUE_FULL", "Too many are connected"),
        (429, "RATE_LIMITED", "too fast"),
        (403, "PERMISSION", "You may not do this"),
    ],
)
def test_a_refused_stream_is_a_problem_until_it_stands_again(
    page: Page, served: Served, status: int, code: str, why: str
) -> None:
    open_board(page, served)
    expect(page.get_by_text("Connected")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    served.state.refusal = status, code
    served.state.retry_after = 3_600  # the page does not try again by itself: a person does
    served.drop_streams(refuse=1_000)
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("What is shown here may be out of date.")
    expect(problem).to_contain_text(why)
    served.state.streams_refused = 0
    problem.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Connected")).to_be_visible()
    expect(problem).to_have_count(0)


def test_the_desk_tells_of_a_lost_stream_until_it_stands_again(page: Page, served: Served) -> None:
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    expect(page.get_by_text("Connected")).to_be_visible()
    page.route("**/v1/stream?**", lambda route: route.abort())
    served.drop_streams()
    problem = page.get_by_role("region", name="LIVE Prompter").get_by_role("alert")
    expect(problem).to_contain_text("The connection to Showfloor was lost.")
    page.unroute("**/v1/stream?**")
    expect(problem).to_have_count(0, timeout=20_000)
    expect(page.get_by_text("Connected")).to_be_visible()


def test_an_earlier_answer_does_not_hide_a_newer_board(page: Page, served: Served) -> None:
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    expect(page.get_by_text("Connected")).to_be_visible()
    gmv = page.get_by_role("banner").locator(".fact", has_text="GMV")
    expect(gmv).to_contain_text("12,843.50")
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/v1/**/board", lambda route: held.append((route, route.fetch())))
    page.get_by_role("button", name="Pin Wireless earbuds S3").click()
    soon(lambda: page.wait_for_timeout(50) or held)
    served.state.scale = 2.0
    served.state.happen()
    expect(gmv).to_contain_text("25,687.00")
    with page.expect_response("**/v1/**/board"):
        for route, answer in held:
            route.fulfill(response=answer)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(gmv).to_contain_text("25,687.00")


def test_a_long_live_keeps_the_feed_bounded(page: Page, served: Served) -> None:
    open_board(page, served)
    served.state.happen(1_500)
    expect(page.locator(".feed-line").first).to_have_attribute("data-position", "1540")
    found = positions(page)
    assert found == list(range(1540, 1540 - len(found), -1))
    assert 500 < len(found) < 1_200
    assert page.locator(".feed-line").count() < 60
    page.locator(".feed-scroll").evaluate("box => box.scrollTo(0, box.scrollHeight)")
    page.get_by_role("button", name="Show older").click()
    expect(page.locator(".feed-scroll li").first).to_have_attribute("aria-setsize", str(len(found) + 200))
    assert positions(page) == list(range(1540, 1340 - len(found), -1))


@pytest.mark.requirement("R126", "R128", "R129")
def test_trends_of_any_metrics_over_any_interval(page: Page, served: Served) -> None:
    open_board(page, served)
    charts = page.locator(".metric-chart canvas")
    expect(charts).to_have_count(4)
    page.get_by_role("button", name="All metrics").click()
    page.get_by_role("checkbox", name="Show Likes in the timeline").check(force=True)
    page.get_by_role("button", name="Close").click()
    expect(charts).to_have_count(5)
    page.get_by_role("button", name="Interval").click()
    with page.expect_request(re.compile(r"/trend\?(?=.*metrics=likes)(?=.*from=)")):
        page.get_by_role("option", name="Last 15 min").click()
    page.get_by_text("Show the numbers").click()
    expect(page.locator(".trend-table tbody tr").first).to_be_visible()
    page.get_by_role("button", name="Zoom out").click()
    with page.expect_request(re.compile(r"/trend\?.*until=")):
        page.get_by_role("button", name="Earlier").click()


RANGE = re.compile(r"\d\d:\d\d – \d\d:\d\d")


def test_a_marked_part_is_what_every_panel_shows(page: Page, served: Served) -> None:
    open_board(page, served)
    interval = page.get_by_role("button", name="Interval")
    panels = [page.get_by_role("region", name=name) for name in ("Products", "Traffic channels", "Audience")]
    plot = page.locator(".chart-row", has_text="Viewers now").locator(".u-over")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 30)
    expect(page.locator(".chart-value", has_text=re.compile(r"\d\d:\d\d"))).to_have_count(4)  # one cursor
    with page.expect_request(re.compile(r"/audience\?from=")), page.expect_request(re.compile(r"/products\?from=")):
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 40, steps=5)
        page.mouse.up()
    expect(interval).to_contain_text(RANGE)
    for panel in panels:
        expect(panel.locator(".badge-accent")).to_have_text(RANGE)
    expect(panels[0].get_by_role("row")).to_have_count(3)
    expect(panels[1].get_by_role("row").nth(1)).to_contain_text("Promoted")
    expect(panels[2]).to_contain_text("Share of buyers")
    feed = page.get_by_role("complementary")
    expect(feed).to_contain_text("Nothing of this kind in this time.")
    plot.dblclick()
    expect(interval).to_contain_text("Whole session")
    page.get_by_role("button", name=re.compile("^Linen overshirt, sand, ")).click()
    expect(interval).to_contain_text(RANGE)
    page.get_by_role("button", name="Show all").click()
    expect(panels[0].get_by_role("row")).to_have_count(6)


def test_the_keyboard_moves_the_cursor_and_marks_a_part(page: Page, served: Served) -> None:
    open_board(page, served)
    cursor = page.get_by_role("slider", name="Time in the charts")
    interval = page.get_by_role("button", name="Interval")
    cursor.focus()
    page.keyboard.press("Home")
    expect(cursor).to_have_attribute("aria-valuenow", "0")
    expect(cursor).to_have_attribute("aria-valuetext", re.compile(r"^\d\d:\d\d, GMV US\$[\d.]+, Viewers now \d+"))
    for _ in range(12):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    expect(interval).to_contain_text(RANGE)
    page.keyboard.press("Escape")
    expect(interval).to_contain_text("Whole session")


@pytest.mark.requirement("R127", "R133", "R134", "R135", "R142", "R150")
def test_channels_products_audience_and_comparison(page: Page, served: Served) -> None:
    open_board(page, served)
    for channel in ("Feed", "Promoted", "Following", "Search", "Shop", "Profile", "Share", "Other"):
        expect(page.get_by_role("rowheader", name=channel, exact=True)).to_be_visible()
    star = page.get_by_role("row", name="Linen overshirt, sand")
    expect(star).to_contain_text("Star")
    expect(star).to_contain_text("stress its selling points")
    expect(page.get_by_role("row", name="Cold brew kit")).to_contain_text("giveaway")
    page.get_by_role("button", name="Region").click()
    expect(page.get_by_role("row", name="Germany")).to_be_visible()
    expect(page.get_by_role("row", name="Not known")).to_be_visible()
    expect(page.locator(".compare")).to_contain_text("+25.0%")


@pytest.mark.parametrize("width", [1280, 1400, 1440])
def test_no_header_of_the_products_is_cut(page: Page, served: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{served.url}live/{shop.LIVE}/board")
    headers = page.locator(".table-products thead th")
    expect(headers).to_have_count(8)
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
    assert headers.evaluate_all(cut) == []


def test_light_and_dark_follow_the_system_until_chosen(page: Page, served: Served) -> None:
    page.emulate_media(color_scheme="dark")
    open_board(page, served)
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Switch to light").click()
    page.reload()
    expect(root).to_have_attribute("data-theme", "light")


@pytest.mark.requirement("R146")
def test_an_ended_session_without_a_recording_promises_none(page: Page, served: Served) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/replay") else None)
    served.state.no_recording = True
    page.goto(f"{served.url}live/{shop.ENDED}/review")
    kept = page.get_by_role("list", name="How long this is kept")
    expect(kept).to_contain_text("No recording kept")
    expect(kept).not_to_contain_text("Recording until")
    assert len(asked) == 1


def test_the_minute_that_has_just_begun_is_no_fall(page: Page, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    minutes = shop.trend

    def first_five(of: shop.Json, names: list[str], first: datetime, last: datetime) -> shop.Json:
        return minutes(of, names, first, first + timedelta(minutes=5))

    monkeypatch.setattr(shop, "trend", first_five)
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    line = page.locator(".room-tile").first.locator(".sparkline path")
    expect(line).to_have_attribute("d", re.compile(r"^M[^ML]+(L[^ML]+){3}$"))
    open_board(page, served)
    expect(page.get_by_text("The last point is still running.")).to_be_visible()
    page.get_by_text("Show the numbers").click()
    rows = page.locator(".trend-table tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.filter(has_text="(not whole)")).to_have_count(1)
    expect(rows.last).to_contain_text("(not whole)")
    ended = served.state.sessions[shop.ENDED]
    ended["end_time"] = shop.stamp(datetime.fromisoformat(ended["start_time"]) + timedelta(seconds=270))
    open_board(page, served, shop.ENDED)
    expect(page.get_by_text("The LIVE ended within the last point.")).to_be_visible()
    ended["end_time"] = shop.stamp(datetime.fromisoformat(ended["start_time"]) + timedelta(seconds=20))
    page.reload()
    expect(page.get_by_text("The LIVE ended within the last point.")).to_be_visible()
    expect(page.locator(".metric-chart")).to_have_count(0)
    page.get_by_text("Show the numbers").click()
    expect(rows.first).to_contain_text("(not whole)")
    ended["end_time"] = shop.stamp(datetime.fromisoformat(ended["start_time"]) + timedelta(seconds=300))
    page.reload()
    expect(page.locator(".metric-chart canvas").first).to_be_visible()
    expect(page.get_by_text("The LIVE ended within the last point.")).to_have_count(0)


@pytest.mark.requirement("D14")
def test_what_an_import_does_not_tell_shows_as_not_known(page: Page, served: Served) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2].partition("?")[0]))
    page.goto(f"{served.url}live/{shop.IMPORTED}/board")
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("Imported history holds totals alone")
    expect(page.get_by_role("region", name="Traffic", exact=True)).to_contain_text("viewers as imported")
    expect(page.get_by_role("region", name="Money")).to_contain_text("US$12,843.50")
    for name in ("Suggestions", "Traffic channels", "Audience", "Products", "Activity"):
        expect(page.get_by_role("heading", name=name, exact=True, level=2)).to_have_count(0)
    page.goto(f"{served.url}live/{shop.IMPORTED}/review")
    expect(page.get_by_role("region", name="Imported", exact=True)).to_contain_text(
        "What happened minute by minute is not"
    )
    featured = page.get_by_role("group", name="Products featured")
    expect(featured.get_by_role("button", name="– Not known for an imported session.")).to_be_visible()
    page.goto(f"{served.url}live/{shop.IMPORTED}/air")
    products = page.get_by_role("region", name="Run of show and script")
    prompter = page.get_by_role("region", name="LIVE Prompter")
    expect(products.get_by_role("tabpanel", name="Run of show")).to_contain_text("Not known")
    expect(products).not_to_contain_text("/100")
    expect(prompter.get_by_role("region", name="Stream")).to_contain_text("Not known for an imported session.")
    for tab in ("Needs you", "Suggestions"):
        prompter.get_by_role("tab", name=tab, exact=True).click()
        expect(prompter.get_by_role("tabpanel")).to_have_text("Not known for an imported session.")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert "board" in asked
    assert not {"trend", "products", "audience", "suggestions", "usual-curve"} & set(asked)
