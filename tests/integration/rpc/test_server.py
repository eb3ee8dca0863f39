"""A real server on a real port: what it lets in, what it answers, how it stops."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator

import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from showfloor.access.actor import Actor, ActorKind
from showfloor.access.tokens import Signer, Verifier
from showfloor.api.common.v1 import log_service_pb2 as log_pb2
from showfloor.api.common.v1 import log_service_pb2_grpc as log_grpc
from showfloor.api.common.v1 import operator_service_pb2 as op_pb2
from showfloor.api.common.v1 import operator_service_pb2_grpc as op_grpc
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.observability import metrics, tracing
from showfloor.rpc import caller
from showfloor.rpc.channel import call, connect, stream
from showfloor.rpc.errors import RemoteDefect
from showfloor.rpc.server import Limits, Server, Service
from showfloor.service.operator import log_service, operator_service
from showfloor.testing.refusals import refusal_of
from showfloor.testing.waiting import PATIENCE

OPERATOR = Actor(subject="user:op", kind=ActorKind.OPERATOR)
SERVICE = Actor(subject="service:promotions", kind=ActorKind.SERVICE, scopes=("events",))
SOMEBODY = Actor(subject="user:1", kind=ActorKind.USER)


class Machine:
    """A service's side: each method shows one way a call can go."""

    def __init__(self) -> None:
        self.calls: list[caller.Call] = []
        self.failures_left = 0
        self.refusal: Refusal | None = None
        self.release = asyncio.Event()
        self.entered = asyncio.Event()
        self.cancelled = asyncio.Event()

    async def status(self):
        self.calls.append(caller.current())
        if self.failures_left:
            self.failures_left -= 1
            raise Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", "Not yet.")
        return 7, [op_pb2.PartStatus(kind="view", name="bag", position=5, lag=2, state="running")]

    async def rebuild(self, view: str, compare: bool) -> AsyncIterator[op_pb2.RebuildViewResponse]:
        if view == "nope":
            raise Refusal(RefusalKind.NOT_FOUND, "VIEW_NOT_FOUND", "No such view.", {"view": view})
        if view == "slow":
            yield op_pb2.RebuildViewResponse(view=view)
            await self.dead_letters("")
        for done in (1, 2):
            yield op_pb2.RebuildViewResponse(view=view, done=done, total=2, swapped=done == 2)
        if view == "breaks":
            raise ZeroDivisionError("Ada's secret")

    async def fingerprint(self, view: str):
        raise ZeroDivisionError("Ada's secret")

    async def dead_letters(self, subscription: str):
        self.entered.set()
        try:
            await self.release.wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        return [op_pb2.DeadLetter(dead_letter_id="1")] * 1_001

    async def rebuild_stream(self) -> AsyncIterator[op_pb2.RebuildStreamResponse]:
        yield op_pb2.RebuildStreamResponse(stage="filled", public_events=3, published=3)

    async def replay(self, dead_letter_id: str) -> bool:
        if self.refusal:
            raise self.refusal
        return dead_letter_id == "1"

    async def read(self, after: int, limit: int):
        return [log_pb2.PublicEvent(position=after + 1)], after + limit

    async def fetch_one(self, *_: object) -> dict[str, str]:
        return {"id": "log-1"}


@pytest.fixture
def signer(tmp_path):
    return Signer(tmp_path / "keys.json")


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
async def server(signer, machine):
    server = Server(
        [operator_service("session", machine), log_service(machine, machine)],
        Verifier(signer.jwks),
        Limits(drain_s=0.3, message_bytes=100_000),
    )
    server.port = await server.start()
    yield server
    machine.release.set()
    await server.stop()


@pytest.fixture
async def channel(server):
    async with connect(f"127.0.0.1:{server.port}") as channel:
        yield channel


@pytest.fixture
def stub(channel):
    return op_grpc.OperatorServiceStub(channel)


async def test_an_answer_and_who_asked(stub, signer, machine):
    token = signer.sign(OPERATOR)
    answer = await call(stub.GetStatus, op_pb2.GetStatusRequest(), timeout=5, token=token)
    assert (answer.service, answer.last_position, answer.parts[0].lag) == ("session", 7, 2)
    (seen,) = machine.calls
    assert (seen.actor, seen.method, seen.token) == (OPERATOR, "GetStatus", token)
    assert seen.meta("r-1").actor == "user:op"


