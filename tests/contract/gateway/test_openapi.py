"""The description that is committed is the one that the contracts and the table give."""

import json

from showfloor.gateway.api.openapi import FILES, main
from showfloor.gateway.api.own import ROUTES


def test_committed_description_is_current() -> None:
    assert main(["--check"]) == 0


def test_a_stale_description_is_found(tmp_path, capsys) -> None:
    stale = tmp_path / "openapi.json"
    stale.write_text("{}")
    assert main(["--check", str(stale)]) == 1
    assert "make openapi" in capsys.readouterr().err


def test_every_route_is_described_with_its_problems() -> None:
    paths = json.loads(FILES[0].read_text())["paths"]
    for route in ROUTES:
        operation = paths["/v1" + route.path][route.method.lower()]
        assert operation["operationId"] == route.name
        assert operation["summary"]
        assert {"200", "400", "404", "429", "503"} <= operation["responses"].keys()
        if route.keyed:
            assert "Idempotency-Key" in [parameter["name"] for parameter in operation["parameters"]]
