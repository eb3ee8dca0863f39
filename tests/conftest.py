"""What every test shares: real servers as fixtures, and a record of which requirements the tests show."""

import os
from importlib.util import find_spec

import pytest
from hypothesis import settings

# No timed assertion anywhere: a busy machine is not a defect.
settings.register_profile("project", deadline=None)
settings.load_profile("project")

pytest_plugins = [
    name
    for name in (
        "showfloor.testing.postgres",
        "showfloor.testing.nats",
        "showfloor.testing.service",
        "showfloor.testing.browser",
        "showfloor.testing.requirements",
    )
    if find_spec(name)
]


# The longest first: a worker that gets one of them last would end the run alone, for minutes.
LONG = (
    "tests/chaos/test_rounds.py",
    "tests/acceptance/test_erasure.py",
    "tests/integration/cli/test_hosting.py",
    "tests/integration/gateway/test_kinds_of_ids.py",
    "tests/acceptance/test_backup.py",
    "tests/integration/gateway/test_paths.py",
    "tests/contract/gateway/test_schemathesis.py",
    "tests/acceptance/test_real_data.py",
    "tests/integration/session/test_process.py",
    "tests/integration/gateway_access/test_oidc.py",
    "tests/acceptance/security/test_every_route.py",
    "tests/acceptance/test_command_line.py",
    "tests/integration/gateway/test_raw.py",
    "tests/integration/gateway/test_public_events.py",
    "tests/integration/cli/test_ownership.py",
    "tests/e2e/console/test_real_desk.py",
    "tests/e2e/console/test_access.py",
    "tests/e2e/console/test_board.py",
    "tests/e2e/console/test_feed.py",
    "tests/e2e/console/test_desk.py",
    "tests/e2e/console/test_watch.py",
    "tests/e2e/console/test_together.py",
    "tests/e2e/console/test_real_evening.py",
    "tests/e2e/console/test_event_evening.py",
)
FIRST = ("tests/chaos/", "tests/acceptance/")  # those that share a running system stand together, so that it can end
LAST = "tests/e2e/"
# A browser and a running system beside three others: one second try each. It is printed, and is a defect to be mended.
TRIED_AGAIN = ("tests/e2e/", "tests/acceptance/")
FOR_EACH_CORE = 2  # workers: many tests wait for processes that start, recover or end


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """How many `-n auto` means, unless the environment says it; `--maxprocesses` bounds it."""
    named = os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS")
    return None if named else FOR_EACH_CORE * (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright's synchronous API keeps an event loop running in the main thread.

    Workers take files in this order (`--no-loadscope-reorder` in the Makefile).
    """

    def place(item: pytest.Item) -> tuple[int, int]:
        file = item.nodeid.partition("::")[0]
        stage = 0 if file.startswith(FIRST) else 2 if file.startswith(LAST) else 1
        return stage, LONG.index(file) if file in LONG else len(LONG)

    items.sort(key=place)
    for item in items:
        if item.nodeid.startswith(TRIED_AGAIN):
            item.add_marker(pytest.mark.flaky(reruns=1))
