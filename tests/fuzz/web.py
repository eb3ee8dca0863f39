"""What browsers, viewers and shop systems send: paths, headers, queries, bodies, tokens."""

import asyncio
import json
from contextlib import suppress
from datetime import datetime
from random import Random
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from changes import IDS, NUMBERS, WORDS, any_text, change_value, filled, json_text, one_of, separated
from google.protobuf.message_factory import GetMessageClass
from inputs import AT, SESSION, Parser, loop, request, text_of
from starlette.requests import Request
from tokens import ACTOR

from showfloor.access.membership.relations import Nobody
from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1.activity_service_pb2 import RecordActivityRequest
from showfloor.api.session.v1.signal_service_pb2 import SignalBatch
from showfloor.gateway.access.callers import COOKIE, same_place
from showfloor.gateway.http import inbound, transcode
from showfloor.gateway.http.contracts import methods
from showfloor.gateway.http.idempotency import key_of
from showfloor.gateway.http.match import Matcher
from showfloor.gateway.http.native import shapes
from showfloor.gateway.http.routes import Route
from showfloor.gateway.live import topics
from showfloor.gateway.native_routes import NATIVE_ROUTES, ROUTES
from showfloor.kernel.refusal import Refusal
from showfloor.observability import tracing
from showfloor.rpc import checks, cursors
from showfloor.rpc.caller import Call, enter
from showfloor.session.activity.edges import rpc_activity
from showfloor.session.activity.edges.reading import FactReader
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import Session
from showfloor.session.signals.edges import batch as signals


class After(msgspec.Struct, frozen=True):
    """A cursor with each type that cursors hold."""

    start: datetime
    session: UUID
    title: str = ""


def new_message(rpc: str) -> Any:
    """Return an empty request message of an RPC."""
    return GetMessageClass(methods()[rpc].input_type)()


def _query(data: bytes) -> Any:
    message = new_message("ListSessions")
    transcode.decode_query(inbound.query_of(request(query=data)), message)
    return message


def _any_rpc(data: bytes) -> Any:
    name, _, body = data.partition(b"\n")
    message = new_message(text_of(name) if text_of(name) in methods() else "RecordActivity")
    transcode.decode(transcode.parse(body), message)
    return message


def _any_rpc_body(rng: Random, _seed: bytes) -> bytes:
    name = rng.choice(sorted(methods()))
    value = transcode.encode(filled(rng, new_message(name)))
    if rng.random() < 0.5:
        value = change_value(rng, value)
    return name.encode() + b"\n" + json.dumps(value).encode()


BODIES = {one.body.__name__: one.body for one in NATIVE_ROUTES if one.body}
OWN_BODIES: dict[str, Any] = {
    "Join": {"display_name": "Kim", "channel": "feed", "traits": {"gender": "female", "age_band": "18-24"}},
    "SignIn": {"email": "a@b.c", "password": "p"},
    "SignInLink": {"token": "t"},
    "NewShop": {"name": "S", "currency": "EUR", "owner_user_id": SESSION},
    "NewAccount": {"name": "A", "shop_id": SESSION, "kind": "official"},
    "NewUser": {"name": "U", "email": "u@example.com", "shop_id": SESSION},
    "AccountRole": {"role": "host"},
    "ShopRole": {"role": "staff"},
    "NewLink": {"user_id": SESSION},
    "Likes": {"count": 3},
    "Shown": {"product_ids": [SESSION]},
    "Click": {"product_id": SESSION},
    "Password": {"password": "long enough for all"},
    "NewCreator": {"name": "C", "shop_id": SESSION},
    "Done": {},
}


def _own_body(data: bytes) -> Any:
    name, _, body = data.partition(b"\n")
    return inbound.shaped(body, BODIES.get(text_of(name), shapes.Join))


def _changed_own_body(rng: Random, _seed: bytes) -> bytes:
    name = rng.choice(list(OWN_BODIES))
    body = json.dumps(OWN_BODIES[name]).encode()
    return name.encode() + b"\n" + (json_text(rng, body) if rng.random() < 0.9 else body)


def _facts(data: bytes) -> Any:
    return asyncio.run(_facts_of_a_caller(data))  # whoever is tested next is nobody's call


async def _facts_of_a_caller(data: bytes) -> Any:
    message = RecordActivityRequest()
    transcode.decode(transcode.parse(data), message)
    enter(Call("RecordActivity", ACTOR, "t", Nobody()))
    told, refused, names = await rpc_activity.read_facts(FactReader(Session(), AT, Policy()), message.facts)
    if refused and not told:
        raise next(iter(refused.values()))
    return told, names


def _changed_facts(rng: Random, seed: bytes) -> bytes:
    if rng.random() < 0.5:
        return json_text(rng, seed)
    message = filled(rng, RecordActivityRequest(), depth=6)
    return json.dumps(transcode.encode(message)).encode()


