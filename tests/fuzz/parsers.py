"""Everything that reads what comes from outside, as (name, a good example, read, the refusals it may answer with)."""

import asyncio
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

import msgspec
from google.protobuf.message_factory import GetMessageClass
from starlette.requests import Request

from showfloor.access.actor import Actor, ActorKind, Role
from showfloor.access.tokens import Signer, Verifier
from showfloor.api.session.v1.signal_service_pb2 import SignalBatch
from showfloor.cli.backups import manifest
from showfloor.cli.history import read_catalogue, read_history
from showfloor.cli.recordings import COLUMNS, BadRecording, Recording
from showfloor.cli.rows import BadFile
from showfloor.gateway.access.callers import COOKIE
from showfloor.gateway.access.viewers import Passes, Traits, is_pass
from showfloor.gateway.api import inbound, shapes, transcode
from showfloor.gateway.api.idempotency import key_of
from showfloor.gateway.api.match import Matcher
from showfloor.gateway.api.own import ROUTES
from showfloor.gateway.clients import methods
from showfloor.gateway.live import topics
from showfloor.kernel.refusal import Refusal
from showfloor.observability import tracing
from showfloor.platform.trouble import Trouble
from showfloor.rpc import checks, cursors
from showfloor.session.signals import batch as signals

FOLDER = Path(mkdtemp(prefix="showfloor-fuzz-"))
SESSION = "0195f0aa-0000-7000-8000-000000000001"
NOW = 1_800_000_000.0


PIECES = [b"", b"\0", b"\xff", b'"', b"{", b"[" * 500, b"%", b"\n", b",", b".", b";", b"-", b"9" * 25, b"\xed\xa0\x80"]
Edit = tuple[int, int, bytes]


@dataclass(frozen=True)
class Parser:
    """One reader of bytes: returns something, or raises one of `refusals`; anything else is a defect."""

    name: str
    seed: bytes
    read: Callable[[bytes], Any]
    refusals: tuple[type[Exception], ...] = (Refusal,)


def edited(seed: bytes, changes: list[Edit]) -> bytes:
    """Return a good input with a few places overwritten: (where, how many bytes, by what)."""
    for at, length, piece in changes:
        start = at % (len(seed) + 1)
        seed = seed[:start] + piece + seed[start + length :]
    return seed


def run(parser: Parser, data: bytes) -> bool:
    """Read it; return whether it was taken. Raises what is a defect."""
    try:
        parser.read(data)
    except parser.refusals:
        return False
    return True


class After(msgspec.Struct, frozen=True):
    """A cursor with each type that cursors hold."""

    start: datetime
    session: UUID
    title: str = ""


def _text(data: bytes) -> str:
    return data.decode("latin-1")


def _request(*headers: tuple[bytes, bytes], query: bytes = b"") -> Request:
    return Request({"type": "http", "method": "POST", "path": "/", "headers": list(headers), "query_string": query})


def _message(data: bytes) -> Any:
    message = GetMessageClass(methods()["RecordActivity"].input_type)()
    transcode.decode(transcode.parse(data), message)
    return message


def _query(data: bytes) -> Any:
    message = GetMessageClass(methods()["ListSessions"].input_type)()
    transcode.decode_query(inbound.query_of(_request(query=data)), message)
    return message


def _batch(data: bytes) -> Any:
    try:
        batch = SignalBatch.FromString(data)
    except Exception as error:  # protobuf's own; the gateway answers MALFORMED_PROTOBUF
        assert type(error).__name__ == "DecodeError", error
        return None
    return signals.read(batch)


def _file(read: Callable[[Path], Any], pack: Callable[[bytes], bytes] = bytes) -> Callable[[bytes], Any]:
    path = FOLDER / f"{len(list(FOLDER.iterdir()))}"
    path.touch()

    def run(data: bytes) -> Any:
        path.write_bytes(pack(data))
        return read(path)

    return run


def _recording(path: Path) -> list[Any]:
    batches = [entry.signals for entry in Recording(path).entries() if entry.signals]
    return [batch.column(name) for batch in batches for name in COLUMNS]


def _lines(data: bytes) -> bytes:
    return gzip.compress(data, 0)


@cache
def _signer() -> Signer:
    return Signer(FOLDER / "signing.jwks", lambda: NOW)


@cache
def _passes() -> Passes:
    return Passes(FOLDER / "viewers.key", lambda: NOW)


def _verifier() -> Callable[[bytes], Any]:
    verifier = Verifier(_signer().jwks, lambda: NOW)
    return lambda data: verifier.verify(_text(data))


