"""The way to the desk of a session."""

import shop
from backend import Served
from playwright.sync_api import Page, expect


def open_desk(page: Page, served: Served, session_id: str = shop.LIVE) -> None:
    """Show the control room, once its bag is there; a phone shows it when it is asked for."""
    page.goto(f"{served.url}live/{session_id}/air")
    if page.viewport_size and page.viewport_size["width"] <= 700:
        page.get_by_role("button", name="Products", exact=True).click()
    expect(page.get_by_role("grid", name="Shopping bag")).to_be_visible()
    if session_id == shop.LIVE:
        lines_drag(page)


def lines_drag(page: Page) -> None:
    """Wait until products can be dragged: that is loaded later, and the list is drawn anew with it."""
    expect(page.locator(".cue:not([data-allows-dragging])")).to_have_count(0)
