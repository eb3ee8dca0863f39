"""What processes tell each other: events, ticks, signals, tokens, and what brokers and services answer."""

import asyncio
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import msgspec
from changes import IDS, Change, alike, filled, json_text, one_of, separated, word
from google.protobuf.message import DecodeError, Message
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from grpc import StatusCode
from grpc.aio import AioRpcError, Metadata
from inputs import AT, NOW, SESSION, Parser, loop, text_of
from tokens import ACTOR, internal_tokens, signer, verifier
from web import batch, changed_batch

from showfloor.access.tokens import Verifier
from showfloor.api.common.v1 import log_service_pb2
from showfloor.api.session.v1 import session_events_pb2
from showfloor.api.session.v1.activity_service_pb2 import ListActivityResponse
from showfloor.api.session.v1.board_service_pb2 import GetBoardResponse
from showfloor.api.session.v1.session_service_pb2 import WatchSessionResponse
from showfloor.eventstore.mapper import Mapper, UnknownTopic, Unreadable
from showfloor.gateway.http.transcode import encode
from showfloor.gateway.live.channel import Channel
from showfloor.gateway.watch import subscribe
from showfloor.kernel.event import Recorded
from showfloor.kernel.refusal import Refusal
from showfloor.kernel.tracking import StreamPosition
from showfloor.messaging.bus import Delivered
from showfloor.messaging.public import POSITION, PREVIOUS, from_delivered
from showfloor.messaging.publisher import read_reply
from showfloor.messaging.reader import place_of
from showfloor.messaging.signals import message_of
from showfloor.platform import health
from showfloor.rpc import errors
from showfloor.rpc.guard import token_in
from showfloor.service import following
from showfloor.service.publishing import Unpublishable
from showfloor.session.service import DECIDERS, PUBLIC
from showfloor.session.signals.domain.room import Room, advance
from showfloor.session.signals.domain.rows import InvalidBatch
from showfloor.session.signals.domain.tally import add_up, gather
from showfloor.session.signals.edges import batch as signals
from showfloor.testing.ledger import LEDGER

HISTORIES = Path(__file__).parents[1] / "contract/session/histories"


def _stored() -> list[bytes]:
    found = [b'ledger.deposited:1\n[{"actor":"a"},{"at":"2026-01-01T00:00:00Z","value":5,"note":"n"}]']
    for file in sorted(HISTORIES.glob("*.json")):
        for event in json.loads(file.read_bytes())["events"]:
            found.append(event["topic"].encode() + b"\n" + event["state"].encode())
    return found


@cache
def _mapper() -> Mapper:
    return Mapper((*DECIDERS, LEDGER))


def _decoded(data: bytes) -> Recorded:
    topic, _, state = data.partition(b"\n")
    known = text_of(topic) if topic.count(b".") else "ledger.deposited:1"
    return _mapper().decode((1, UUID(SESSION), 1, known, state))


def _published(data: bytes) -> Any:
    return PUBLIC.publish(_decoded(data))


def _changed_event(rng: Random, seed: bytes) -> bytes:
    topic, _, state = seed.partition(b"\n")
    return topic + b"\n" + json_text(rng, state)


def _delivered(data: bytes) -> Any:
    head, _, body = data.partition(b"\n\n")
    lines = text_of(head).split("\n")
    headers = dict(line.partition(": ")[::2] for line in lines[1:])
    message = from_delivered(Delivered(lines[0], body, headers, StreamPosition(AT, 1)))
    return message, loop().run_until_complete(subscribe.handle(message))


HEADERS = {
    POSITION: "12", PREVIOUS: "11", "ce-specversion": "1.0", "ce-id": "session/12", "ce-source": "/showfloor/session",
    "ce-type": "showfloor.api.session.v1.WentLive", "ce-subject": SESSION, "ce-time": "2026-01-01T00:00:00+00:00",
}  # fmt: skip
STARTED = session_events_pb2.WentLive(session_id=SESSION, account_id=SESSION, shop_id=SESSION, title="T")
STARTED.start_time.FromDatetime(AT)


