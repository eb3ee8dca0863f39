"""Every refusal of the gateway's own is in docs/refusals.md, and none is there that it never gives."""

import ast
from pathlib import Path

from showfloor.api.gateway.v1.gateway_errors_pb2 import GatewayErrorReason

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "services/gateway/src/showfloor/gateway"
ELSEWHERE = {"INVALID_FIELD"}  # made by the kernel's `invalid`
OF_OTHERS = {"DEAD_LETTER_NOT_FOUND", "NO_PUBLIC_EVENTS"}  # over gRPC: the reasons of OperatorService


def given() -> set[str]:
    """Return the reasons of all `Refusal(kind, reason, ...)` in the code, and those of `not_found("thing")`."""
    found = set()
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            words = [word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
            if name == "Refusal" and isinstance(node.args[1], ast.Constant):
                found.add(words[0])
            elif name == "not_found":
                found.add(f"{words[0].upper()}_NOT_FOUND")
    return found


def test_every_refusal_of_the_gateway_is_documented_and_given() -> None:
    documented = {name.removeprefix("GATEWAY_ERROR_REASON_") for name, _ in GatewayErrorReason.items()} - {
        "UNSPECIFIED"
    }
    assert given() - OF_OTHERS | ELSEWHERE == documented
    assert len(documented) > 20