async def test_a_call_without_deadline_is_refused(stub, signer):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.GetStatus(
            op_pb2.GetStatusRequest(), metadata=(("authorization", "Bearer " + signer.sign(OPERATOR)),)
        )
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert b"DEADLINE_REQUIRED" in dict(caught.value.trailing_metadata())["grpc-status-details-bin"]


@pytest.mark.parametrize("token", ["", "junk", "a.b.c"])
async def test_nobody_gets_in_without_a_good_token(stub, token, machine):
    refusal = await refusal_of(call(stub.GetStatus, op_pb2.GetStatusRequest(), timeout=5, token=token))
    assert (refusal.kind, refusal.reason) == (RefusalKind.UNAUTHENTICATED, "UNAUTHENTICATED")
    assert machine.calls == []


@pytest.mark.parametrize("actor", [SOMEBODY, SERVICE])
async def test_operator_calls_are_for_operators(stub, signer, actor):
    token = signer.sign(actor)
    refusal = await refusal_of(call(stub.GetStatus, op_pb2.GetStatusRequest(), timeout=5, token=token))
    assert (refusal.kind, refusal.reason) == (RefusalKind.DENIED, "PERMISSION")
    again = stream(stub.RebuildView, op_pb2.RebuildViewRequest(view="bag"), timeout=5, token=token)
    assert (await refusal_of(anext(again))).kind is RefusalKind.DENIED


async def test_the_log_is_for_services(channel, signer):
    reader = log_grpc.LogServiceStub(channel)
    request = log_pb2.ReadEventsRequest(after_position=4, limit=10)
    answer = await call(reader.ReadEvents, request, timeout=5, token=signer.sign(SERVICE))
    assert (answer.events[0].position, answer.last_position, answer.log_id) == (5, 14, "log-1")
    denied = await refusal_of(call(reader.ReadEvents, request, timeout=5, token=signer.sign(OPERATOR)))
    assert denied.kind is RefusalKind.DENIED
    request.limit = 1_001
    bad = await refusal_of(call(reader.ReadEvents, request, timeout=5, token=signer.sign(SERVICE)))
    assert (bad.kind, bad.metadata) == (RefusalKind.INVALID, {"field": "limit"})


async def test_a_stream_answers_and_refuses(stub, signer):
    token = signer.sign(OPERATOR)

    async def rebuild(view: str) -> list[int]:
        request = op_pb2.RebuildViewRequest(view=view)
        return [m.done async for m in stream(stub.RebuildView, request, timeout=5, token=token)]

    assert await rebuild("bag") == [1, 2]
    refusal = await refusal_of(rebuild("nope"))
    assert (refusal.reason, refusal.metadata) == ("VIEW_NOT_FOUND", {"view": "nope"})
    assert (await refusal_of(rebuild(""))).metadata == {"field": "view"}
    with pytest.raises(RemoteDefect):
        await rebuild("breaks")


async def test_calls_at_the_same_time_do_not_mix_up_who_asks(stub, signer, machine):
    actors = [Actor(subject=f"user:{n}", kind=ActorKind.OPERATOR) for n in range(50)]
    asked = (call(stub.GetStatus, op_pb2.GetStatusRequest(), timeout=5, token=signer.sign(a)) for a in actors)
    await asyncio.gather(*asked)
    assert sorted(seen.actor.subject for seen in machine.calls) == sorted(a.subject for a in actors)
    with pytest.raises(LookupError):
        caller.current()


async def test_a_caller_who_leaves_ends_the_stream(stub, signer, machine, tmp_path, caplog):
    tracing.configure("session", span_file=tmp_path / "spans")
    try:
        token = signer.sign(OPERATOR)
        async for _ in stream(stub.RebuildView, op_pb2.RebuildViewRequest(view="slow"), timeout=60, token=token):
            break
        await asyncio.wait_for(machine.cancelled.wait(), PATIENCE)
    finally:
        tracing.shutdown()
    assert "RebuildView" in (tmp_path / "spans").read_text()
    assert "ERROR" not in caplog.text


