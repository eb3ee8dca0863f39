"""A Chromium for browser tests, wherever one can be had; else those tests are skipped and the run says so.

As a pytest plugin it offers the fixture `chromium` (the program's path) and closes a run that skipped with the
reason.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
INSTALL_SECONDS = 300
FLAGS = ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")

_skipped: list[str] = []


def flags() -> list[str]:
    """Return the command line flags for a headless run here. Root has no sandbox of its own to use."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)


@cache
def find_chromium() -> tuple[Path | None, str]:
    """Return the program and "", or None and why there is none. May install one; asked once per process.

    Tried in order: PATH, Debian's package (as root on a machine with apt-get), Playwright's own download. Processes
    that run tests side by side take turns: the second one finds what the first has installed.
    """
    with (Path(tempfile.gettempdir()) / "showfloor-browser.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _find()


def _find() -> tuple[Path | None, str]:
    if found := _on_path():
        return found, ""
    reasons = ["no Chromium on PATH"]
    for attempt in (_from_debian, _from_playwright):
        found, reason = attempt()
        if found:
            return found, ""
        reasons.append(reason)
    return None, "; ".join(reasons)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The path of a Chromium; skips the test when none can be had."""
    program, reason = find_chromium()
    if program is None:
        _skipped.append(reason)
        pytest.skip(f"no browser: {reason}")
    return program


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end of the run that browser tests were skipped, and why."""
    if _skipped:
        terminalreporter.write_line(f"browser tests were skipped: {_skipped[0]}", yellow=True)


def _on_path() -> Path | None:
    return next((Path(found) for name in NAMES if (found := shutil.which(name))), None)


def _from_debian() -> tuple[Path | None, str]:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None, "not root on Debian"
    for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        reason = _run(["apt-get", "-q", *words], {"DEBIAN_FRONTEND": "noninteractive"})
        if reason:
            return None, f"apt-get {words[0]}: {reason}"
    return _on_path(), "apt-get installed no chromium"


def _from_playwright() -> tuple[Path | None, str]:
    reason = _run([sys.executable, "-m", "playwright", "install", "chromium"], {})
    if reason:
        return None, f"playwright install: {reason}"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = Path(playwright.chromium.executable_path)
    return (program, "") if program.exists() else (None, "playwright installed no chromium")


def _run(words: list[str], env: dict[str, str]) -> str:
    """Run a program; return "" when it went well, else the last line it wrote."""
    try:
        done = subprocess.run(
            words,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = (done.stderr or done.stdout).strip().splitlines()
    return "" if done.returncode == 0 else (lines[-1] if lines else f"exit code {done.returncode}")
