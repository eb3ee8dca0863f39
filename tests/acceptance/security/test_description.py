"""The description of the API says what the services check: what they refuse by its shape, the schema refuses, too.

Each field of each request is made invalid in turn; the rest of the request is one that is accepted.
"""

import copy
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import jsonschema_rs
import pytest
from accepted import BODIES, QUERIES

from showfloor.gateway.http.routes import Who
from showfloor.gateway.native_routes import ROUTES

SAY_IT = "Say what the service checks in services/gateway/.../http/constraints.py, then `make generate`:"
SHAPE = {"INVALID_FIELD", "UNKNOWN_METRIC"}
INVALID: dict[str, tuple[Any, ...]] = {
    "string": ("", " ", "x", "x" * 100_000, "x.y", "2026-13-40", "ftp://x", "\u00e9"),
    "integer": (-1, 0, 1, 2**31 - 1, 2**53),
    "array": ([], "many"),
    "object": ({},),
    "boolean": ("yes",),
}
LEFT_OUT = {"signIn", "signInByLink", "signOut", "stream", "endSession", "eraseUser", "bootstrap", "setPassword"}
DEPENDS = {
    # What is checked depends on another field, on the caller's shop or on the state; the description says so in words.
    "references[0]", "from", "until", "min_position", "start_time", "start_from", "base_time", "page_token", "email",
    "sessions[0].start_time", "products[0].link", "amount.minor", "code", "time", "end_time", "duration_s",
    "sessions[0].duration_s", "from_day", "until_day", "owner_user_id", "shop_id", "user_id", "partner_id",
}  # fmt: skip
DEPENDS_OF = {
    "setPlayback": ("kind", "url"),  # each needs the other
    "scheduleEvent": ("time.time_zone",),  # an event that has a zone keeps it when its time changes
}
DEPENDS_WITHIN = (".exponent", ".unit_price", ".unit_price.minor", "viewer_region", "viewer_traits")