async def test_a_defect_shows_an_id_and_nothing_else(stub, signer, caplog):
    caplog.set_level(logging.ERROR)
    with pytest.raises(RemoteDefect) as caught:
        await call(
            stub.GetFingerprint, op_pb2.GetFingerprintRequest(view="bag"), timeout=5, token=signer.sign(OPERATOR)
        )
    assert "Ada" not in str(caught.value) and caught.value.code == "INTERNAL"
    error_id = str(caught.value).split("error ")[1].rstrip(".")
    assert len(error_id) == 16


@pytest.mark.parametrize("kind", list(RefusalKind))
@pytest.mark.parametrize("text", ["plain", "a\nb\x00\x7f%41é", "购物 مرحبا 👩🏽‍🚀", "\U0001f6cd" * 10_000])
async def test_every_refusal_crosses_the_wire(stub, signer, machine, kind, text):
    machine.refusal = Refusal(kind, "SOME_REASON", text, {f"k{n}": text for n in range(16)})
    request = op_pb2.ReplayDeadLetterRequest(dead_letter_id="1")
    refusal = await refusal_of(call(stub.ReplayDeadLetter, request, timeout=5, token=signer.sign(OPERATOR)))
    assert (refusal.kind, refusal.reason, refusal.message) == (kind, "SOME_REASON", text[:500])
    assert refusal.metadata == {f"k{n}": text[:200] for n in range(16)}


async def test_calls_are_counted_by_method_and_code(stub, signer):
    def count(code: str) -> float:
        return metrics.counter("rpc_calls", "", ("method", "code")).labels("ReplayDeadLetter", code)._value.get()

    ok, refused = count("OK"), count("INVALID_ARGUMENT")
    token = signer.sign(OPERATOR)
    answer = await call(
        stub.ReplayDeadLetter, op_pb2.ReplayDeadLetterRequest(dead_letter_id="1"), timeout=5, token=token
    )
    assert answer.handled
    await refusal_of(call(stub.ReplayDeadLetter, op_pb2.ReplayDeadLetterRequest(), timeout=5, token=token))
    assert (count("OK"), count("INVALID_ARGUMENT")) == (ok + 1, refused + 1)


async def test_one_trace_from_caller_to_servicer(stub, signer, machine, tmp_path):
    spans = tmp_path / "spans.jsonl"
    tracing.configure("session", span_file=spans)
    try:
        with tracing.span("rest"):
            await call(stub.GetStatus, op_pb2.GetStatusRequest(), timeout=5, token=signer.sign(OPERATOR))
    finally:
        tracing.shutdown()
    served, rest = (json.loads(line) for line in spans.read_text().splitlines())
    assert served["name"] == "showfloor.api.common.v1.OperatorService/GetStatus"
    assert served["parent_id"] == rest["context"]["span_id"]
    assert served["kind"] == "SpanKind.SERVER"


async def test_only_idempotent_calls_are_tried_again(stub, signer, machine):
    token = signer.sign(OPERATOR)
    machine.failures_left = 2
    answer = await call(stub.GetStatus, op_pb2.GetStatusRequest(), timeout=5, token=token, idempotent=True)
    assert answer.last_position == 7 and len(machine.calls) == 3
    machine.failures_left, machine.calls = 1, []
    refusal = await refusal_of(call(stub.GetStatus, op_pb2.GetStatusRequest(), timeout=5, token=token))
    assert refusal.kind is RefusalKind.UNAVAILABLE and len(machine.calls) == 1
    machine.failures_left, machine.calls = 9, []
    asked = call(stub.GetStatus, op_pb2.GetStatusRequest(), timeout=5, token=token, idempotent=True)
    assert (await refusal_of(asked)).kind is RefusalKind.UNAVAILABLE and len(machine.calls) == 4


async def test_the_deadline_ends_the_work_too(stub, signer, machine):
    token = signer.sign(OPERATOR)
    refusal = await refusal_of(call(stub.ListDeadLetters, op_pb2.ListDeadLettersRequest(), timeout=0.2, token=token))
    assert (refusal.kind, refusal.reason) == (RefusalKind.UNAVAILABLE, "DEADLINE_EXCEEDED")
    await asyncio.wait_for(machine.cancelled.wait(), PATIENCE)


