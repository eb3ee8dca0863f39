"""Every route that is an RPC: an ordinary one is said in its proto, any other stands in the table `routes.py`.

An ordinary route is `option (google.api.http)` of the RPC. Signed-in people call it by its name in lowerCamelCase; what
changes something carries an Idempotency-Key, and its body is all that the path does not name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from google.api.annotations_pb2 import http  # type: ignore[import-untyped]
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor

from showfloor.gateway.http.contracts import methods
from showfloor.gateway.http.routes import PREFIX, TABLE, RpcRoute, operation_id
from showfloor.gateway.http.transcode import held

_PATH = re.compile(PREFIX + r"(/[a-z0-9.-]+|/{[a-z0-9_]+})+")
_BODIES = {"get": "", "delete": "", "post": "*", "put": "*", "patch": "*"}


def rpc_routes(rpcs: Mapping[str, MethodDescriptor], table: Iterable[RpcRoute]) -> tuple[RpcRoute, ...]:
    """Return the routes of RPCs in their order; one that neither its proto nor the table routes has none.

    Raises ValueError for an RPC with routes in both, for one that is in neither contract nor table, and for an option
    that says more, or less, than an ordinary route.
    """
    listed: dict[str, list[RpcRoute]] = {}
    for route in table:
        listed.setdefault(route.rpc, []).append(route)
    if unknown := sorted(listed.keys() - rpcs.keys()):
        raise ValueError(f"routes.py has routes of RPCs that no contract has: {', '.join(unknown)}")
    return tuple(route for method in rpcs.values() for route in _routes(method, listed.get(method.name, [])))


def _routes(method: MethodDescriptor, listed: list[RpcRoute]) -> list[RpcRoute]:
    options = method.GetOptions()
    if not options.HasExtension(http):
        return listed
    if listed:
        raise ValueError(f"{method.full_name} has a route in its proto and in routes.py: take one of them out")
    rule = options.Extensions[http]
    verb = rule.WhichOneof("pattern") or ""
    path = str(getattr(rule, verb)) if verb in _BODIES else ""
    if problems := list(_problems(method, rule, verb, path)):
        raise ValueError(f"the route of {method.full_name}: {'; '.join(problems)}; any other stands in routes.py")
    return [
        RpcRoute(
            method=verb.upper(),
            path=path.removeprefix(PREFIX),
            rpc=method.name,
            name=operation_id(method.name),
            keyed=verb != "get",
        )
    ]


def _problems(method: MethodDescriptor, rule: http, verb: str, path: str) -> Iterator[str]:
    """Yield why an option is no ordinary route."""
    fields = method.input_type.fields_by_name
    if verb not in _BODIES:
        yield f"its method is one of {', '.join(_BODIES)}"
        return
    if not _PATH.fullmatch(path):
        yield f"its path is {PREFIX}/words/{{fields}}"
    if rule.body != _BODIES[verb]:
        yield f'{verb} takes body: "{_BODIES[verb]}"'
    if rule.additional_bindings or rule.response_body:
        yield "it is one path and a whole answer"
    if method.server_streaming or method.client_streaming:
        yield "no side of it is a stream"
    if verb != "get" and "request_id" not in fields:
        yield f"{method.input_type.name} needs a request_id"
    for name in re.findall(r"{(\w+)}", path):
        if name not in fields or fields[name].type != FieldDescriptor.TYPE_STRING or fields[name].is_repeated:
            yield f"{method.input_type.name} needs {name}, a string"
    if maps := sorted(one.full_name for one in held([method.input_type, method.output_type]) if _is_map(one)):
        yield f"JSON has no shape here for {', '.join(maps)}: make the map a list"


def _is_map(message: Descriptor) -> bool:
    return bool(message.GetOptions().map_entry)


RPC_ROUTES = rpc_routes(methods(), TABLE)
