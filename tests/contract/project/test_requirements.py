"""docs/requirements.md calls proven only what a test against the running system shows, and its list is sound."""

import csv
import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TOOL = runpy.run_path(str(ROOT / "tools/requirements.py"))
status, render = TOOL["status"], TOOL["render"]


def ran_as(*pairs: str) -> dict[str, dict[str, str]]:
    """Make tests of pairs such as "system passed"."""
    return {
        f"tests/test_{n}.py::test": dict(zip(("against", "outcome"), pair.split(), strict=True))
        for n, pair in enumerate(pairs)
    }


@pytest.mark.parametrize(
    ("ran", "missing", "wanted"),
    [
        ((), "", "missing"),
        ((), "giveaways", "missing"),
        (("system skipped",), "", "missing"),
        (("parts passed", "system skipped"), "", "partial"),
        (("parts passed",), "", "partial"),
        (("stub passed",), "", "partial"),
        (("system passed",), "", "proven"),
        (("system passed", "parts passed", "stub passed", "parts skipped"), "", "proven"),
        (("system passed",), "giveaways", "partial"),
        (("system passed", "parts failed"), "", "failing"),
        (("system failed",), "giveaways", "failing"),
    ],
)
def test_what_a_requirement_is_called(ran: tuple[str, ...], missing: str, wanted: str) -> None:
    assert status(ran_as(*ran), missing)[0] == wanted


def test_a_partial_one_says_what_is_missing() -> None:
    assert status(ran_as("system passed"), "There are no giveaways.")[1] == "There are no giveaways."
    assert status(ran_as("parts passed", "stub passed"), "")[1].startswith("proven by rules only")
    assert status(ran_as("stub passed"), "")[1].startswith("shown on a stand-in only")
    assert status(ran_as("system passed"), "")[1] == ""


def test_the_page_counts_states_and_names_proving_tests_first() -> None:
    rows = [{"id": f"R{n}", "section": "A", "text": "a | b", "missing": "c | d" if n == 2 else ""} for n in range(1, 5)]
    record = {
        "R1": ran_as("stub passed", "parts passed", "parts passed", "system passed"),
        "R2": ran_as("system passed"),
        "R3": ran_as("system failed"),
    }
    page = render(rows, record)
    assert "**1 proven, 1 partial, 1 failing, 1 missing** of 4." in page
    assert (
        r"| R1 | a \| b | proven | `tests/test_3.py`<br>`tests/test_0.py`<br>`tests/test_1.py`<br>and 1 more |" in page
    )
    assert r"| R2 | a \| b | partial: c \| d | `tests/test_0.py` |" in page
    assert r"| R4 | a \| b | missing |  |" in page


def test_a_requirement_that_a_test_names_stands_in_the_list() -> None:
    with (ROOT / "docs/requirements.tsv").open(newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    listed = [row[0] for row in rows[1:]]
    assert rows[0] == ["id", "section", "text", "missing"]
    assert len(set(listed)) == len(listed)
    assert all(len(row) in (3, 4) for row in rows)
    marks = re.compile(r"mark\.requirement\(([^)]*)\)")
    named = {
        one
        for file in (ROOT / "tests").rglob("test_*.py")
        for mark in marks.findall(file.read_text())
        for one in re.findall(r'"([^"]+)"', mark)
    }
    assert named - set(listed) == set()
