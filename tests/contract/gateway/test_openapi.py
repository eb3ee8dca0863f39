"""The description that is committed names every route; that it is fresh, `make check` says."""

import json

from showfloor.gateway.native_routes import ROUTES
from showfloor.gateway.openapi import FILE


def test_every_route_is_described_with_its_problems() -> None:
    paths = json.loads(FILE.read_text())["paths"]
    for route in ROUTES:
        operation = paths["/v1" + route.path][route.method.lower()]
        assert operation["operationId"] == route.name
        assert operation["summary"]
        assert {"200", "400", "404", "429", "503"} <= operation["responses"].keys()
        if route.keyed:
            assert "Idempotency-Key" in [parameter["name"] for parameter in operation["parameters"]]
