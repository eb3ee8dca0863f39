"""What every test shares: real servers as fixtures, and a record of which requirements were proven."""

import json
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

# No timed assertion anywhere: a busy machine is not a defect.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

pytest_plugins = [
    name
    for name in ("showfloor.testing.postgres", "showfloor.testing.nats", "showfloor.testing.browser")
    if find_spec(name)
]

RECORD = Path(__file__).parents[1] / "test-results" / "requirements.json"
_outcomes: dict[str, dict[str, str]] = defaultdict(dict)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright's synchronous API keeps an event loop running in the main thread.

    Workers take files in this order (`--no-loadscope-reorder` in the Makefile).
    """
    items.sort(key=lambda item: "tests/e2e/" in item.nodeid)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = (yield).get_result()
    if report.when != "call" and report.passed:
        return
    # The report goes to the process that writes the record, also when a worker ran the test.
    proves = [requirement for mark in item.iter_markers("requirement") for requirement in mark.args]
    report.user_properties.append(("requirements", proves))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note the outcome for each requirement that the test proves."""
    for name, value in report.user_properties:
        if name == "requirements":
            for requirement in value:
                _outcomes[requirement][report.nodeid] = report.outcome


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what this run says of each requirement; `make requirements` reads it."""
    if session.config.option.collectonly or hasattr(session.config, "workerinput") or not _outcomes:
        return
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps(_outcomes, indent=1, sort_keys=True))
