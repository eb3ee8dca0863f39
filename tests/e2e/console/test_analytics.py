"""After the LIVE: all LIVE videos, the details of one, and its dashboard."""

import re

import pytest
import shop
from backend import Served
from playwright.sync_api import Page, Route, expect


@pytest.mark.requirement("R116", "R120")
def test_from_all_live_videos_over_the_details_to_the_dashboard(page: Page, served: Served) -> None:
    page.goto(served.url)
    page.get_by_role("link", name="Analytics").click()
    expect(page.get_by_role("heading", name="All LIVE videos")).to_be_visible()
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text="Sunday slow living")).to_be_visible()
    expect(rows.filter(has_text="Autumn drop")).to_have_count(0)
    page.get_by_role("link", name="Details of Sunday slow living").click()
    expect(page.get_by_role("heading", name="Recap")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="View dashboard").click()
    expect(opened.value.get_by_role("heading", name="Core data")).to_be_visible()
    expect(opened.value).to_have_url(re.compile(f"#/board/{shop.ENDED}"))
    page.get_by_role("link", name="All LIVE videos").click()
    expect(rows.filter(has_text="Sunday slow living")).to_be_visible()


@pytest.mark.requirement("R144", "R145")
def test_the_details_tell_the_products_featured_and_that_giveaways_are_missing(page: Page, served: Served) -> None:
    page.goto(f"{served.url}#/analytics/{shop.ENDED}")
    featured = page.get_by_role("region", name="Products featured").first
    for product in shop.analytics():
        expect(featured.get_by_role("row", name=product["title"])).to_contain_text("US$")
    expect(page.get_by_role("region", name="Giveaways")).to_contain_text("not yet part of Showfloor")


@pytest.mark.requirement("D14")
def test_a_number_that_has_expired_says_so(page: Page, served: Served) -> None:
    def expire(route: Route) -> None:
        answer = route.fetch().json()
        answer["sessions"][0]["readings"] = [{"metric": "orders", "missing": "expired"}]
        route.fulfill(json=answer)

    page.route("**/v1/sessions?*", expire)
    page.goto(f"{served.url}#/analytics")
    why = page.locator("tbody tr").first.get_by_title("Details are kept for three months, then only daily totals")
    expect(why).to_contain_text("–")
