"""Every RPC and every route as questions with holes for ids, made from the descriptors and the table of routes.

A new RPC, route or field is among them by itself. One whose sample is not well-formed is told by the test that uses
this: give its fields samples in SAMPLES.
"""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID, uuid4

import msgspec
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from showfloor.gateway.http import transcode
from showfloor.gateway.http.contracts import methods
from showfloor.gateway.http.routes import PREFIX, NativeRoute, Route, RpcRoute, Who
from showfloor.gateway.native_routes import ROUTES

Ids = Mapping[str, str]
Place = tuple[str | int, ...]
"""The way to a value in a tree of dicts and lists."""

NAMES_NO_THING = {"request_id", "batch_id"}
LEADS_TO = {"reply_to": "comment", "owner_user_id": "user", "references": "product", "products": "product"}

PRICE = {"minor": 1000, "currency": "EUR"}
START = (datetime.now(UTC) - timedelta(days=3)).replace(microsecond=0).isoformat().replace("+00:00", "Z")
SAMPLES: dict[str, Any] = {
    "batch_id": lambda: uuid4().hex,
    "request_id": lambda: uuid4().hex,
    "reference": lambda: uuid4().hex,
    "email": lambda: f"{uuid4().hex}@example.com",
    "password": "long enough for all",
    "currency": "EUR",
    "gift": "rose",
    "link": "https://example.com/product",
    "address": "https://pay.example.com/live",
    "metrics": ["gmv"],
    "kinds": ["comment"],
    "url": "https://example.com/replay.m3u8",
    "from_day": "2026-01-01",
    "until_day": "2026-01-02",
    "until_time": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
    "unit_price": PRICE,
    "amount": {**PRICE, "minor": 1},
    "start_time": START,
    "base_time": lambda: datetime.now(UTC).isoformat().replace("+00:00", "Z"),
    "minor": 1000,
    "width": 96,
    "local_start": (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M"),
    "time_zone": "Europe/Berlin",
    "duration_minutes": 30,
    "urls": ["https://example.com/teaser"],
}
_LEFT_OUT = """
page_token page_size min_position expected_version traits after_position before_position recording end_time time
pay_time from until start_from start_until regions states pinned display_name query category label collab_invite
image_url poster_url compare_at_price variant_reference variants options
step_minutes exponent outside_room age_band gender region newest_first showcase_only state viewer_traits viewer_region
after_time before_time latest_first
"""
LEFT_OUT = frozenset(_LEFT_OUT.split())
ENUMS = {"PlaybackKind": "hls"}  # a field that another one needs
EITHER: dict[str, tuple[str, ...]] = {  # of which a request has one
    "giveGrant": ("user_id", "partner_id"),
    **dict.fromkeys(("createConnector", "listConnectors"), ("shop_id", "creator_id")),
    **dict.fromkeys(("createUser", "listUsers"), ("shop_id", "creator_id", "partner_id")),
}
COLUMNS = {
    "kind": "AQ==", "channel": "AA==", "offset_ms": "AAAAAA==", "viewer": "AAA=", "product": "AQA=",
    "viewers": "AQAAAAAAAAA=",
}  # fmt: skip
"""A batch of signals of one row: somebody looks at a product."""


@dataclass(frozen=True)
class Ask:
    """One question. `values` is the whole of it; `holes` are the places of ids in it, with the kind that belongs."""

    name: str
    values: dict[str, Any]
    holes: tuple[tuple[Place, str], ...]
    route: Route | None = None  # None: the RPC itself
    topic: str = ""  # a stream of this kind of news

    def with_id(self, place: Place, value: str) -> "Ask":
        """Return the question with another id at a place, and names that were not used before."""
        made = _copied(self.values)
        at: Any = made
        for step in place[:-1]:
            at = at[step]
        at[place[-1]] = value
        return replace(self, values=made)

    def message(self) -> Message:
        """Return the request of the RPC."""
        made = GetMessageClass(methods()[self.name].input_type)()
        transcode.decode(_copied(self.values), made)
        return made

    def http(self) -> tuple[str, str, dict[str, str], Any]:
        """Return method, path, query and body of the route."""
        if self.topic:
            return "GET", f"{PREFIX}/stream", {"topics": f"{self.topic}:{self.values['session_id']}"}, None
        assert self.route is not None
        values = _copied(self.values)
        values.pop("request_id", None)
        if isinstance(self.route, RpcRoute) and self.route.body:
            values = values[self.route.body]
        named = {name: values.pop(name) for name in list(values) if f"{{{name}}}" in self.route.path}
        path = PREFIX + self.route.path.format(**named)
        if self.route.method in ("GET", "DELETE"):
            flat = {name: ",".join(value) if isinstance(value, list) else str(value) for name, value in values.items()}
            return self.route.method, path, flat, None
        return self.route.method, path, {}, values


def kind_of(field: str) -> str:
    """Return what kind of thing a field names by its id; "" when it names none."""
    if field in LEADS_TO:
        return LEADS_TO[field]
    if field in NAMES_NO_THING or not field.endswith(("_id", "_ids")):
        return ""
    return field.removesuffix("s").removesuffix("_id")


def asks(ids: Ids) -> Iterator[Ask]:
    """Yield every question that has a hole, filled with these ids: of each RPC, of each route, of streams."""
    for rpc in methods():
        yield from _of_rpc(rpc, ids, None)
    for route in ROUTES:
        if isinstance(route, RpcRoute):
            yield from _of_rpc(route.rpc, ids, route)
        elif isinstance(route, NativeRoute):
            yield from _of_own(route, ids)
    for topic in ("board", "activity", "watch"):
        yield Ask(f"stream {topic}", {"session_id": ids["session"]}, ((("session_id",), "session"),), topic=topic)


def _of_rpc(rpc: str, ids: Ids, route: RpcRoute | None) -> Iterator[Ask]:
    descriptor = methods()[rpc].input_type
    closed = set(route.closed) if route else set()
    for filled, places in _filled(descriptor, ids, ()):
        values = {name: value for name, value in filled.items() if name not in closed}
        holes = [hole for hole in places if hole[0][0] not in closed]
        if values.get("source") == "set":
            values["references"] = [ids["product_set"]]
            holes = [(place, "product_set" if place[0] == "references" else kind) for place, kind in holes]
        if holes:
            yield Ask(rpc, values, tuple(holes), route)


def _filled(descriptor: Any, ids: Ids, place: Place) -> list[tuple[dict[str, Any], list[tuple[Place, str]]]]:
    """Return samples of a message with their holes: one for each alternative of a oneof, and of where ids come from."""
    made: list[tuple[dict[str, Any], list[tuple[Place, str]]]] = [({}, [])]
    for field in descriptor.fields:
        oneof = field.containing_oneof
        if oneof is not None and not oneof.name.startswith("_"):
            continue
        made = [
            ({**values, **more}, [*holes, *more_holes])
            for values, holes in made
            for more, more_holes in _field(field, ids, place)
        ]
    for oneof in descriptor.oneofs:
        if not oneof.name.startswith("_"):
            made = [
                ({**values, **more}, [*holes, *more_holes])
                for values, holes in made
                for field in oneof.fields
                for more, more_holes in _field(field, ids, place)
            ]
    return made


def _field(field: FieldDescriptor, ids: Ids, place: Place) -> list[tuple[dict[str, Any], list[tuple[Place, str]]]]:
    name, many = field.name, field.is_repeated
    here = (*place, name, 0) if many else (*place, name)

    def one(value: Any, *holes: tuple[Place, str]) -> list[tuple[dict[str, Any], list[tuple[Place, str]]]]:
        return [({name: [value] if many else value}, list(holes))]

    if field.type == FieldDescriptor.TYPE_STRING and (kind := kind_of(name)):
        return one(ids[kind], (here, kind))
    if name == "source" and field.enum_type is not None and "references" in field.containing_type.fields_by_name:
        return [({name: source}, []) for source in ("showcase", "set")]
    nested = field.message_type is not None and field.message_type.full_name.startswith("showfloor.")
    if name in LEFT_OUT and not (name == "time" and nested):  # a moment; an event's time is a message of ours
        return [({}, [])]
    if name in COLUMNS and field.type == FieldDescriptor.TYPE_BYTES:
        return [({name: COLUMNS[name]}, [])]
    sample = SAMPLES.get(name)
    if sample is not None and (field.message_type is None or not isinstance(sample, str) or name.endswith("_time")):
        return [({name: sample() if callable(sample) else sample}, [])]
    if nested:
        return [
            ({name: [values] if many else values}, holes) for values, holes in _filled(field.message_type, ids, here)
        ]
    if field.enum_type is not None and field.enum_type.name in ENUMS:
        return [({name: ENUMS[field.enum_type.name]}, [])]
    if field.message_type is not None or field.enum_type is not None or field.type == FieldDescriptor.TYPE_BOOL:
        return [({}, [])]
    return one("Sample" if field.type == FieldDescriptor.TYPE_STRING else 1)


def _of_own(route: NativeRoute, ids: Ids) -> Iterator[Ask]:
    values: dict[str, Any] = {}
    holes: list[tuple[Place, str]] = []
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")] + list(route.query)
    for name in filter(kind_of, names):  # a text to search for names no thing
        values[name] = ids[kind_of(name)]
        holes.append(((name,), kind_of(name)))
    for field in msgspec.structs.fields(route.body) if route.body else ():
        known, many = _type_of(field.type)
        if known is UUID:
            values[field.name] = [ids[kind_of(field.name)]] if many else ids[kind_of(field.name)]
            holes.append(((field.name, 0) if many else (field.name,), kind_of(field.name)))
        elif field.required:
            sample = SAMPLES.get(field.name, "Sample")
            value = sample() if callable(sample) else sample
            if get_origin(known) is Literal:
                value = [get_args(known)[0]] if many else get_args(known)[0]
            values[field.name] = value
    for chosen in EITHER.get(route.name, ("",)):
        without = {*EITHER.get(route.name, ())} - {chosen}
        said = {name: value for name, value in values.items() if name not in without}
        if kept := tuple(hole for hole in holes if hole[0][0] not in without):
            yield Ask(route.name, said, kept, route)


def _type_of(annotation: Any) -> tuple[Any, bool]:
    """Return the type inside Annotated, lists and unions with None, and whether there may be many."""
    if hasattr(annotation, "__metadata__"):
        return _type_of(annotation.__origin__)
    if get_origin(annotation) is list:
        return _type_of(get_args(annotation)[0])[0], True
    if get_origin(annotation) in (Union, types.UnionType):
        return _type_of(next(part for part in get_args(annotation) if part is not type(None)))
    return annotation, False


def _copied(values: Any, name: str = "") -> Any:
    """Return a copy of a tree in which what is to be used once is new."""
    if isinstance(values, dict):
        return {key: _copied(value, key) for key, value in values.items()}
    if isinstance(values, list):
        return [_copied(value) for value in values]
    return SAMPLES[name]() if callable(SAMPLES.get(name)) else values


def who_asks(ask: Ask) -> tuple[str, ...]:
    """Return who asks. An RPC itself is asked by a viewer, who has other routes; by the owner if no route does it."""
    if ask.topic:
        return ("owner",)
    if ask.route is None:
        routed = any(isinstance(route, RpcRoute) and route.rpc == ask.name for route in ROUTES)
        return ("viewer",) if routed else ("viewer", "owner")
    if isinstance(ask.route, NativeRoute) and ask.route.who is Who.USER:
        return ("owner", "operator")
    return {Who.USER: ("owner",), Who.VIEWER: ("viewer",), Who.ANYONE: ("nobody",), Who.OPERATOR: ("operator",)}[
        ask.route.who
    ]
