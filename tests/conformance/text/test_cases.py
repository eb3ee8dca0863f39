"""One table of texts for every place that takes one: rule, gRPC checks, directory. The console reads it too."""

import json
from pathlib import Path
from typing import Any

import pytest

from showfloor.gateway.http.native import directory
from showfloor.kernel import text
from showfloor.kernel.refusal import Refusal
from showfloor.rpc import checks

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("cases.json").read_text())
NAMES = [case["name"] for case in CASES]


@pytest.fixture(params=CASES, ids=NAMES)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    return request.param


def test_the_rule_answers_as_the_table_says(case):
    check = text.lines if case["kind"] == "lines" else text.line
    if case["accepted"]:
        clean = check(case["value"], case["minimum"], case["maximum"])
        assert (clean, text.length(clean)) == (case["clean"], case["length"])
    else:
        with pytest.raises(text.BadText) as bad:
            check(case["value"], case["minimum"], case["maximum"])
        assert bad.value.problem and bad.value.mend


def test_the_api_answers_as_the_table_says(case):
    check = checks.text if case["kind"] == "lines" else checks.line
    outcome = _outcome(lambda: check("title", case["value"], case["minimum"], case["maximum"]))
    assert outcome == case.get("clean")


def test_names_in_the_directory_are_as_the_table_says(case):
    if case["kind"] == "line" and (case["minimum"], case["maximum"]) == (1, 120) and len(case["value"]) < 80:
        assert _outcome(lambda: directory.line(case["value"])) == case.get("clean")


def _outcome(check) -> str | None:
    try:
        return check()
    except Refusal as refusal:
        assert refusal.metadata["field"] in ("title", "name")
        return None
