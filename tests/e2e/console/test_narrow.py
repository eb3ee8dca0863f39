"""Little room, large letters, long prices: what a person needs stays in sight and can be reached."""

import pytest
import shop
from backend import Served
from playwright.sync_api import Locator, Page, expect

Box = tuple[float, float, float, float]


def box(of: Locator) -> Box:
    """Return left, top, right and bottom."""
    found = of.bounding_box()
    assert found
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


def holds(outer: Box, inner: Box) -> bool:
    return (
        outer[0] - 1 <= inner[0] and outer[1] - 1 <= inner[1] and inner[2] <= outer[2] + 1 and inner[3] <= outer[3] + 1
    )


def apart(one: Box, other: Box) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def whole(of: Locator) -> bool:
    """Tell whether nothing of a text is cut off."""
    return bool(
        of.evaluate("one => one.scrollWidth <= one.clientWidth + 1 || getComputedStyle(one).display === 'inline'")
    )


@pytest.fixture
def dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every product costs a price with six characters and pays a commission."""
    cheap = shop.product
    monkeypatch.setattr(
        shop,
        "product",
        lambda number: cheap(number) | {"price": {"minor": 10_050, "currency": "EUR"}, "commission_bps": 1250},
    )


@pytest.mark.usefixtures("dear")
@pytest.mark.parametrize("width", [1440, 820])
def test_price_and_commission_are_in_sight_on_air(page: Page, served: Served, width: int) -> None:
    for item in served.state.bag:
        item["product"] = shop.product(item["number"])
    page.set_viewport_size({"width": width, "height": 1180})
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    row = page.locator(".cue").first
    expect(row.get_by_text("12.5% comm.")).to_be_visible()
    facts = row.locator(".cue-facts")
    for text in ("€100.50", "12.5% comm."):
        assert holds(box(facts), box(facts.get_by_text(text)))
        assert apart(box(facts.get_by_text(text)), box(row.locator(".cue-actions")))
    assert holds(box(row), box(row.get_by_role("button", name="Pin Linen overshirt, sand")))


def test_large_letters_leave_the_name_of_who_comments_whole(page: Page, served: Served) -> None:
    for one in served.state.activities:
        one["viewer_name"] = "Mariana Souza"
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    comments = page.get_by_role("region", name="What happens").locator(".comment")
    about = comments.filter(has=page.locator(".comment-product")).first
    larger = page.get_by_role("region", name="Stream").get_by_role("button", name="Larger text")
    expect(about).to_be_visible()
    for _ in range(6):
        assert whole(about.locator("strong"))
        if larger.is_enabled():
            larger.click()


def test_what_can_be_done_with_a_comment_covers_none_of_its_text(page: Page, served: Served) -> None:
    for one in served.state.activities:
        one["summary"] = one["summary"] + " and how long is it, please, for somebody as tall as my brother is by now?"
    page.goto(f"{served.url}live/{shop.LIVE}/air")
    comment = page.get_by_role("region", name="What happens").locator(".comment").nth(1)
    comment.hover()
    actions = comment.locator(".comment-actions")
    expect(actions).to_have_css("opacity", "1")
    assert apart(box(actions), box(comment.locator(".comment-text")))


def test_a_tablet_reaches_the_board_of_every_session_in_the_list(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 820, "height": 900})
    page.goto(f"{served.url}live")
    frame = page.locator(".table-frame")
    board = page.get_by_role("button", name="Open the board of Autumn drop: home & audio")
    expect(board).to_be_visible()
    units = page.get_by_role("columnheader", name="Units sold")
    assert holds(box(frame), box(board))
    assert not holds(box(frame), box(units))
    frame.evaluate("one => one.scrollTo(one.scrollWidth, 0)")
    assert holds(box(frame), box(units))
    assert holds(box(frame), box(board))
    assert apart(box(units), box(board))
    with page.context.expect_page():
        board.click()
