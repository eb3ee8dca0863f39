"""The description that is committed names every route; that it is fresh, `make check` says."""

import json

import pytest
from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool

from showfloor.api.session.v1.session_pb2 import Session
from showfloor.gateway.http.schemas import Schemas
from showfloor.gateway.native_routes import ROUTES
from showfloor.gateway.openapi import FILE, described


def test_every_route_is_described_with_its_problems() -> None:
    paths = json.loads(FILE.read_text())["paths"]
    for route in ROUTES:
        operation = paths["/v1" + route.path][route.method.lower()]
        assert operation["operationId"] == route.name
        assert operation["summary"]
        assert {"200", "400", "404", "429", "503"} <= operation["responses"].keys()
        if route.keyed:
            assert "Idempotency-Key" in [parameter["name"] for parameter in operation["parameters"]]


def test_without_further_contracts_what_is_served_is_committed() -> None:
    assert described() == FILE.read_bytes()


def test_two_shapes_of_one_name_are_refused() -> None:
    schemas = Schemas({})
    schemas.of(Session.DESCRIPTOR)
    file = FileDescriptorProto(name="other.proto", package="other", message_type=[DescriptorProto(name="Session")])
    pool = DescriptorPool()
    pool.Add(file)  # type: ignore[no-untyped-call]
    with pytest.raises(ValueError, match=r"showfloor\.api\.session\.v1\.Session and other\.Session"):
        schemas.of(pool.FindMessageTypeByName("other.Session"))  # type: ignore[no-untyped-call]
