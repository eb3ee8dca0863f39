"""OpenAPI 3.1 of the REST API, generated from the routes, the contracts and their comments.

`make generate` writes it beside this module, from where the gateway serves it, with the routes of further contracts.
"""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor

from showfloor.gateway.access.callers import COOKIE
from showfloor.gateway.http import constraints, spreadsheets
from showfloor.gateway.http.calls import METHODS
from showfloor.gateway.http.comments import comments
from showfloor.gateway.http.inbound import JSON, PROTOBUF
from showfloor.gateway.http.native import shapes
from showfloor.gateway.http.problems import CONTENT_TYPE
from showfloor.gateway.http.routes import PREFIX, NativeRoute, Route, RpcRoute, Who
from showfloor.gateway.http.schemas import REF, Schemas
from showfloor.gateway.native_routes import NATIVE_ROUTES, ROUTES

FILE = Path(__file__).resolve().with_name("openapi.json")
SECURITY: dict[Who, list[dict[str, list[str]]]] = {
    Who.USER: [{"bearer": []}, {"cookie": []}],
    Who.VIEWER: [{"viewer": []}],
    Who.ANYONE: [{}],
    Who.OPERATOR: [{"operator": []}],
}
_BYTES = "application/octet-stream"
_ALWAYS = (400, 404, 405, 408, 414, 429, 431, 503)
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details. `code` is the reason, docs/refusals.md explains each.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "field": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
        "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Names this request for 24 hours: sent again it gives the same answer and changes nothing.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    "example": "0f0e6d1a-2f6e-4a53-9a0a-6f1f4c1f2b11",
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the session or product: change it only if it is still that version, else 412.",
    "schema": {"type": "string", "pattern": '^("[1-9][0-9]{0,17}"|\\*)$'},
}
_STREAM = {
    "get": {
        "operationId": "stream",
        "tags": ["live"],
        "summary": "Follow boards, activity and what viewers see.",
        "description": (
            "Server-sent events: `hello` {position}, `board` (as GET .../board), `activity` (as GET .../activity, new "
            "ones only), `watch` (as GET /watch/{session_id}), `heartbeat` every 15 s, and `bye` {reason} when the "
            "client should come back. `id` is the place from which Last-Event-ID resumes without gap or repeat."
        ),
        "parameters": [
            {
                "name": "topics",
                "in": "query",
                "required": True,
                "description": "1 to 20, with commas: board:<session_id>, activity:<session_id>, watch:<session_id>.",
                "schema": {"type": "string"},
            },
            {"name": "last_event_id", "in": "query", "schema": {"type": "string"}},
            {"name": "Last-Event-ID", "in": "header", "schema": {"type": "string"}},
        ],
        "security": [{"bearer": []}, {"cookie": []}, {"viewer": []}, {}],
    }
}


def described() -> bytes:
    """Return the description that this gateway serves: the committed one, and what contracts beside it add.

    Comments are not in installed contracts. Raises ValueError when two shapes have one name.
    """
    committed = FILE.read_bytes()
    shown = json.loads(committed)
    if all(route.method.lower() in shown["paths"].get(PREFIX + route.path, {}) for route in ROUTES):
        return committed
    found = document({})
    for path, operations in found["paths"].items():
        shown["paths"][path] = operations | shown["paths"].get(path, {})
    shown["components"]["schemas"] = found["components"]["schemas"] | shown["components"]["schemas"]
    return msgspec.json.encode(shown)


def document(known: Mapping[str, str]) -> dict[str, Any]:
    """Return the whole description. `known`: the comments of the contracts."""
    schemas = Schemas(known, [METHODS[route.rpc].input_type for route in ROUTES if isinstance(route, RpcRoute)])
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        operation = _rpc(route, schemas, known) if isinstance(route, RpcRoute) else _native(route)
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = operation
    stream = json.loads(json.dumps(_STREAM))
    stream["get"]["responses"] = {"200": {"description": "The stream.", "content": {"text/event-stream": {}}}}
    stream["get"]["responses"] |= _problems((400, 401, 404, 405, 429, 503))
    paths[PREFIX + "/stream"] = stream
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Showfloor",
            "version": "1",
            "description": "Run, measure and watch LIVE shopping. Missing is not zero; times are RFC 3339 UTC; "
            "money is whole minor units with a currency.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": _components(schemas),
            "responses": {f"Problem{status}": _problem(status) for status in (*_STATUSES, 401)},
            "securitySchemes": _SCHEMES,
        },
    }


_STATUSES = (400, 403, 404, 405, 408, 409, 412, 413, 414, 415, 422, 429, 431, 503)
_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "Token of a sign-in."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Set by signing in."},
    "viewer": {"type": "http", "scheme": "bearer", "description": "A viewer's token, from join."},
    "operator": {"type": "http", "scheme": "bearer", "description": "The operator key."},
}


