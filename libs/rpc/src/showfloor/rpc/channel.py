"""Calls to other services: a deadline always, retries only where they are safe, refusals as refusals."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, TypeVar, cast

import grpc.aio
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, stop_before_delay, wait_random_exponential

from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.observability import tracing
from showfloor.rpc.caller import BEARER
from showfloor.rpc.errors import from_rpc_error

ATTEMPTS = 4  # in all, of an idempotent call
MESSAGE_BYTES = 16 * 1024 * 1024
METADATA_BYTES = 16 * 1024  # a token takes 2 KB at most

Q = TypeVar("Q")
A = TypeVar("A")

Channel = grpc.aio.Channel


def connect(address: str, keepalive_s: float = 30.0) -> Channel:
    """Return a channel to "host:port". It connects by itself and again after a loss; close it at the end."""
    options = [
        ("grpc.max_receive_message_length", MESSAGE_BYTES),
        ("grpc.max_send_message_length", MESSAGE_BYTES),
        ("grpc.max_metadata_size", METADATA_BYTES),
        ("grpc.absolute_max_metadata_size", METADATA_BYTES),
        ("grpc.keepalive_time_ms", int(keepalive_s * 1000)),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 2_000),
        ("grpc.enable_retries", 0),  # ours know which calls are safe
    ]
    return grpc.aio.insecure_channel(address, options)


def methods(channel: Channel, service: ServiceDescriptor) -> dict[str, Any]:
    """Return each RPC of a service by its name, as a generated stub has it: for `call`, and for `stream`."""
    found: dict[str, Any] = {}
    for method in service.methods:
        assert not method.client_streaming, "nobody sends requests as a stream"
        make = channel.unary_stream if method.server_streaming else channel.unary_unary
        found[method.name] = make(
            f"/{service.full_name}/{method.name}",
            request_serializer=GetMessageClass(method.input_type).SerializeToString,
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
    return found


async def call(
    method: "grpc.UnaryUnaryMultiCallable[Q, A] | grpc.aio.UnaryUnaryMultiCallable[Q, A]",
    request: Q,
    *,
    timeout: float,  # noqa: ASYNC109  the other side must know it too
    token: str = "",
    idempotent: bool = False,
) -> A:
    """Ask another service and return its answer.

    `method` is a method of a generated stub; its type may say "blocking", on our channels none is. `timeout` in
    seconds bounds all attempts together and is what the other side sees as its deadline. `idempotent` says that
    sending the same request twice does no harm (a read, or a change with its request_id): then UNAVAILABLE is
    tried again. Waits for a service that is starting.
    Raises Refusal (the other side's own, or UNAVAILABLE), or RemoteDefect.
    """
    ends = asyncio.get_running_loop().time() + timeout
    try:
        return await _once(cast(Any, method), request, token, ends)
    except Refusal as refusal:  # nearly never: only now is the machinery of retries worth its cost
        left = ends - asyncio.get_running_loop().time()
        if not idempotent or not _unavailable(refusal) or left <= 0:
            raise
    retrying = AsyncRetrying(
        stop=stop_after_attempt(ATTEMPTS - 1) | stop_before_delay(left),
        wait=wait_random_exponential(multiplier=0.05, max=1.0),
        retry=retry_if_exception(_unavailable),
        reraise=True,
    )
    return await retrying(_once, cast(Any, method), request, token, ends)


async def stream(
    method: "grpc.UnaryStreamMultiCallable[Q, A] | grpc.aio.UnaryStreamMultiCallable[Q, A]",
    request: Q,
    *,
    timeout: float,  # noqa: ASYNC109  the other side must know it too
    token: str = "",
) -> AsyncIterator[A]:
    """Ask another service and yield its answers. Raises like `call`; never tries again by itself."""
    answers = cast(Any, method)(request, timeout=timeout, metadata=_metadata(token), wait_for_ready=True)
    try:
        async for message in answers:
            yield message
    except grpc.aio.AioRpcError as error:
        raise from_rpc_error(error) from error
    finally:
        answers.cancel()  # a reader who stops early must not leave the other side working


async def _once(method: "grpc.aio.UnaryUnaryMultiCallable[Q, A]", request: Q, token: str, ends: float) -> A:
    left = max(ends - asyncio.get_running_loop().time(), 0.001)
    try:
        return await method(request, timeout=left, metadata=_metadata(token), wait_for_ready=True)
    except grpc.aio.AioRpcError as error:
        raise from_rpc_error(error) from error


def _metadata(token: str) -> tuple[tuple[str, str], ...]:
    identity = (("authorization", BEARER + token),) if token else ()
    return identity + tracing.grpc_metadata()


def _unavailable(error: BaseException) -> bool:
    return isinstance(error, Refusal) and error.kind is RefusalKind.UNAVAILABLE
