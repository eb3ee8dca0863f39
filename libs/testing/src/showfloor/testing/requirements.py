"""Records which requirements the tests name, how each test ended and what it ran against. A pytest plugin.

A test names what it shows with `@pytest.mark.requirement("R32")`. What it ran against is read from its fixtures:
the running system when one of them is a `System`; a stand-in when one says so of itself (`stands_in = True`); else
parts, which is what unit, property and integration tests have.

Only a run of every test writes `test-results/requirements.json`: what some tests say would pass for what all say.
`tools/requirements.py` reads it.
"""

import json
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from showfloor.testing.system import System

RECORD = Path("test-results/requirements.json")
# Options that leave tests out, or end a run before the last one.
CHOOSING = (
    "keyword",
    "markexpr",
    "deselect",
    "ignore",
    "ignore_glob",
    "lf",
    "stepwise",
    "maxfail",
    "collectonly",
    "setuponly",
    "setupplan",
)


def pytest_configure(config: pytest.Config) -> None:
    """Start a record, in the process that gets every report: a worker's reports go to the one that started it."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(config), "requirements-recorder")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put what the test names and ran against into its report, where the outcome is."""
    report = yield
    named = [one for mark in item.iter_markers("requirement") for one in mark.args]
    if named and (report.when == "call" or not report.passed):
        report.user_properties += [("requirements", named), ("against", against(item))]
    return report


def against(item: pytest.Item) -> str:
    """Return "system", "stub" or "parts": what the fixtures of a test gave it."""
    given = list(getattr(item, "funcargs", {}).values())
    if any(isinstance(one, System) for one in given):
        return "system"
    return "stub" if any(getattr(type(one), "stands_in", False) is True for one in given) else "parts"


def asks_for_all(config: pytest.Config) -> bool:
    """Tell whether this run is asked for every test: it names no file, chooses none and stops for none."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return whole and not any(config.getoption(name, default=None) for name in CHOOSING)


class Recorder:
    """What one run says of each requirement."""

    def __init__(self, config: pytest.Config) -> None:
        self.path = config.rootpath / RECORD
        self.full = asks_for_all(config)
        self.tests: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note an outcome. The last report of a test counts: cleaning up can fail, too."""
        properties: dict[str, Any] = dict(report.user_properties)
        for requirement in properties.get("requirements", ()):
            self.tests[requirement][report.nodeid] = {"outcome": report.outcome, "against": properties["against"]}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Tests of a file that could not be read are missing from the run."""
        self.full = self.full and not report.failed

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object, error: object) -> None:
        """A worker that died took the reports of its last test along."""
        self.full = self.full and not error

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write the record of a full run that came to its end."""
        if self.full and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self.path.parent.mkdir(exist_ok=True)
            self.path.write_text(json.dumps(self.tests, indent=1, sort_keys=True))
