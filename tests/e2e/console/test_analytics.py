"""After the LIVE: what the list says of numbers that are no longer kept."""

import pytest
from backend import Served
from playwright.sync_api import Page, Route, expect


@pytest.mark.requirement("D14")
def test_a_number_that_has_expired_says_so(page: Page, served: Served) -> None:
    def expire(route: Route) -> None:
        answer = route.fetch().json()
        answer["sessions"][0]["readings"] = [{"metric": "orders", "missing": "expired"}]
        route.fulfill(json=answer)

    page.route("**/v1/sessions?*", expire)
    page.goto(f"{served.url}analytics/sessions")
    why = page.locator("tbody tr").first.get_by_title("Details are kept for three months, then only daily totals")
    expect(why).to_contain_text("–")
