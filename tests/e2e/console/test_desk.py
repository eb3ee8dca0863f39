"""The desk of a session: its bag, the prompter, and how it ends."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import shop
from backend import Served
from desk import open_desk
from people import attention, stream
from playwright.sync_api import Page, expect

KINDS = (
    ("Comments", ".comment"),
    ("Questions", ".comment"),
    ("Orders", ".order"),
    ("Follows", ".feed-follow"),
    ("Gifts", ".feed-gift"),
)


def titles(page: Page) -> list[str]:
    return page.locator(".bag-title").all_inner_texts()


def test_a_script_half_written_survives_a_look_at_the_bag(page: Page, served: Served) -> None:
    open_desk(page, served)
    page.get_by_role("tab", name="Script").click()
    script = page.get_by_label(re.compile("^Your script"))
    script.fill("First the tea, then")
    page.get_by_role("tab", name=re.compile("Run of show")).click()
    page.get_by_role("tab", name="Script").click()
    expect(script).to_have_value("First the tea, then")


def test_a_reply_half_written_survives_a_look_at_other_tabs(page: Page, served: Served) -> None:
    open_desk(page, served)
    page.get_by_role("button", name=re.compile("^Reply to ")).first.click()
    page.keyboard.type("It comes in")
    for _ in range(2):
        page.get_by_role("button", name=re.compile("^Orders")).click()
    written = page.get_by_label("Write to everyone")
    expect(written).to_have_value("It comes in")
    expect(page.locator(".reply-to")).to_be_visible()
    written.fill("It comes in blue.")
    page.get_by_role("button", name=re.compile("^Questions")).click()
    expect(written).to_have_value("It comes in blue.")
    page.get_by_role("button", name="Send").click()
    expect(written).to_have_value("")
    (reply,) = [body for _, path, _, body in served.state.calls if path.endswith("/replies")]
    assert reply["text"] == "It comes in blue."
    assert reply["comment_id"]


@pytest.mark.requirement("R25")
def test_products_move_by_dragging_with_mouse_and_keyboard(page: Page, served: Served) -> None:
    open_desk(page, served)
    rows = page.locator(".cue")
    grip = page.get_by_role("button", name="Drag Linen overshirt, sand")
    target = rows.nth(3).bounding_box()
    start = grip.bounding_box()
    assert target and start
    page.mouse.move(start["x"] + 8, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(target["x"] + 80, target["y"] + target["height"] - 6, steps=12)
    page.mouse.move(target["x"] + 80, target["y"] + target["height"] - 4, steps=3)
    page.mouse.up()
    expect(page.locator(".bag-title").first).not_to_have_text("Linen overshirt, sand")
    assert titles(page).index("Linen overshirt, sand") in (2, 3, 4)


def test_a_link_that_nobody_knows_is_named(page: Page, served: Served) -> None:
    unknown = {"code": "PRODUCT_NOT_FOUND", "metadata": {"reference": "https://a.example/2"}}
    open_desk(page, served)
    page.get_by_role("button", name="Add products").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Links").click()
    dialog.get_by_label("Product links, one per line").fill("https://a.example/1\nhttps://a.example/2")
    page.route("**/bag", lambda route: route.fulfill(status=404, json=unknown))
    dialog.get_by_role("button", name="Add 2").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Nobody sells https://a.example/2 here")


@pytest.mark.requirement("R18", "R21", "R85", "R89")
def test_the_stream_shows_each_kind_alone_or_all_together(page: Page, served: Served) -> None:
    open_desk(page, served)
    side = stream(page)
    for kind, mark in KINDS:
        expect(side.get_by_role("button", name=re.compile(f"^{kind} [0-9]"))).to_be_visible()
        stream(page, kind)
        expect(side.locator(mark).first).to_be_visible()
        expect(side.locator(".comment, .feed-line, .order").and_(side.locator(f":not({mark})"))).to_have_count(0)
    stream(page, "Questions")
    expect(side.locator(".comment").filter(has=page.locator(".comment-product")).first).to_be_visible()
    before = sum(served.state.kind("order"))
    stream(page, "Orders")
    expect(side.locator(".order")).to_have_count(before)
    served.state.happen(7)
    expect(side.locator(".order")).to_have_count(before + 1)
    stream(page)
    expect(side.locator("[data-position]").first).to_have_attribute("data-position", str(served.state.position))


@pytest.mark.requirement("R18", "R86")
def test_suggestions_come_anew_when_the_board_moves(page: Page, served: Served) -> None:
    page.clock.install()
    open_desk(page, served)
    side = attention(page, "Suggestions")
    first = side.locator(".suggestion").first
    for part in ("GMV fell after Linen overshirt", "Show it in use", "-25.0%", "Views"):
        expect(first).to_contain_text(part)
    served.state.suggestions = [shop.suggestion(3)]
    served.state.happen()
    page.clock.run_for(11_000)
    expect(first).to_contain_text("GMV fell after Wireless earbuds S3")
    served.state.suggestions = []
    page.goto(f"{served.url}live/{shop.LIVE}/board")
    page.clock.run_for(1_000)
    expect(page.get_by_role("region", name="Suggestions")).to_contain_text("Nothing to suggest right now.")
    served.state.suggestions = None
    page.reload()
    page.clock.run_for(1_000)
    expect(page.get_by_role("region", name="Suggestions")).to_contain_text("gives no suggestions")


def test_a_live_left_running_ends_at_its_last_sign_of_life(page: Page, served: Served) -> None:
    since = shop.stamp(datetime.now(UTC) - timedelta(minutes=25))
    served.state.sessions[shop.LIVE]["no_sign_of_life_since"] = since
    page.goto(f"{served.url}")
    expect(page.get_by_text("No sign of life since").first).to_be_visible()
    open_desk(page, served)
    expect(page.get_by_text("No sign of life since")).to_be_visible()
    page.get_by_role("button", name="End at").click()
    page.get_by_role("dialog").get_by_role("button", name="End at").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    (body,) = [body for _, path, _, body in served.state.calls if path.endswith("/end")]
    assert body == {"end_time": since}


def test_an_empty_catalogue_leads_to_the_products(page: Page, served: Served) -> None:
    served.state.catalogue = 0
    open_desk(page, served)
    page.get_by_role("button", name="Add products").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This shop has no products yet.")
    expect(dialog.get_by_role("button", name="Add", exact=True)).to_be_disabled()
    dialog.get_by_label("Search products").fill("lamp")
    expect(dialog).to_contain_text("No product matches.")
    dialog.get_by_label("Search products").fill("")
    dialog.get_by_role("tab", name="Sets").click()
    expect(dialog.get_by_role("link", name="Make a set")).to_be_visible()
    dialog.get_by_role("tab", name="Showcase").click()
    expect(dialog.get_by_role("link", name="Go to Products")).to_have_attribute("href", re.compile("/products$"))


@pytest.mark.requirement("R24", "R31", "R32", "R35")
def test_products_are_chosen_over_all_sources_by_keyboard(page: Page, served: Served) -> None:
    served.state.bag = served.state.bag[:2]
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    page.get_by_role("button", name="Add products").press("Enter")
    dialog = page.get_by_role("dialog", name="Add products")
    expect(dialog.get_by_role("option", name=re.compile("^Linen overshirt.*Bestseller.*In the bag"))).to_be_disabled()
    dialog.get_by_label("Search products").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(dialog.get_by_role("option", selected=True)).to_have_count(2)
    expect(dialog).to_contain_text("2 of 100 in the bag")
    dialog.get_by_role("tab", name="Showcase").focus()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("option", name=re.compile("^Autumn"))).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the set of six, of which two are in the bag and two are chosen
    expect(dialog.get_by_role("button", name="Add 4", exact=True)).to_be_enabled()
    dialog.get_by_role("tab", name="Links").click()
    dialog.get_by_label("Product links, one per line").fill(" ".join(f"https://a.example/{n}" for n in range(95)))
    expect(dialog.get_by_role("status")).to_contain_text("1 product too many")
    expect(dialog.get_by_role("button", name="Add 99", exact=True)).to_be_disabled()
    dialog.get_by_label("Product links, one per line").fill("https://a.example/1")
    refused = {"status": 404, "json": {"code": "PRODUCT_NOT_FOUND", "metadata": {"reference": "https://a.example/1"}}}

    def answer(route: Any) -> None:
        asked = route.request.post_data_json if route.request.method == "POST" else None
        route.fulfill(**refused) if asked and asked["source"] == "link" else route.fallback()

    page.route("**/bag", answer)
    dialog.get_by_role("button", name="Add 5", exact=True).press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("Nobody sells https://a.example/1 here")
    sources = [
        body["source"] for method, path, _, body in served.state.calls if method == "POST" and path.endswith("/bag")
    ]
    assert sources == ["showcase", "set"]
    expect(dialog.get_by_role("button", name="Add 1", exact=True)).to_be_enabled()  # the link alone is left


@pytest.mark.parametrize("width", [1440, 600])
def test_a_long_product_name_pushes_nothing_out_of_the_dialog(
    page: Page, served: Served, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(shop, "TITLES", tuple(f"{title} {'with a very long name ' * 6}" for title in shop.TITLES))
    page.set_viewport_size({"width": width, "height": 900})
    open_desk(page, served)
    page.get_by_role("button", name="Add products").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("option", name=re.compile("Desk lamp")).click()
    add = dialog.get_by_role("button", name="Add 1")
    edge = dialog.bounding_box()
    assert edge
    price = dialog.locator(".pick-end").first
    for part in (add, dialog.get_by_role("button", name="Close"), dialog.get_by_role("searchbox"), price):
        box = part.bounding_box()
        assert box
        assert edge["x"] <= box["x"] <= box["x"] + box["width"] <= edge["x"] + edge["width"]
    add.click()
    expect(dialog).to_be_hidden()


@pytest.mark.requirement("R77")
def test_a_replay_can_be_ended_where_it_stands(page: Page, served: Served) -> None:
    served.state.sessions[shop.LIVE]["source"] = "replay"
    open_desk(page, served)
    page.get_by_role("button", name="End LIVE").click()
    page.get_by_role("dialog").get_by_role("button", name="End LIVE").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    ended = [body for _, path, _, body in served.state.calls if path.endswith("/end")]
    assert len(ended) == 1
    assert ended[0]["end_time"] >= served.state.sessions[shop.LIVE]["start_time"]
