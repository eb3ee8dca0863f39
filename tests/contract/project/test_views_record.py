"""Whoever changes the code of a view or of a snapshot raises its version, or says that no row differs."""

import importlib.util
import runpy
from pathlib import Path
from typing import Any

import pytest

from showfloor.session.activity.views import orders
from showfloor.session.analytics.views import facts

ROOT = Path(__file__).parents[3]
TOOL = runpy.run_path(str(ROOT / "tools/views.py"))

MODULE = """
from showfloor.eventstore.statements import Statement
import re
from functools import lru_cache

LIMIT = {limit}
WORD = re.compile("{word}")

{comment}
class Line:
    @property
    def cut(self):
        return {cut}

@lru_cache
def kept(line):
    return WORD.sub("{sign}", line)

def helper(page):
    {doc}
    return [kept(line) for line in page if len(line) < LIMIT]

def evolve(page: "list[Line]"):
    made = lambda line: Line().cut
    return [Statement("INSERT", rows=[made(one) for one in helper(page)])]
"""


def digest(folder: Path, **parts: Any) -> str:
    text = MODULE.format(**{"limit": 3, "cut": 1, "comment": "", "doc": "", "word": "a", "sign": "b", **parts})
    file = folder / f"made_{len(list(folder.iterdir()))}.py"
    file.write_text(text)
    spec = importlib.util.spec_from_file_location("showfloor.made", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(TOOL["code_of"](module.evolve))


def test_the_record_is_what_the_code_says() -> None:
    assert TOOL["record"]([]) == ((ROOT / TOOL["FILE"]).read_text(), [])


def test_words_and_layout_are_no_code(tmp_path: Path) -> None:
    plain = digest(tmp_path)
    assert plain == digest(tmp_path, comment="# why") == digest(tmp_path, doc='"""Say what it does."""')


@pytest.mark.parametrize(
    "parts", [{"limit": 4}, {"cut": 2}, {"doc": "page = page[1:]"}, {"word": "c"}, {"sign": "c"}], ids=str
)
def test_what_evolve_calls_and_reads_is_its_code(tmp_path: Path, parts: dict[str, Any]) -> None:
    assert digest(tmp_path) != digest(tmp_path, **parts)


@pytest.mark.parametrize(("name", "value"), [("_FEATURED", "INSERT"), ("_adds", facts.minute_of)])
def test_a_change_is_told_of_the_view_that_it_changes(
    monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    monkeypatch.setattr(facts, name, value)
    before = TOOL["recorded"]((ROOT / "tests/contract/views.txt").read_text())
    after = before | {
        f"session view {view.name}": (view.digest, TOOL["code_of"](view.evolve)) for view in (facts.VIEW, orders.VIEW)
    }
    assert TOOL["forgotten"](before, after) == ["session view facts"]
    (told,) = TOOL["problems"](before, after)
    assert told.startswith("session view facts: its code was changed and its version was not. Raise it")
    raised = after | {"session view facts": ("another", after["session view facts"][1])}
    assert TOOL["problems"](before, raised) == []
