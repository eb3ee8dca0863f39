"""Every code that a service or a library refuses with stands in docs/refusals.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CODE = re.compile(r"[A-Z]{2,}(_[A-Z]+)*")
ONE_WORD_TOO = frozenset({"Refusal"})  # elsewhere a word of capitals is mostly something else
LIBRARIES = ("access", "eventstore", "kernel", "messaging", "rpc", "service", "tabular")
NO_REFUSALS = {"SNAPSHOT_VERSION", "TCP_INFO"}  # what else looks like one


def codes(source: str) -> Iterator[str]:
    """Yield what is handed on as a code: `Refusal(kind, "CODE", ...)`, `_limit("TOO_MANY_EVENTS", ...)`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for word in node.args[:3]:
                text = word.value if isinstance(word, ast.Constant) else None
                if not isinstance(text, str) or not CODE.fullmatch(text) or text.startswith("SHOWFLOOR_"):
                    continue
                if name in ONE_WORD_TOO or ("_" in text and name != "getattr"):
                    yield text


def sources() -> Iterator[Path]:
    """Yield the code that can refuse."""
    for folder in (*(ROOT / "libs" / name / "src" for name in LIBRARIES), *(ROOT / "services").glob("*/src")):
        yield from folder.rglob("*.py")


def test_every_code_is_documented() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "refusals.md").read_text(), re.MULTILINE))
    given = {code: file.name for file in sources() for code in codes(file.read_text())}
    assert len(given) > 60
    missing = {f"{code} in {name}" for code, name in given.items() if code not in documented | NO_REFUSALS}
    assert not missing, "say what they mean in an error enum of protos/, then `make generate`"


@pytest.mark.parametrize(
    "call", ['Refusal(kind, "ODD", "x")', '_limit("FAR_TOO_MUCH", "x")', 'self._refuse(b, "NOT_IT")']
)
def test_a_code_is_found_however_it_is_given(call: str) -> None:
    assert list(codes(call))
