"""A test's name is a sentence that a failing run can print in one line."""

import ast
from pathlib import Path

TESTS = Path(__file__).parents[2]
LONGEST = 60


def long_names(source: str) -> list[str]:
    """Return the names of tests that are too long."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    names = [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, functions)]
    return [name for name in names if name.startswith("test_") and len(name) > LONGEST]


def test_a_name_of_61_characters_is_found() -> None:
    good, long = "test_" + 55 * "x", "test_" + 56 * "x"
    assert long_names(f"def {good}(): ...\nclass Of:\n    async def {long}(self): ...\n") == [long]


def test_no_name_of_a_test_is_too_long() -> None:
    found = {str(path.relative_to(TESTS)): long_names(path.read_text()) for path in TESTS.rglob("test_*.py")}
    assert {path: names for path, names in found.items() if names} == {}