def _values(data: bytes) -> Any:
    """Read the values that have a form of their own: one of each."""
    value = transcode.parse(data)
    if not isinstance(value, dict):
        return None
    message = new_message("ListSessions")
    transcode.decode({"start_from": value.get("time")}, message)
    money = Money()
    transcode.decode(value.get("money", {}), money)
    word = value.get("text", "")
    return (
        checks.timestamp("time", message.start_from),
        checks.money("money", money),
        checks.text("text", word if isinstance(word, str) else "", 1, 50),
        checks.day("day", str(value.get("day", ""))),
        checks.https("https", str(value.get("https", ""))),
        checks.line("line", str(value.get("line", "")), 0, 60),
    )


def _batch(data: bytes) -> Any:
    try:
        batch = SignalBatch.FromString(data)
    except Exception as error:  # protobuf's own; the gateway answers MALFORMED_PROTOBUF
        assert type(error).__name__ == "DecodeError", error
        return None
    return signals.read(batch)


def batch() -> SignalBatch:
    """Return a good batch of one signal."""
    one = SignalBatch(batch_id=SESSION, session_id=SESSION, offset_ms=bytes(4), kind=b"\1", viewer=bytes(2))
    one.base_time.FromDatetime(AT)
    one.product, one.channel, one.viewers = bytes(2), bytes(1), bytes(range(8))
    return one


def changed_batch(rng: Random, _seed: bytes) -> bytes:
    """Return a batch whose columns fit together, mostly, with few wrong values."""
    one, rows, viewers = batch(), rng.randrange(1, 20), rng.randrange(1, 5)
    one.products.extend(rng.choices(IDS, k=2))
    one.regions.extend(rng.choices(["DE", "FR", "US"], k=2))
    offset = rng.choice([1, 60_000, 3_600_000, 2**32 - 1])
    one.offset_ms = b"".join(rng.randrange(offset).to_bytes(4, "little") for _ in range(rows))
    one.kind = bytes(rng.randrange(1, 8) for _ in range(rows))
    one.viewer = b"".join(rng.randrange(viewers).to_bytes(2, "little") for _ in range(rows))
    one.product = b"".join(rng.randrange(1, 3).to_bytes(2, "little") for _ in range(rows))
    one.channel = bytes(rng.randrange(8) for _ in range(rows))
    one.viewers = rng.randbytes(8 * viewers)
    if rng.random() < 0.5:
        one.viewer_traits = bytes(rng.randrange(4) for _ in range(viewers))
        one.viewer_region = b"".join(rng.randrange(3).to_bytes(2, "little") for _ in range(viewers))
    if rng.random() < 0.3:
        name = rng.choice(["offset_ms", "kind", "viewer", "product", "channel", "viewers", "viewer_region"])
        column = bytearray(getattr(one, name))
        if column:
            column[rng.randrange(len(column))] = rng.randrange(256)
        setattr(one, name, bytes(column))
    return one.SerializeToString()


def _body(*headers: tuple[bytes, bytes]) -> Any:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    scope = {"type": "http", "method": "POST", "path": "/", "headers": list(headers), "query_string": b""}
    return loop().run_until_complete(inbound.body_of(Request(scope, receive), (inbound.JSON,)))


def _announced(data: bytes) -> Any:
    return _body((b"content-length", data), (b"content-type", b"application/json"))


def _trace(data: bytes) -> Any:
    found = tracing.extract_metadata(request((b"traceparent", data), (b"tracestate", data)).headers.items())
    return tracing.context_of(found or "")


def _origin(data: bytes) -> bool:
    origin, _, host = text_of(data).partition(" ")
    return same_place(origin, host)


def _page_tokens(rng: Random, _seed: bytes) -> bytes:
    """Return tokens with a good checksum, and not always the right types."""
    kinds = [(datetime, AT), (UUID, UUID(SESSION)), (str, rng.choice(WORDS)), (int, rng.choice(NUMBERS)), (list, [1])]
    fields = rng.sample(kinds, 3) if rng.random() < 0.5 else kinds[:3]
    made = msgspec.defstruct("After", [(f"f{at}", kind) for at, (kind, _) in enumerate(fields)])
    names = ("start", "session", "title")
    named = msgspec.defstruct("After", [(name, Any) for name in names]) if rng.random() < 0.8 else made
    return cursors.encode(named(*(value for _, value in fields))).encode()


# Escapes: bytes that are no UTF-8 (alone, cut off, too long, a surrogate, beyond Unicode), separators, none at all.
ESCAPES = [
    b"%ff", b"%C3", b"%c3%28", b"%c0%af", b"%e0%80%af", b"%ed%a0%80", b"%f4%90%80%80", b"%f0%9f%91", b"%00", b"%2f",
    b"%2e%2e", b"%25ff", b"%", b"%z", b"%u00e9", b"%f0%9f%91%a9%e2%80%8d%f0%9f%8d%b3", b"%e2%80%ae", b"\xff",
    b"+", b";a",
]  # fmt: skip


