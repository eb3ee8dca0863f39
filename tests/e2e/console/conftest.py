"""Browser tests of the console: the built files, a Chromium, the running system, and a stand-in for what that cannot be
brought into."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from showfloor.testing.browser import flags
from showfloor.testing.system import Rest, System

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "services/gateway/console"
STATIC = ROOT / "services/gateway/src/showfloor/gateway/console/static"
NETWORK_FLAGS = ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
CAMERA_FLAGS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]

sys.path.insert(0, str(Path(__file__).parent))
from backend import Served  # noqa: E402 - a neighbour, found only now
from people import People  # noqa: E402

PATIENCE_MS = 30_000  # a guard, no measure
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def built() -> Path:
    """The built console; builds it when it has not been."""
    if not (STATIC / "index.html").exists():
        if shutil.which("npm") is None:
            pytest.skip("the console is not built and there is no npm to build it")
        for words in (["npm", "ci"], ["npm", "run", "build"]):
            subprocess.run(words, cwd=SOURCES, check=True, timeout=300, stdin=subprocess.DEVNULL)
    return STATIC


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """One Chromium for all tests; each test has a context of its own."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=str(chromium), args=[*flags(), *NETWORK_FLAGS, *CAMERA_FLAGS]
        )
        yield found
        found.close()


@pytest.fixture
def served(built: Path) -> Iterator[Served]:
    """A fresh server with the console."""
    server = Served(built)
    yield server
    server.close()


@pytest.fixture
def profiles(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a fresh profile. An error in the console's own code fails the test, and so does what the security policy
    refuses, in every window."""
    opened: list[BrowserContext] = []
    wrong: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            wrong.append(message.text)

    def profile(**more: Any) -> BrowserContext:
        usual = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "timezone_id": "Europe/Berlin"}
        context = browser.new_context(**{**usual, **more})
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("console", heard)
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context

    yield profile
    for context in opened:
        context.close()
    assert wrong == []


@pytest.fixture
def page(profiles: Callable[..., BrowserContext]) -> Page:
    """A page of a fresh profile."""
    return profiles().new_page()


@pytest.fixture(scope="session")
def system(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Showfloor with every service, and no demo. Each test brings its own shop and account."""
    system = System(tmp_path_factory.mktemp("console") / "data")
    try:
        system.up()
        yield system
    finally:
        system.end()


@pytest.fixture(scope="session")
def api(system: System) -> Rest:
    """The API, used by the system's own user."""
    return Rest(system.url, system.token())


@pytest.fixture(scope="session")
def owner(browser: Browser, system: System) -> Any:
    """The cookies of the system's own user."""
    context = browser.new_context()
    page = context.new_page()
    page.goto("".join(system.cli("token").stdout.split()))
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def people(profiles: Callable[..., BrowserContext], system: System, api: Rest, owner: Any) -> People:
    """Whoever works at the running system."""
    return People(profiles, system, api, owner)
