"""Browser tests of the console: the built files, a Chromium, and a server that the test can put into any state."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from showfloor.testing.browser import flags

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "services/gateway/console"
STATIC = ROOT / "services/gateway/src/showfloor/gateway/console/static"
NETWORK_FLAGS = ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
CAMERA_FLAGS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]

sys.path.insert(0, str(Path(__file__).parent))
from backend import Served  # noqa: E402 - a neighbour, found only now


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
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", **more)
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("console", heard)
        context.set_default_timeout(8_000)
        opened.append(context)
        return context

    yield profile
    for context in opened:
        context.close()
    assert wrong == []


@pytest.fixture
def page(profiles: Callable[..., BrowserContext]) -> Page:
    """A page of a fresh profile."""
    return profiles(timezone_id="Europe/Berlin").new_page()
