"""Pictures of every screen, light and dark, from a running Showfloor, into docs/screenshots.

    python tests/e2e/screenshots.py          asks `showfloor token` for a sign-in link
    python tests/e2e/screenshots.py LINK     uses this one-time link

Wants one LIVE on air (`showfloor replay --demo` makes one) and one that has ended; a screen without its session is
left out, and said so.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from showfloor.testing.browser import find_chromium, flags

TARGET = Path(__file__).parents[2] / "docs/screenshots"
SETTLE_MS = 1_500  # charts and the first frames of the stream
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True)
class Screen:
    """One picture: its name, its route, the size of its window, and the role and name of what shows it is there."""

    name: str
    route: str
    height: int
    ready: str
    width: int = 1440


def main(words: list[str]) -> int:
    """Take all pictures. Returns the exit code."""
    program, reason = find_chromium()
    if program is None:
        _say(f"no pictures: {reason}")
        return 1
    link = words[0] if words else _new_link()
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=flags())
        kept = _signed_in(browser, link)
        for scheme in SCHEMES:
            _take_all(browser, _root(link), kept, scheme)
        browser.close()
    return 0


def _new_link() -> str:
    done = subprocess.run(
        [sys.executable, "-m", "showfloor.cli", "token"], capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode != 0:
        raise SystemExit(f"no sign-in link: is Showfloor running? Start it with `make up`.\n{done.stderr}")
    return "".join(done.stdout.split())


def _root(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}/"


def _signed_in(browser: Browser, link: str) -> Any:
    """Use the link, which works once, and return the cookies for every later window."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", name="Home")).to_be_visible(timeout=15_000)
    kept = context.storage_state()
    context.close()
    return kept


def _take_all(browser: Browser, root: str, kept: Any, scheme: Literal["light", "dark"]) -> None:
    visitor = browser.new_context(color_scheme=scheme, locale="en-GB")
    host = browser.new_context(color_scheme=scheme, locale="en-GB", storage_state=kept)
    _take(visitor, root, Screen("sign-in", "sign-in", 900, "Sign in"), scheme)
    for screen in _screens(host, root):
        context = visitor if screen.name.startswith("watch") else host
        _take(context, root, screen, scheme)
    visitor.close()
    host.close()


def _screens(host: BrowserContext, root: str) -> Iterator[Screen]:
    rows = host.request.get(f"{root}v1/sessions?page_size=50").json().get("sessions", [])
    sessions = [row["session"] for row in rows]
    running = next((one["session_id"] for one in sessions if one["state"] == "live"), None)
    over = [one for one in sessions if one["state"] == "ended" and one["source"] != "import"]
    ended = next(iter(sorted(over, key=lambda one: one["source"] != "replay")), None)  # one with much to show
    yield Screen("home", "", 900, "Home")
    yield Screen("sessions", "live", 900, "LIVE sessions")
    yield Screen("analytics", "analytics/sessions", 900, "All LIVE videos")
    yield Screen("watch-list", "watch", 900, "LIVE now")
    if running:
        yield Screen("session", f"live/{running}/air", 900, "Stream")
        yield Screen("session-tablet", f"live/{running}/air", 768, "Stream", 1024)
        yield Screen("session-upright", f"live/{running}/air", 1180, "Stream", 820)
        yield Screen("board", f"live/{running}/board", 2400, "Timeline")
        yield Screen("watch", f"watch/{running}", 900, "In this LIVE")
    else:
        _say("no LIVE is on air: session, board and watch are left out")
    if ended:
        yield Screen("session-past", f"live/{ended['session_id']}/air", 900, "Recap")
        yield Screen("details", f"live/{ended['session_id']}/review", 1200, ended["title"])
        yield Screen("recap", f"live/{ended['session_id']}/board", 2600, "Timeline")
    else:
        _say("no LIVE has ended: details and recap are left out")


def _take(context: BrowserContext, root: str, screen: Screen, scheme: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": screen.width, "height": screen.height})
    page.goto(f"{root}{screen.route}")
    shows = page.get_by_role("button" if screen.name == "sign-in" else "heading", name=screen.ready)
    expect(shows.first).to_be_visible(timeout=15_000)
    if screen.name == "watch":
        _join(page)
    page.wait_for_timeout(SETTLE_MS)
    file = TARGET / f"{screen.name}-{scheme}.png"
    page.screenshot(path=file)
    page.close()
    _say(f"docs/screenshots/{file.name}")


def _join(page: Page) -> None:
    page.get_by_label("Your name (optional)").fill("Mira")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("list", name="Chat")).to_be_visible()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