async def test_a_message_too_large_is_refused(stub, signer):
    request = op_pb2.RebuildViewRequest(view="x" * 200_000)
    refusal = await refusal_of(anext(stream(stub.RebuildView, request, timeout=5, token=signer.sign(OPERATOR))))
    assert refusal.kind is RefusalKind.LIMIT


async def test_health_and_reflection_need_neither_token_nor_deadline(channel):
    health = health_pb2_grpc.HealthStub(channel)
    for name in ("", "showfloor.api.common.v1.OperatorService"):
        answer = await health.Check(health_pb2.HealthCheckRequest(service=name))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
    reflection = reflection_pb2_grpc.ServerReflectionStub(channel)
    asked = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
    names = [s.name async for r in reflection.ServerReflectionInfo(asked) for s in r.list_services_response.service]
    assert "showfloor.api.common.v1.OperatorService" in names


async def test_stopping_lets_running_calls_end(server, stub, signer, machine):
    token = signer.sign(OPERATOR)
    running = asyncio.create_task(call(stub.ListDeadLetters, op_pb2.ListDeadLettersRequest(), timeout=5, token=token))
    await machine.entered.wait()
    stopping = asyncio.create_task(server.stop())
    await asyncio.sleep(0.05)
    machine.release.set()
    assert len((await running).dead_letters) == 1_000
    await stopping


async def test_stopping_cancels_what_does_not_end(server, stub, signer, machine):
    token = signer.sign(OPERATOR)
    running = asyncio.create_task(call(stub.ListDeadLetters, op_pb2.ListDeadLettersRequest(), timeout=5, token=token))
    await machine.entered.wait()
    await server.stop()
    assert isinstance((await asyncio.gather(running, return_exceptions=True))[0], Refusal | RemoteDefect)
    assert machine.cancelled.is_set()


async def test_a_call_waits_for_a_service_that_starts_late(signer, machine):
    first = Server([operator_service("session", machine)], Verifier(signer.jwks), Limits(drain_s=0))
    port = await first.start()
    async with connect(f"127.0.0.1:{port}") as channel:
        stub = op_grpc.OperatorServiceStub(channel)
        await call(stub.GetStatus, op_pb2.GetStatusRequest(), timeout=5, token=signer.sign(OPERATOR))
        await first.stop()
        asked = asyncio.create_task(
            call(stub.GetStatus, op_pb2.GetStatusRequest(), timeout=8, token=signer.sign(OPERATOR), idempotent=True)
        )
        await asyncio.sleep(0.2)
        second = Server([operator_service("session", machine)], Verifier(signer.jwks), Limits(drain_s=0))
        await second.start(port=port)
        assert (await asked).last_position == 7
        await second.stop()


async def test_a_taken_port_is_an_error(server, signer, machine):
    other = Server([operator_service("session", machine)], Verifier(signer.jwks))
    with pytest.raises(OSError, match="in use"):
        await other.start(port=server.port)
    await other.stop()


async def test_too_many_calls_at_once_are_refused(signer, machine):
    server = Server(
        [operator_service("session", machine)], Verifier(signer.jwks), Limits(drain_s=0, concurrent_calls=1)
    )
    port = await server.start()
    async with connect(f"127.0.0.1:{port}") as channel:
        stub = op_grpc.OperatorServiceStub(channel)
        token = signer.sign(OPERATOR)
        first = asyncio.create_task(call(stub.ListDeadLetters, op_pb2.ListDeadLettersRequest(), timeout=5, token=token))
        await machine.entered.wait()
        refusal = await refusal_of(call(stub.GetStatus, op_pb2.GetStatusRequest(), timeout=5, token=token))
        assert refusal.kind is RefusalKind.LIMIT
        machine.release.set()
        await first
    await server.stop()


def test_a_service_with_an_rpc_without_policy_does_not_start(signer):
    descriptor = health_pb2.DESCRIPTOR.services_by_name["Health"]
    with pytest.raises(ValueError, match="no policy permits Check"):
        Server([Service(descriptor, object())], Verifier(signer.jwks))
