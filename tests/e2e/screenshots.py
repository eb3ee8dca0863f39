"""Pictures of every screen into docs/screenshots: wide and light, and as a phone at night.

    python tests/e2e/screenshots.py          starts a Showfloor of its own with a simulated, lively shop
    python tests/e2e/screenshots.py LINK     uses the running one, by this one-time link

Of a running one it wants a LIVE on air, one that has ended and one that is prepared; a screen without its session is
left out, and said so. Never take pictures of real data.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from showfloor.testing.browser import find_chromium, flags
from showfloor.testing.hosts import Host, falling
from showfloor.testing.ports import free_port
from showfloor.testing.system import Rest, System, soon

sys.path.insert(0, str(Path(__file__).parent / "console"))
from visits import VISITS

TARGET = Path(__file__).parents[2] / "docs/screenshots"
SETTLE_MS = 1_500  # charts and the first frames of the stream
LIVELY = 20  # events that the replayed LIVE has shown before its picture is taken
PATIENCE_MS = 30_000


@dataclass(frozen=True)
class Look:
    """A window, and the colours of its page."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]


LOOKS = (Look("light", 1440, 900, "light"), Look("phone", 390, 844, "dark"))


def main(words: list[str]) -> int:
    """Take all pictures. Returns the exit code."""
    program, reason = find_chromium()
    if program is None:
        _say(f"no pictures: {reason}")
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    with _link(words) as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=flags())
        root, kept = _root(link), _signed_in(browser, link)
        known = _sessions(browser, root, kept)
        for look in LOOKS:
            _take_all(browser, root, kept, known, look)
        browser.close()
    return 0


@contextmanager
def _link(words: list[str]) -> Iterator[str]:
    """Give a one-time sign-in link to a running Showfloor, or to one that is started for the pictures."""
    if words:
        yield words[0]
        return
    with tempfile.TemporaryDirectory(prefix="showfloor-pictures-") as folder:
        system = System(Path(folder) / "data")
        try:
            system.cli("up", "--detach", "--port", free_port())
            _enliven(Rest(system.url, system.token()), Rest(system.url, system.folder.operator_key.read_text().strip()))
            yield "".join(system.cli("token").stdout.split())
        finally:
            system.end()


def _enliven(api: Rest, operator: Rest) -> None:
    """Bring in a LIVE that has ended and one that is prepared, beside the simulated one that the demo replays, and an
    agency."""
    host = Host(api)
    falling(host).post("end", {})
    host.open("Autumn teas, second evening").fill(host.products(6, "Teapot"))
    _plan(api, host)
    me = api.get("/me")["user"]["user_id"]
    agency = operator.post("/partners", {"name": "Northern Agency", "owner_user_id": me})["partner_id"]
    offer = api.post(f"/partners/{agency}/shops", {"shop_id": host.shop})["binding_id"]
    api.post(f"/bindings/{offer}/accept", {})
    running = soon(lambda: api.get("/sessions", states=["live"])["sessions"], within=120)[0]["session"]["session_id"]
    soon(lambda: api.get(f"/sessions/{running}/activity")["activities"], lambda seen: len(seen) >= LIVELY, within=180)


def _plan(api: Rest, host: Host) -> None:
    """Plan some evenings of the next days, so that the calendar has something to show."""
    about = "Six teas from the spring harvest, brewed side by side. Bring your questions."
    for title, days, hour in (("Spring teas", 1, 19), ("Teapots up close", 3, 20), ("Sunday tasting", 5, 11)):
        day = (datetime.now(UTC) + timedelta(days=days)).date()
        time = {"local_start": f"{day}T{hour}:00", "time_zone": "Europe/Berlin", "duration_minutes": 90}
        api.post("/events", {"account_id": host.account, "title": title, "description": about, "time": time})


def _root(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}/"


def _signed_in(browser: Browser, link: str) -> Any:
    """Use the link, which works once, and return the cookies for every later window."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", name="Home")).to_be_visible(timeout=PATIENCE_MS)
    kept = context.storage_state()
    context.close()
    return kept


def _sessions(browser: Browser, root: str, kept: Any) -> dict[str, str]:
    """Return the newest session of each state; of those that have ended none of which only totals are known; and an
    agency."""
    context = browser.new_context(storage_state=kept)
    rows = context.request.get(f"{root}v1/sessions?page_size=50").json().get("sessions", [])
    planned = context.request.get(f"{root}v1/events?page_size=1").json().get("events", [])
    partners = context.request.get(f"{root}v1/partners").json().get("partners", [])
    context.close()
    known: dict[str, str] = {"agency": partners[0]["partner_id"]} if partners else {}
    known |= {"event": planned[0]["event_id"]} if planned else {}
    for row in rows:
        if row["session"]["source"] != "import":
            known.setdefault(row["session"]["state"], row["session"]["session_id"])
    return known


def _take_all(browser: Browser, root: str, kept: Any, known: dict[str, str], look: Look) -> None:
    window: Any = {
        "color_scheme": look.scheme,
        "locale": "en-GB",
        "viewport": {"width": look.width, "height": look.height},
    }
    visitor, host = browser.new_context(**window), browser.new_context(**window, storage_state=kept)
    for visit in VISITS:
        if visit.session and visit.session not in known:
            _say(f"{visit.name} is left out: no LIVE is {visit.session}")
            continue
        if visit.agency and "agency" not in known:
            _say(f"{visit.name} is left out: there is no agency")
            continue
        path = visit.path(known.get(visit.session or "", ""), known.get("agency", ""))
        _picture(host if visit.signed_in else visitor, root + path, f"{visit.name}-{look.name}")
    if event := known.get("event"):
        _picture(host, f"{root}live/calendar?event={event}", f"event-{look.name}")
        _picture(visitor, f"{root}e/{event}", f"event-page-{look.name}")
    visitor.close()
    host.close()


def _picture(context: BrowserContext, address: str, name: str) -> None:
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("heading").first).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_timeout(SETTLE_MS)
    file = TARGET / f"{name}.png"
    page.screenshot(path=file)
    _say(f"docs/screenshots/{file.name}")
    page.close()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