class Description:
    """The served description, with its schemas resolved."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.operations = {
            operation["operationId"]: operation for path in document["paths"].values() for operation in path.values()
        }

    def body(self, name: str) -> dict[str, Any] | None:
        """Return the schema of an operation's JSON body."""
        content = self.operations[name].get("requestBody", {}).get("content", {}).get("application/json")
        return self.resolved(content["schema"]) if content else None

    def query(self, name: str) -> dict[str, dict[str, Any]]:
        """Return the schemas of an operation's query parameters."""
        return {
            one["name"]: self.resolved(one["schema"])
            for one in self.operations[name]["parameters"]
            if one["in"] == "query"
        }

    def resolved(self, schema: Any) -> Any:
        """Return a schema without references."""
        if isinstance(schema, list):
            return [self.resolved(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.resolved(self.document["components"]["schemas"][name])
        return {key: self.resolved(value) for key, value in schema.items()}


def kind_of(schema: dict[str, Any]) -> str:
    """Return the JSON type that a schema is about."""
    for one in schema.get("anyOf", []):
        if one.get("type") != "null":
            return kind_of(one)
    kind = schema.get("type", "string")
    return "integer" if kind == "number" else str(kind)


def invalid_variants(value: Any, schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield (path of the field, the value with that field made invalid), for each field of the value or schema."""
    kind = kind_of(schema)
    if kind == "object" and isinstance(value, dict):
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield name, {key: one for key, one in value.items() if key != name}
            for broken in INVALID.get(kind_of(inner), ()):
                if broken != "many":
                    yield name, {**value, name: broken}
                elif isinstance(value.get(name), list):
                    yield name, {**value, name: value[name] * 1_001}
            if name in value:
                for path, changed in invalid_variants(value[name], inner):
                    yield f"{name}{'' if path.startswith('[') else '.'}{path}", {**value, name: changed}
    elif kind == "array" and isinstance(value, list) and value:
        inner = schema.get("items", {})
        for broken in INVALID.get(kind_of(inner), ()):
            yield "[0]", [broken, *value[1:]]
        for path, changed in invalid_variants(value[0], inner):
            yield f"[0]{'' if path.startswith('[') else '.'}{path}", [changed, *value[1:]]


def refused(answer: httpx.Response) -> str:
    """Return the field that an answer refuses by its shape, empty for none."""
    if answer.status_code != 400 or answer.json()["code"] not in SHAPE:
        return ""
    return str(answer.json().get("field", "body"))


@pytest.fixture
def asked(cast: Any) -> Iterator[tuple[Any, httpx.Client, Description]]:
    """The cast, a client, and the description that the gateway serves."""
    with httpx.Client(base_url=cast.system.url, timeout=60) as client:
        yield cast, client, Description(client.get("/openapi.json").json())


def token_of(cast: Any, route: Any) -> str:
    """Return the token of somebody who may call a route."""
    if route.who is Who.VIEWER:
        return str(cast.tokens["viewer"])
    return str(cast.operator_key if route.who is Who.OPERATOR else cast.tokens["owner"])


def test_the_description_says_what_is_checked_of_every_body(asked: Any) -> None:
    cast, client, description = asked
    said_less, sent = [], 0
    for route in ROUTES:
        schema = description.body(route.name)
        if schema is None or route.name in LEFT_OUT:
            continue
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        good = BODIES.get(route.name, lambda _: {})(cast.own.ids)
        for path, body in invalid_variants(good, schema):
            if path in DEPENDS or path.endswith(DEPENDS_WITHIN) or not validator.is_valid(body):
                continue
            headers = {"Authorization": f"Bearer {token_of(cast, route)}", "Idempotency-Key": str(uuid4())}
            url = "/v1" + route.path.format(**cast.own.ids)
            answer = client.request(route.method, url, json=body, headers=headers)
            sent += 1
            assert answer.status_code < 500, (route.name, path, answer.text)
            field = refused(answer)
            if field and field not in DEPENDS and field not in DEPENDS_OF.get(route.name, ()):
                said_less.append(f"{route.name} {path}: {answer.json()['detail']}")
    assert not said_less, "\n".join([SAY_IT, *sorted(set(said_less))])
    assert sent > 100


def test_the_description_says_what_is_checked_of_every_query(asked: Any) -> None:
    cast, client, description = asked
    said_less, sent = [], 0
    for route in ROUTES:
        if route.method != "GET" or route.name in LEFT_OUT:
            continue
        good = next((QUERIES[key](cast.own.ids) for key in QUERIES if key[0] == route.name), {})
        for name, schema in description.query(route.name).items():
            items = schema.get("items", schema)
            validator = jsonschema_rs.Draft202012Validator(items, validate_formats=True)
            for broken in INVALID.get(kind_of(items), ()):
                if name in DEPENDS or not validator.is_valid(broken) or len(str(broken)) > 4_000:
                    continue
                url = "/v1" + route.path.format(**cast.own.ids)
                headers = {"Authorization": f"Bearer {token_of(cast, route)}"}
                answer = client.get(url, params={**good, name: broken}, headers=headers)
                sent += 1
                assert answer.status_code < 500, (route.name, name, answer.text)
                field = refused(answer)
                if field and field not in DEPENDS:
                    said_less.append(f"{route.name} {name}={broken!r}: {answer.json()['detail']}")
    assert not said_less, "\n".join([SAY_IT, *sorted(set(said_less))])
    assert sent > 40


def test_a_description_that_says_less_is_found(asked: Any) -> None:
    cast, client, description = asked
    schema = copy.deepcopy(description.body("updateSession"))
    assert schema is not None
    schema["properties"]["title"] = {"type": "string"}
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    headers = {"Authorization": f"Bearer {cast.tokens['owner']}"}
    found = set()
    for path, body in invalid_variants({"title": "T"}, schema):
        if validator.is_valid(body):
            answer = client.patch(
                f"/v1/sessions/{cast.own.ids['session_id']}",
                json=body,
                headers={**headers, "Idempotency-Key": str(uuid4())},
            )
            found.add((path, refused(answer)))
    assert ("title", "title") in found
