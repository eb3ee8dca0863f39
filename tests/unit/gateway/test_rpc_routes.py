"""Routes that protos say: what an ordinary one is, and that nothing is said twice."""

from collections.abc import Mapping
from typing import Any

import pytest
from google.api.annotations_pb2 import http
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool

from showfloor.gateway.http.contracts import by_name, contracts, methods
from showfloor.gateway.http.routes import TABLE, RpcRoute
from showfloor.gateway.http.rpc_routes import RPC_ROUTES, rpc_routes

_F = FieldDescriptorProto
FIELDS = {"request_id": _F.TYPE_STRING, "poll_id": _F.TYPE_STRING, "number": _F.TYPE_INT32}
CLOSE = {"post": "/v1/polls/{poll_id}/close", "body": "*"}


def rpcs(
    *rules: Mapping[str, Any] | None, streaming: bool = False, with_map: bool = False
) -> Mapping[str, MethodDescriptor]:
    """Return the RPCs AskA, AskB, ... of a service, each with its option or None."""
    file = FileDescriptorProto(name="polls.proto", package="polls", syntax="proto3")
    asked = file.message_type.add(name="Poll")
    for number, (name, kind) in enumerate(FIELDS.items(), 1):
        asked.field.add(name=name, number=number, type=kind, label=_F.LABEL_OPTIONAL)
    bare = file.message_type.add(name="Bare")
    if with_map:
        entry = bare.nested_type.add(name="OpenEntry")
        entry.options.map_entry = True
        entry.field.add(name="key", number=1, type=_F.TYPE_STRING, label=_F.LABEL_OPTIONAL)
        entry.field.add(name="value", number=2, type=_F.TYPE_BOOL, label=_F.LABEL_OPTIONAL)
        repeated, kind = _F.LABEL_REPEATED, ".polls.Bare.OpenEntry"
        bare.field.add(name="open", number=1, type=_F.TYPE_MESSAGE, label=repeated, type_name=kind)
    service = file.service.add(name="PollService")
    for letter, rule in zip("ABC", rules, strict=False):
        message = ".polls.Bare" if rule and rule.get("bare") else ".polls.Poll"
        method = service.method.add(name=f"Ask{letter}", input_type=message, output_type=".polls.Bare")
        method.server_streaming = streaming
        if rule:
            made = {name: value for name, value in rule.items() if name != "bare"}
            method.options.Extensions[http].CopyFrom(type(method.options.Extensions[http])(**made))
    pool = DescriptorPool()
    pool.Add(file)  # type: ignore[no-untyped-call]
    return by_name([pool.FindServiceByName("polls.PollService")])  # type: ignore[no-untyped-call]


def listed(rpc: str) -> RpcRoute:
    return RpcRoute(method="POST", path="/asked", rpc=rpc, name="asked", keyed=True)


def test_a_proto_says_an_ordinary_route() -> None:
    change, read = rpc_routes(rpcs(CLOSE, {"get": "/v1/polls/{poll_id}"}), ())
    assert change == RpcRoute(method="POST", path="/polls/{poll_id}/close", rpc="AskA", name="askA", keyed=True)
    assert read == RpcRoute(method="GET", path="/polls/{poll_id}", rpc="AskB", name="askB", keyed=False)


def test_an_rpc_with_neither_option_nor_line_has_no_route() -> None:
    assert rpc_routes(rpcs(None, None), [listed("AskB")]) == (listed("AskB"),)


def test_an_rpc_with_routes_in_both_places_is_refused() -> None:
    with pytest.raises(ValueError, match=r"polls.PollService.AskA has a route in its proto and in routes.py"):
        rpc_routes(rpcs(CLOSE), [listed("AskA")])


def test_a_line_for_an_rpc_that_no_contract_has_is_refused() -> None:
    with pytest.raises(ValueError, match="no contract has: BrewCoffee"):
        rpc_routes(rpcs(None), [listed("BrewCoffee")])


def test_two_rpcs_of_one_name_are_refused() -> None:
    (method,) = rpcs(None).values()
    with pytest.raises(ValueError, match="a route needs a name that no other RPC has"):
        by_name([method.containing_service, next(iter(rpcs(None).values())).containing_service])


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({**CLOSE, "body": ""}, 'post takes body: "*"'),
        ({**CLOSE, "body": "number"}, 'post takes body: "*"'),
        ({"get": "/v1/polls", "body": "*"}, 'get takes body: ""'),
        ({**CLOSE, "post": "/polls"}, "its path is /v1/"),
        ({**CLOSE, "post": "/v1/polls/{poll_id}:close"}, "its path is /v1/"),
        ({**CLOSE, "post": "/v1/{poll_id=polls/*}"}, "its path is /v1/"),
        ({**CLOSE, "post": "/v1/polls/{shop_id}"}, "Poll needs shop_id, a string"),
        ({**CLOSE, "post": "/v1/polls/{number}"}, "Poll needs number, a string"),
        ({"delete": "/v1/polls", "bare": True}, "Bare needs a request_id"),
        ({**CLOSE, "response_body": "poll"}, "one path and a whole answer"),
        ({**CLOSE, "additional_bindings": [{"get": "/v1/polls"}]}, "one path and a whole answer"),
        ({"custom": {"kind": "HEAD", "path": "/v1/polls"}}, "its method is one of"),
    ],
)
def test_an_option_that_is_no_ordinary_route_is_refused(rule: Mapping[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match="AskA") as refused:
        rpc_routes(rpcs(rule), ())
    assert problem in str(refused.value)


def test_a_stream_is_no_ordinary_route() -> None:
    with pytest.raises(ValueError, match="no side of it is a stream"):
        rpc_routes(rpcs({"get": "/v1/polls"}, streaming=True), ())


def test_a_map_has_no_shape_in_our_json() -> None:
    with pytest.raises(ValueError, match=r"JSON has no shape here for polls\.Bare\.OpenEntry"):
        rpc_routes(rpcs({"get": "/v1/polls"}, with_map=True), ())


def test_contracts_are_found_by_their_names() -> None:
    assert set(contracts()) == {"session", "events"}  # neither what every process answers, nor the gateway's own
    assert {"GoLive", "IngestSignals"} <= set(methods())
    assert not {"ReadEvents", "GetStatus"} & set(methods())


def test_the_routes_of_an_rpc_stand_in_one_place() -> None:
    in_table = {route.rpc for route in TABLE}
    assert in_table < {route.rpc for route in RPC_ROUTES} <= set(methods())
    said = {name for name, method in methods().items() if method.GetOptions().HasExtension(http)}
    assert not said & in_table
