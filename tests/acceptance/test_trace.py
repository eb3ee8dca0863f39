"""One trace runs from REST through gRPC and NATS to the view of another service."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any
from uuid import uuid4

from showfloor.testing.system import soon


def test_one_trace_from_rest_to_the_view(host: Any, spans: Path) -> None:
    session = host.open()
    trace = uuid4().hex
    headers = {"traceparent": f"00-{trace}-{uuid4().hex[:16]}-01"}
    host.api.send("POST", session.path("live"), {}, headers=headers).raise_for_status()

    def names() -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for line in spans.read_text().splitlines():
            span = json.loads(line)
            if span["context"]["trace_id"] == f"0x{trace}":
                found[span["resource"]["attributes"]["service.name"]].add(span["name"])
        return found

    def complete(found: dict[str, set[str]]) -> bool:
        handled = any(name.startswith("handle ") for name in found["gateway"])
        return handled and any("GoLive" in name for name in found["session"]) and len(found["gateway"]) > 1

    soon(names, complete)