def changed_path(rng: Random, seed: bytes) -> bytes:
    """Return a path with one part exchanged: an escape, an id in another form, any text, percent-encoded."""
    parts = seed.split(b"/")
    at = rng.randrange(1, len(parts))
    chance = rng.random()
    if chance < 0.4:
        cut = rng.randrange(len(parts[at]) + 1)
        parts[at] = parts[at][:cut] + rng.choice(ESCAPES) + parts[at][cut:]
    else:
        other = rng.choice(IDS) if chance < 0.7 else any_text(rng)
        parts[at] = quote(other.encode(errors="surrogatepass"), safe="").encode()
    return b"/".join(parts)


def _headers() -> list[Parser]:
    matcher = Matcher(ROUTES)

    def path_of(data: bytes) -> Any:
        inbound.check_path(Request({"type": "http", "method": "PUT", "path": "/", "raw_path": data, "headers": []}))
        found = matcher.find(data, "PUT")
        for value in found[1].values() if found and isinstance(found[0], Route) else ():
            value.encode()  # what a service is asked with is text
            with suppress(Refusal):
                checks.uuid("id", value)
        return found

    cookie = b"a=b; " + COOKIE.encode() + b'="x y"; c'
    paths = [f"/v1/sessions/{SESSION}/bag/%C3%A9", f"/v1/sessions/{SESSION}", f"/v1/watch/{SESSION}/join", "/v1/shops"]
    trace = b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01"
    topic = f"board:{SESSION},watch:{SESSION}".encode()
    some_origin = b"https://live.example.com:8080 live.example.com:8080"
    return [
        Parser("path", paths[0].encode(), path_of, change=one_of(*map(str.encode, paths), then=changed_path)),
        Parser("stream topics", topic, lambda data: topics.parse(text_of(data))),
        Parser("Last-Event-ID", b"12,34", lambda data: topics.positions(text_of(data), 2)),
        Parser("Idempotency-Key", b"k-1", lambda data: key_of(request((b"idempotency-key", data)).headers)),
        Parser("If-Match", b'"12"', lambda data: inbound.expected_version(request((b"if-match", data)))),
        Parser(
            "Content-Type",
            b"application/json; q=1",
            lambda data: _body((b"content-type", data)),
            change=separated(b";"),
        ),
        Parser("Content-Length", b"12", _announced, change=one_of(b"12", b"123456", b"9999999")),
        Parser("Origin and Host", some_origin, _origin, change=separated(b" ")),
        Parser(
            "cookies",
            cookie,
            lambda data: request((b"cookie", data)).cookies.get(COOKIE),
            change=separated(b"; ", b"="),
        ),
        Parser("traceparent", trace, _trace),
        Parser("UUID", SESSION.encode(), lambda data: checks.uuid("x", text_of(data))),
    ]


FACT = {"request_id": "r", "viewer": {"viewer_ref": "v", "display_name": "Kim", "traits": {"region": "DE"}}}
ITEM = {"product_id": SESSION, "quantity": 1, "unit_price": {"minor": 100, "currency": "EUR"}}
FACTS = {
    "session_id": SESSION,
    "facts": [
        {"comment": {**FACT, "text": "hi", "time": "2026-01-01T00:00:00Z"}},
        {"paid_order": {"order": {**FACT, "reference": "o", "items": [ITEM]}, "pay_time": "2026-01-01T00:00:00Z"}},
        {"gift": {**FACT, "gift": "rose", "count": 1, "value": {"minor": 5, "currency": "EUR"}}},
        {"refund": {"request_id": "r", "order_id": SESSION, "amount": {"minor": 5, "currency": "EUR"}}},
    ],
}
VALUES = {
    "time": "2026-01-01T00:00:00Z", "money": {"minor": 5, "currency": "EUR"}, "text": "hi", "day": "2026-05-31",
    "https": "https://example.com/a?b", "line": "one",
}  # fmt: skip
QUERY = b"account_ids=a&page_size=5&states=live&start_from=2026-01-01T00:00:00Z"


def parsers() -> list[Parser]:
    """Return them all."""
    cursor = cursors.encode(After(AT, UUID(SESSION), "mug")).encode()
    own = b"Join\n" + json.dumps(OWN_BODIES["Join"]).encode()
    facts, values = json.dumps(FACTS).encode(), json.dumps(VALUES).encode()
    return [
        Parser("JSON body of any RPC", b"RecordActivity\n" + facts, _any_rpc, change=_any_rpc_body),
        Parser("facts in a JSON body", facts, _facts, change=_changed_facts),
        Parser("times, money, texts, days", values, _values, change=json_text),
        Parser("JSON body of an own route", own, _own_body, change=_changed_own_body),
        Parser("query to message", QUERY, _query, change=separated(b"&", b"=")),
        Parser("page token", cursor, lambda data: cursors.decode(text_of(data), After), change=_page_tokens),
        Parser("SignalBatch columns", batch().SerializeToString(), _batch, change=changed_batch),
        *_headers(),
    ]
