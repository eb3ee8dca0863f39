"""What the project's rules say of every file: how long it may be, what it may be called, what the domain may ask."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
FOLDERS = ("bench", "cli", "libs", "protos", "services", "tests", "tools")
KINDS = {".cedar", ".cedarschema", ".css", ".html", ".js", ".proto", ".py", ".sh", ".sql", ".ts", ".tsx"}
NOT_OURS = {"__pycache__", "node_modules", "static"}  # what was built or installed
GENERATED = (PROJECT / "libs/contracts/src", PROJECT / "services/gateway/console/src/api/schema.ts")
LONGEST_FILE, LONGEST_FUNCTION = 400, 70  # lines
SPLIT = "split it by what it is about; messages of a .proto: CONTRIBUTING.md, Add a command, 1"
NAMELESS = {"common.py", "events.py", "helpers.py", "misc.py", "util.py", "utils.py"}
ASKS = {"now", "today", "utcnow", "uuid1", "uuid4", "uuid6", "uuid7", "new_id", "new_name", "utc_now"}


def files() -> Iterator[Path]:
    """Yield every source file of the project that somebody wrote."""
    for name in FOLDERS:
        for folder, inner, names in os.walk(PROJECT / name):
            inner[:] = [one for one in inner if one not in NOT_OURS]
            for path in (Path(folder) / one for one in names):
                if path.suffix in KINDS and not any(path.is_relative_to(made) for made in GENERATED):
                    yield path


def long_functions(source: str) -> Iterator[str]:
    """Yield the functions that have too many lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name}: {lines} lines"


def questions(source: str) -> Iterator[str]:
    """Yield what code asks the world for: what time it is, an id that nobody had before."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ASKS:
                yield f"{name}() in line {node.lineno}"


def test_no_file_is_too_long() -> None:
    sizes = {path.relative_to(PROJECT): len(path.read_text().splitlines()) for path in files()}
    assert len(sizes) > 500
    assert {str(path): lines for path, lines in sizes.items() if lines > LONGEST_FILE} == {}, SPLIT


def test_no_function_is_too_long() -> None:
    python = [path for path in files() if path.suffix == ".py"]
    assert [
        f"{path.relative_to(PROJECT)}: {told}" for path in python for told in long_functions(path.read_text())
    ] == []


def test_every_module_says_what_it_is_about() -> None:
    assert [str(path.relative_to(PROJECT)) for path in files() if path.name in NAMELESS] == []


def test_the_domain_asks_for_no_time_and_no_id() -> None:
    domain = [path for path in files() if path.suffix == ".py" and "services" in path.parts and "domain" in path.parts]
    assert len(domain) > 20
    assert [f"{path.relative_to(PROJECT)}: {told}" for path in domain for told in questions(path.read_text())] == []


def test_a_long_function_is_found() -> None:
    body = "    pass\n" * LONGEST_FUNCTION
    assert list(long_functions(f"async def f():\n{body}")) == ["f: 71 lines"]
    assert list(long_functions(f"def f():\n{body[9:]}")) == []


@pytest.mark.parametrize("call", ["datetime.now(UTC)", "uuid4()", "ids.new_id()"])
def test_a_question_is_found(call: str) -> None:
    assert len(list(questions(f"def rule(state, facts):\n    return {call}\n"))) == 1
    assert list(questions("def rule(state, facts):\n    return facts.now\n")) == []
