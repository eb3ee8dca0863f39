"""What every test shares: real servers as fixtures, and a record of which requirements the tests show."""

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright's synchronous API keeps an event loop running in the main thread.

    Workers take files in this order (`--no-loadscope-reorder` in the Makefile).
    """
    items.sort(key=lambda item: "tests/e2e/" in item.nodeid)
