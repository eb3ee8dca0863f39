"""One trace runs from REST through gRPC and NATS to the view of another service."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from showfloor.testing.system import soon

HTTP = ("gateway", "POST")
GRPC = ("session", "showfloor.api.session.v1.SessionService/GoLive")
AFTER = {
    ("session", "views advance"),  # the session service's own views
    ("session", "relay publish"),  # to NATS
    ("gateway", "handle showfloor.api.session.v1.WentLive"),  # from NATS to the gateway's view
}


def test_one_trace_from_rest_to_the_view(host: Any, spans: Path) -> None:
    session = host.open()
    trace = uuid4().hex
    headers = {"traceparent": f"00-{trace}-{uuid4().hex[:16]}-01"}
    host.api.send("POST", session.path("live"), {}, headers=headers).raise_for_status()

    def hops() -> dict[tuple[str, str], list[Any]]:
        """(service, name) of each span of the trace, with the spans. HTTP spans go by their method alone."""
        found: dict[tuple[str, str], list[Any]] = {}
        for line in spans.read_text().splitlines():
            span = json.loads(line)
            if span["context"]["trace_id"] == f"0x{trace}":
                name = "POST" if span["name"].startswith("POST ") else span["name"]
                found.setdefault((span["resource"]["attributes"]["service.name"], name), []).append(span)
        return found

    found = soon(hops, lambda found: {HTTP, GRPC} | AFTER <= set(found))
    ids = {hop: {span["context"]["span_id"] for span in group} for hop, group in found.items()}
    assert {span["parent_id"] for span in found[GRPC]} <= ids[HTTP]
    for hop in AFTER:
        assert {span["parent_id"] for span in found[hop]} <= ids[GRPC], hop
