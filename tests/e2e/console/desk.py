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
