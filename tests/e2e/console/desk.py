"""The way to the desk of a session."""

import shop
from backend import Served
from playwright.sync_api import Page, expect


def open_desk(page: Page, served: Served, session_id: str = shop.LIVE) -> None:
    """Show the desk, once its bag is there."""
    page.goto(f"{served.url}live/{session_id}/air")
    expect(page.get_by_role("grid", name="Shopping bag")).to_be_visible()