def _wire(headers: dict[str, str], body: bytes) -> bytes:
    return "\n".join(["public.session", *(f"{k}: {v}" for k, v in headers.items())]).encode() + b"\n\n" + body


def _changed_delivery(rng: Random, _seed: bytes) -> bytes:
    headers, message = dict(HEADERS), STARTED
    if rng.random() < 0.6:
        name = rng.choice(list(headers))
        headers[name] = word(rng) if rng.random() < 0.5 else alike(rng, headers[name].encode()).decode()
        headers[name] = headers[name].encode("latin-1", "replace").decode("latin-1")
    else:
        message = filled(rng, session_events_pb2.WentLive())
    return _wire(headers, message.SerializeToString())


def _read_events(data: bytes) -> Any:
    return [following.message_of("session", one) for one in log_service_pb2.ReadEventsResponse.FromString(data).events]


def _changed_events(rng: Random, _seed: bytes) -> bytes:
    page = filled(rng, log_service_pb2.ReadEventsResponse())
    for one in page.events:
        if rng.random() < 0.8:
            one.time = rng.choice(["2026-01-01T00:00:00+00:00", "0001-01-01T00:00:00+23:00", "2026-01-01"])
    return page.SerializeToString()


TICKS: dict[str, type[Message]] = {
    "activity": ListActivityResponse, "board": GetBoardResponse, "watch": WatchSessionResponse,
}  # fmt: skip


def _tick(data: bytes) -> Any:
    kind, _, body = data.partition(b"\n")
    channel = Channel(SESSION, None, encode)
    channel.on_tick(f"live.{SESSION}.{text_of(kind)}", body)
    shown = [found.frame() for name in TICKS if name != "activity" and (found := channel.newest(name)) is not None]
    if kind == b"activity":
        try:
            message = ListActivityResponse.FromString(body)
        except DecodeError:
            return shown
        if message.activities:
            lines = channel.lines(message)
            shown += [lines.frame(comments_only=True), lines.frame_after(lines.first, comments_only=False, id_="1")]
    return shown


def _changed_tick(rng: Random, _seed: bytes) -> bytes:
    kind = rng.choice(list(TICKS))
    return kind.encode() + b"\n" + filled(rng, TICKS[kind](), depth=5).SerializeToString()


def _stored_batch(data: bytes) -> Any:
    page = gather([signals.parse(data)])
    assert page is not None
    rooms = [advance(Room(), told, page.newest[name], recorded=False) for name, told in page.visits.items()]
    tally = add_up(page)
    return rooms, [datetime.fromtimestamp(ms / 1000, AT.tzinfo) for ms in tally.newest.values()]


def _signal(data: bytes) -> Any:
    head, _, body = data.partition(b"\n\n")
    subject, _, known_as = text_of(head).partition("\n")
    return message_of(Delivered(subject, body, {"Nats-Msg-Id": known_as}, StreamPosition(AT, 1)))


def _metadata(data: bytes) -> Any:
    return known.verify(token_in([("authorization", text_of(data)), ("traceparent", "00")]))


def _bearer(rng: Random, seed: bytes) -> bytes:
    return b"Bearer " + _tokens()(rng, seed) if rng.random() < 0.9 else b"bearer x"


@cache
def _tokens() -> Change:
    return internal_tokens()


known = verifier()


def _status(data: bytes) -> Any:
    trailing = Metadata((errors.DETAILS_KEY, data))
    return errors.from_rpc_error(AioRpcError(StatusCode.INTERNAL, Metadata(), trailing, "d"))


def _good_status() -> bytes:
    return errors.to_status(
        Refusal(errors.RefusalKind.INVALID, "INVALID_FIELD", "m", {"field": "f"})
    ).SerializeToString()


