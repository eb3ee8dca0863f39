"""Every RPC of every service has a policy, and a row in the matrix that tests it."""

import importlib
import pkgutil
from pathlib import Path

import pytest

import showfloor.api
from showfloor.access.policy import require_policies

MATRIX = Path(__file__).parents[2] / "unit" / "access" / "matrix.txt"


def rpcs() -> set[str]:
    names: set[str] = set()
    for module in pkgutil.walk_packages(showfloor.api.__path__, "showfloor.api."):
        if module.name.endswith("_service_pb2"):
            descriptor = importlib.import_module(module.name).DESCRIPTOR
            names |= {m.name for service in descriptor.services_by_name.values() for m in service.methods}
    return names


def test_every_rpc_has_a_policy():
    assert {"GoLive", "GetStatus", "ReadEvents", "IngestSignals"} <= rpcs()
    require_policies(rpcs())


def test_every_rpc_has_a_row_in_the_matrix():
    rows = {line.split()[0] for line in MATRIX.read_text().splitlines() if line.strip()}
    assert rpcs() <= rows


def test_an_action_without_policy_is_named():
    with pytest.raises(ValueError, match="no policy permits LaunchRocket"):
        require_policies(["GoLive", "LaunchRocket"])
