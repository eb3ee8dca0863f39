"""What a person meets who has never seen the console: plain words, one focus, no slip that cannot be taken back."""

import re

import shop
from backend import Served
from playwright.sync_api import Page, Route, expect

RINGS = """() => [...document.querySelectorAll("*")].filter(one => {
  const style = getComputedStyle(one);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}).map(one => `${one.tagName} ${one.className}`)"""


def test_a_product_leaves_the_bag_on_air_only_when_it_is_meant(page: Page, served: Served) -> None:
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    rows = page.locator(".cue")
    page.get_by_role("button", name="Remove Wireless earbuds S3").click()
    dialog = page.get_by_role("dialog", name="Remove Wireless earbuds S3")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(rows).to_have_count(6)
    assert not [path for method, path, _, _ in served.state.calls if method == "DELETE"]
    page.get_by_role("button", name="Remove Wireless earbuds S3").click()
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(rows).to_have_count(5)
    served.state.sessions[shop.LIVE]["state"] = "prepared"
    page.reload()
    page.get_by_role("button", name="Remove Linen overshirt, sand").click()
    expect(rows).to_have_count(4)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_product_that_left_the_bag_keeps_its_name(page: Page, served: Served) -> None:
    served.state.bag = served.state.bag[3:]
    served.state.suggestions = [shop.suggestion(3) | {"title": "GMV fell after this product was featured"}]
    page.goto(f"{served.url}live/{shop.LIVE}/board")
    expect(page.get_by_role("list", name="Pinned products")).to_contain_text("Wireless earbuds S3")
    expect(page.get_by_role("region", name="Suggestions")).to_contain_text("Wireless earbuds S3")
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    page.get_by_role("button", name=re.compile("^Orders")).click()
    expect(page.locator(".order").first).to_contain_text("Linen overshirt, sand")


def test_only_what_has_the_focus_is_ringed(page: Page, served: Served) -> None:
    for address, steps in ((f"live/{shop.LIVE}/air", 30), (f"live/{shop.LIVE}/board", 14), ("", 10)):
        page.goto(f"{served.url}{address}")
        expect(page.get_by_role("button").first).to_be_visible()
        expect(page.locator(".skeleton")).to_have_count(0)
        ringed = []
        for _ in range(steps):
            page.keyboard.press("Tab")
            ringed.append(page.evaluate(RINGS))
        assert [rings for rings in ringed if len(rings) > 1] == []
        assert any(ringed)


def test_freshness_says_nothing_before_there_is_a_time(page: Page, served: Served) -> None:
    def no_signals(route: Route) -> None:
        answer = route.fetch().json()
        del answer["watermark"]["signals_time"]
        route.fulfill(json=answer)

    page.route("**/v1/**/board", no_signals)
    page.goto(f"{served.url}live/{shop.ENDED}/board")
    expect(page.get_by_text("1 min per point")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("log position")
    expect(page.locator("[title*='log position']")).to_have_count(0)


def test_an_address_that_names_nothing_leads_back(page: Page, served: Served) -> None:
    def refuse(route: Route) -> None:
        answer = {"code": "INVALID_FIELD", "detail": "session_id: must be a UUID, such as 018f", "field": "session_id"}
        route.fulfill(status=400, json=answer)

    page.route("**/v1/sessions/wrong**", refuse)
    for step in ("", "/plan", "/air", "/board", "/review"):
        page.goto(f"{served.url}live/wrong{step}")
        expect(page.get_by_text("There is no such LIVE. The address is incomplete or wrong.")).to_be_visible()
        expect(page.get_by_role("button", name="Try again")).to_have_count(0)
        page.get_by_role("link", name="Go to your LIVE sessions").click()
        expect(page.get_by_role("heading", name="LIVE sessions")).to_be_visible()
    page.goto(f"{served.url}no/such/page")
    page.get_by_role("link", name="Go to your LIVE sessions").click()
    expect(page.get_by_role("heading", name="LIVE sessions")).to_be_visible()


def test_a_broken_link_is_told_once_where_it_was_written(page: Page, served: Served) -> None:
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    refusal = {"code": "PRODUCT_NOT_FOUND", "detail": "no such product", "request_id": "test"}
    page.route(
        "**/bag",
        lambda route: route.fulfill(status=404, json=refusal) if route.request.method == "POST" else route.fallback(),
    )
    page.get_by_role("button", name="Add products").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Links").click()
    links = dialog.get_by_label("Product links, one per line")
    expect(links).to_have_accessible_description(re.compile("such as https://"))
    links.fill("teapot")
    dialog.get_by_role("button", name="Add 1").click()
    expect(dialog.get_by_role("alert")).to_contain_text("not in the catalogue")
    expect(page.locator(".notice")).to_have_count(0)
    dialog.get_by_role("tab", name="Showcase").click()
    expect(dialog.get_by_role("alert")).to_have_count(0)
