"""One running system for all acceptance tests; each test brings its own shop and account.

It ends with the last of them: one that nobody uses still takes a share of the machine from the tests that follow.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from showfloor.testing.hosts import Host, readings
from showfloor.testing.system import Rest, System

DATA = Path(__file__).parents[2].parent / "shared/data"
SPANS = "spans.jsonl"
# A LIVE task that takes no half an hour: whoever runs Showfloor may define their own.
TASKS = """
[[task]]
key = "twice"
title = "Twice"
period = "month"
goal = 2
minutes = 0
reward = "A cup of tea"
"""


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Showfloor, started with `showfloor up` in a folder of its own."""
    folder = tmp_path_factory.mktemp("showfloor")
    (folder / "tasks.toml").write_text(TASKS, encoding="utf-8")
    told = {"SHOWFLOOR_SPAN_FILE": str(folder / SPANS), "SHOWFLOOR_HOME_CONTENT": str(folder)}
    system = System(folder / "data", told)
    try:
        system.up()
        sys.stdout.write(f"ready in {system.folder.state()['seconds_to_ready']} s" + "\n")
        yield system
    finally:
        system.end()


@pytest.fixture(scope="package")
def spans(system: System) -> Path:
    """The file that gets every span of every process."""
    return system.folder.root.parent / SPANS


@pytest.fixture(scope="package")
def token(system: System) -> str:
    """A bearer token of the system's own user."""
    return system.token()


@pytest.fixture(scope="package")
def api(system: System, token: str) -> Rest:
    """The API, used by the system's own user."""
    return Rest(system.url, token)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real sessions, chats and products."""
    if not (DATA / "live_sessions.csv").exists():
        pytest.skip(f"the real data is not here: {DATA}")
    return DATA


@pytest.fixture
def host(api: Rest) -> Host:
    """A host with a new shop and account."""
    return Host(api)


@pytest.fixture(scope="package")
def new_host(api: Rest) -> Callable[..., Host]:
    """Makes more hosts."""
    return lambda **more: Host(api, **more)


@pytest.fixture(scope="session")
def host_of() -> Callable[[System], Host]:
    """Makes a host of another system."""
    return lambda other: Host(Rest(other.url, other.token()))


@pytest.fixture(scope="session")
def known() -> Callable[[list[dict[str, Any]]], dict[str, float]]:
    """Turns readings into values by metric."""
    return readings