ACTOR = Actor(subject="user:1", kind=ActorKind.USER, accounts={"a": Role.HOST})
RECORDING = (
    b'{"format":"showfloor-recording/1","title":"T","shop":"S","account":"A","currency":"EUR","duration_ms":1000,'
    b'"simulated":[],"totals":{"gmv":1},"signals":1,"facts":1}\n'
    b'[{"reference":"r","title":"T","category":"C","price":1}]\n'
    b'{"t":1,"pin":0}\n{"t":2,"fact":{"id":"1","kind":"comment","viewer":"v","text":"hi"}}\n'
    b'{"t":3,"signals":{"rows":1,"base":1,"offset_ms":"AAAAAA==","kind":"AQ==","viewer":"AAA=","product":"AAA=",'
    b'"channel":"AA==","viewers":"AAAAAAAAAAA=","traits":"AA=="}}\n'
)
BODY = (
    b'{"session_id":"s","facts":[{"comment":{"text":"hi","time":"2026-01-01T00:00:00Z","viewer":{"viewer_ref":"v"}}}]}'
)
HISTORY = b"session,host,started_at,duration_s,views,gmv_eur\ns1,Ana,2026-01-01T10:00:00Z,3600,10,12.50\n"
MANIFEST = (
    b'{"product":"showfloor-backup","format":1,"version":"1","postgres":"18.1","began":"2026-01-01T00:00:00Z","ended":'
    b'"2026-01-01T00:00:01Z","signals":"folded","services":{"session":{"last_position":1,"migrations":{},"views":{}}},'
    b'"folders":["b"],"files":{"a":{"size":1,"sha256":"00"}}}'
)
JOIN = b'{"display_name":"Kim","channel":"feed","traits":{"gender":"female","age_band":"18-24","region":"DE"}}'


def all_parsers() -> list[Parser]:
    """Return every parser with a good example of what it reads."""
    matcher, verify, passes = Matcher(ROUTES), _verifier(), _passes()
    one = SignalBatch(batch_id=SESSION, session_id=SESSION, offset_ms=bytes(4), kind=b"\1", viewer=bytes(2))
    one.base_time.FromDatetime(datetime(2026, 1, 1, tzinfo=UTC))
    one.product, one.channel, one.viewers = bytes(2), bytes(1), bytes(range(8))
    cursor = cursors.encode(After(datetime(2026, 1, 1, tzinfo=UTC), UUID(SESSION), "mug")).encode()
    ticket = passes.issue(SESSION, "Kim", "feed", Traits())[0].encode()
    cookie = b"a=b; " + COOKIE.encode() + b'="x y"; c'
    bad_file = (BadFile,)
    return [
        Parser("JSON body to message", BODY, _message),
        Parser("query to message", b"account_ids=a&page_size=5&states=live&start_from=2026-01-01T00:00:00Z", _query),
        Parser("JSON body of an own route", JOIN, lambda data: inbound.shaped(data, shapes.Join)),
        Parser("path", f"/v1/sessions/{SESSION}/bag/%C3%A9".encode(), lambda data: matcher.find(data, "PUT")),
        Parser("page token", cursor, lambda data: cursors.decode(_text(data), After)),
        Parser("stream topics", f"board:{SESSION},watch:{SESSION}".encode(), lambda data: topics.parse(_text(data))),
        Parser("Last-Event-ID", b"12,34", lambda data: topics.positions(_text(data), 2)),
        Parser("Idempotency-Key", b"k-1", lambda data: key_of(_request((b"idempotency-key", data)).headers)),
        Parser("If-Match", b'"12"', lambda data: inbound.expected_version(_request((b"if-match", data)))),
        Parser("Content-Type", b"application/json; q=1", _body),
        Parser("cookies", cookie, lambda data: _request((b"cookie", data)).cookies.get(COOKIE)),
        Parser("traceparent", b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01", _trace),
        Parser("UUID", SESSION.encode(), lambda data: checks.uuid("x", _text(data))),
        Parser("SignalBatch columns", one.SerializeToString(), _batch),
        Parser("internal token", _signer().sign(ACTOR).encode(), verify),
        Parser("viewer's token", ticket, lambda data: (is_pass(_text(data)), passes.read(_text(data)))),
        Parser(".live lines", RECORDING, _file(_recording, _lines), (BadRecording,)),
        Parser(".live file", gzip.compress(RECORDING), _file(_recording), (BadRecording,)),
        Parser("history CSV", HISTORY, _file(lambda path: read_history(path, "S")), bad_file),
        Parser("backup manifest", MANIFEST, lambda data: manifest.read(data, FOLDER), (Trouble,)),
        Parser("catalogue CSV", b"product,title,price_eur\np1,Tea,12.50\n", _file(read_catalogue), bad_file),
    ]


def _trace(data: bytes) -> Any:
    return tracing.extract(_request((b"traceparent", data), (b"tracestate", data)).headers)


def _body(data: bytes) -> Any:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"content-type", data)], "query_string": b""}
    work = inbound.body_of(Request(scope, receive), (inbound.JSON,))
    loop = _loop()
    return loop.run_until_complete(work)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()
