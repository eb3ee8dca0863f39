"""No test asserts how long something took, and none gives it less time than a busy machine needs."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
CLOCKS = {"monotonic", "perf_counter", "time", "monotonic_ns", "perf_counter_ns", "time_ns"}
BUDGETS = {"timeout", "wait_for", "eventually", "soon"}
LEAST = 15.0  # seconds
_EXPECTED = ("pytest.raises(TimeoutError", "suppress(TimeoutError", "pytest.raises(Refusal")  # the time is to pass


def offences(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the kind of each measure of time: an assertion on a difference of clocks, a tight budget."""
    tree = ast.parse(source)
    expected = {id(inner) for node in ast.walk(tree) if _expects_timeout(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and any(_elapsed(part) for part in ast.walk(node.test)):
            yield node.lineno, "asserts how long it took"
        if isinstance(node, ast.Call) and _name(node) in BUDGETS and id(node) not in expected:
            asyncio_only = _name(node) != "timeout" or _owner(node) == "asyncio"
            given = [*node.args[-1:], *(word.value for word in node.keywords if word.arg in ("within", "timeout"))]
            seconds = [one.value for one in given if isinstance(one, ast.Constant)]
            if asyncio_only and any(type(one) in (int, float) and one < LEAST for one in seconds):
                yield node.lineno, "gives less time than a busy machine may need"


def _expects_timeout(node: ast.AST) -> bool:
    words = [ast.unparse(item.context_expr) for item in getattr(node, "items", ())]
    return any(word.startswith(_EXPECTED) for word in words)


def _elapsed(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and _clock(node.left)


def _clock(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _name(node) in CLOCKS


def _name(node: ast.Call) -> str:
    return str(getattr(node.func, "attr", getattr(node.func, "id", "")))


def _owner(node: ast.Call) -> str:
    return ast.unparse(getattr(node.func, "value", ast.Name("")))


def test_no_test_measures_time() -> None:
    files = [file for file in TESTS.rglob("*.py") if file != Path(__file__)]
    assert len(files) > 200
    found = [f"{file.relative_to(TESTS)}:{at}: {what}" for file in files for at, what in offences(file.read_text())]
    assert not found, "wait for what must happen, with PATIENCE of showfloor.testing.waiting"


@pytest.mark.parametrize(
    "source",
    [
        "assert time.monotonic() - began < 1",
        "assert loop.time() - began < 1",
        "async with asyncio.timeout(2): pass",
        "await asyncio.wait_for(ended.wait(), 1)",
        "await eventually(lambda: x, within=3)",
    ],
)
def test_a_measure_is_found(source: str) -> None:
    body = f"async def f():\n    {source}\n"
    assert list(offences(body))


def test_a_timeout_that_is_expected_is_none() -> None:
    assert not list(
        offences("async def f():\n    with pytest.raises(TimeoutError):\n        async with asyncio.timeout(1): pass")
    )