def _components(schemas: Schemas) -> dict[str, Any]:
    native = {kind for route in NATIVE_ROUTES for kind in (route.body, route.answer) if kind}
    _, found = msgspec.json.schema_components(
        [*sorted(native, key=lambda kind: kind.__name__), shapes.LiveNow], ref_template=REF + "{name}"
    )
    if doubled := found.keys() & schemas.components.keys():
        raise ValueError(f"two shapes of one name: {sorted(doubled)}")
    return dict(sorted({**schemas.components, **found, "Problem": _PROBLEM}.items()))


def _rpc(route: RpcRoute, schemas: Schemas, known: Mapping[str, str]) -> dict[str, Any]:
    method = METHODS[route.rpc]
    message = method.input_type
    if route.body and (inner := message.fields_by_name[route.body].message_type) is not None:
        message = inner
    named = re.findall(r"{(\w+)}", route.path)
    left_out = {"request_id", *named, *route.closed}
    fields = [field for field in message.fields if field.name not in left_out]
    operation = _operation(route, _tag(method), known.get(f"{method.containing_service.full_name}.{method.name}", ""))
    if route.raw:
        fields = [field for field in fields if field.name != route.raw]
        operation["parameters"] += [_query(field, schemas) for field in fields if _simple(field)]
        schema = {"type": "string", "format": "binary", "maxLength": route.limit}
        operation["requestBody"] = {"required": True, "content": {_BYTES: {"schema": schema}}}
    elif route.method in ("POST", "PUT", "PATCH"):
        body: dict[str, Any] = {"schema": schemas.object_of(message, fields)}
        if example := schemas.example(fields):
            body["example"] = example
        content = {JSON: body, **({PROTOBUF: {"schema": {"type": "string", "format": "binary"}}} if route.body else {})}
        operation["requestBody"] = {"required": False, "content": content}
    else:
        operation["parameters"] += [_query(field, schemas) for field in fields if _simple(field)]
    if "expected_version" in message.fields_by_name:
        operation["parameters"].append(_IF_MATCH)
    kind = route.media or {"csv": "text/csv", "xlsx": spreadsheets.KIND}.get(route.export, JSON)
    schema = schemas.of(method.output_type) if kind == JSON else {"type": "string"}
    operation["responses"]["200"] = {
        "description": known.get(method.output_type.full_name, "OK"),
        "content": {kind: {"schema": schema}},
    }
    return operation


def _native(route: Route) -> dict[str, Any]:
    assert isinstance(route, NativeRoute)
    folder = "viewers" if "/watch" in route.path else "access"
    operation = _operation(route, folder, " ".join((route.handle.__doc__ or "").split()))
    operation["parameters"] += [
        {"name": name, "in": "query", "schema": _simple_schema(constraints.rule("", name))} for name in route.query
    ]
    if route.body is not None:
        operation["requestBody"] = {
            "required": False,
            "content": {JSON: {"schema": {"$ref": REF + route.body.__name__}}},
        }
    answer: dict[str, Any] = {"description": "OK"}
    if route.answer is not None:
        answer["content"] = {JSON: {"schema": {"$ref": REF + route.answer.__name__}}}
    operation["responses"][str(route.status)] = answer
    return operation


def _simple_schema(rule: constraints.Rule) -> dict[str, Any]:
    return {"type": "integer" if "minimum" in rule else "string", **rule}


def _operation(route: Route, tag: str, text: str) -> dict[str, Any]:
    summary = text.partition(". ")[0].rstrip(".") + "." if text else route.name
    names = re.findall(r"{(\w+)}", route.path)
    statuses = {*_ALWAYS, *(() if route.who is Who.ANYONE and not route.changes else (401, 403))}
    if route.changes:
        statuses |= {409, 412, 413, 415, 422}
    else:
        statuses |= {401, 403, 409, 422}
    return {
        "operationId": route.name,
        "tags": [tag],
        "summary": summary,
        "description": text,
        "security": SECURITY[route.who],
        "parameters": [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
                "example": _UUID,
            }
            for name in names
        ]
        + ([_KEY] if route.keyed else []),
        "responses": _problems(statuses),
    }


_UUID = "018f4e2a-9b1c-7def-8123-456789abcdef"


def _query(field: FieldDescriptor, schemas: Schemas) -> dict[str, Any]:
    schema = schemas.field(field)
    text = schema.pop("description", "")
    return {"name": field.name, "in": "query", "description": text, "schema": schema}


def _simple(field: FieldDescriptor) -> bool:
    return field.message_type is None or field.message_type.name == "Timestamp"


def _tag(method: MethodDescriptor) -> str:
    return method.containing_service.name.removesuffix("Service").lower()


def _problems(statuses: Any) -> dict[str, Any]:
    return {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(statuses)}


def _problem(status: int) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {CONTENT_TYPE: {"schema": {"$ref": REF + "Problem"}}},
    }
    if status in (429, 503):
        answer["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return answer


def text() -> str:
    """Return the description as it is committed."""
    return json.dumps(document(comments(FILE.parents[5] / "protos")), indent=1, ensure_ascii=False) + "\n"