def _changed_status(rng: Random, _seed: bytes) -> bytes:
    status = Status(
        code=rng.choice([0, 3, 5, 7, 8, 9, 10, 13, 14, 16, 99, -1]), message=word(rng).encode(errors="replace").decode()
    )
    info = ErrorInfo(reason=rng.choice(IDS), domain=rng.choice(["showfloor", "other"]), metadata={"field": "f"})
    detail = status.details.add()
    detail.Pack(info)
    if rng.random() < 0.3:
        detail.value = alike(rng, detail.value)[: rng.randrange(60)]
    return status.SerializeToString()


def _published_keys(data: bytes) -> Any:
    return Verifier(lambda: msgspec.json.decode(data), lambda: NOW).verify(TOKEN)


TOKEN = signer().sign(ACTOR)


class _Client:
    """The other end of a connection: takes what is written."""

    def __init__(self) -> None:
        self.sent = b""

    def write(self, part: bytes) -> None:
        self.sent += part

    async def wait_closed(self) -> None:
        return

    def close(self) -> None:
        return

    def abort(self) -> None:
        return

    @property
    def transport(self) -> "_Client":
        return self


def _asked(data: bytes) -> bytes:
    async def ask() -> bytes:
        reader, client = asyncio.StreamReader(), _Client()
        reader.feed_data(data)
        reader.feed_eof()
        await health.answer_one(health.Health(), reader, client)
        return client.sent

    return loop().run_until_complete(ask())


def _streams() -> list[Parser]:
    listed = log_service_pb2.ReadEventsResponse()
    listed.events.add(position=1, type=HEADERS["ce-type"], key=SESSION, time=HEADERS["ce-time"])
    board = b"board\n" + GetBoardResponse().SerializeToString()
    place = b"$JS.ACK.PUBLIC_SESSION.c1.1.12.12.1767225600000000000.0"
    one = f"signals.3.{SESSION}\n{SESSION}/b-1\n\n".encode()
    told = _wire(HEADERS, STARTED.SerializeToString())
    reply = b'{"stream":"SIGNALS","seq":5,"duplicate":true}'
    replies = (reply, b'{"error":{"code":503,"err_code":10071,"description":"wrong last sequence"}}')
    odd = (ValueError, DecodeError)  # the subscription makes it a dead letter, or passes over it
    return [
        Parser("public event off the bus", told, _delivered, odd, _changed_delivery),
        Parser("public events of ReadEvents", listed.SerializeToString(), _read_events, odd, _changed_events),
        Parser("tick", board, _tick, (), _changed_tick),
        Parser("stored signal batch", one, _signal, (ValueError,), separated(b".")),
        Parser("batch in the fold", batch().SerializeToString(), _stored_batch, (Refusal, InvalidBatch), changed_batch),
        Parser("place in a stream", place, lambda data: place_of(text_of(data)), (ValueError,), separated(b".")),
        Parser("confirmation of the broker", reply, read_reply, (), one_of(*replies, then=json_text)),
    ]


def parsers() -> list[Parser]:
    """Return them all."""
    events, keys = _stored(), json.dumps(signer().jwks()).encode()
    bearer = b"Bearer " + TOKEN.encode()
    get = b"GET /readyz?a HTTP/1.1\r\nHost: a\r\n\r\n"
    return [
        Parser("stored event", events[0], _decoded, (Unreadable, UnknownTopic), one_of(*events, then=_changed_event)),
        Parser(
            "public event of a stored one",
            events[-1],
            _published,
            (Unreadable, UnknownTopic, Unpublishable),
            one_of(*events, then=_changed_event),
        ),
        *_streams(),
        Parser("token in gRPC metadata", bearer, _metadata, change=_bearer),
        Parser("status of a failed call", _good_status(), _status, (), _changed_status),
        Parser("published keys", keys, _published_keys, change=json_text),
        Parser("request of a probe", get, _asked, (), separated(b"\r\n", b" ")),
    ]
