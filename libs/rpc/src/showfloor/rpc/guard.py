"""What every RPC goes through: deadline, actor, trace, typed errors, metrics, one log line."""

import logging
import time
from asyncio import CancelledError
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import Any

import grpc
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from grpc.aio import ServerInterceptor
from opentelemetry.trace import SpanKind

from showfloor.access.actor import ActorKind
from showfloor.access.membership.relations import Membership
from showfloor.access.tokens import Verifier
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.observability import metrics, tracing
from showfloor.observability.logging import get_logger
from showfloor.rpc.caller import BEARER, Call, enter
from showfloor.rpc.errors import DETAILS_KEY, code_of, internal, to_status

OPEN = ("/grpc.health.", "/grpc.reflection.")  # answered without deadline or token: tools ask them

_log = get_logger(__name__)
_quiet = logging.getLogger(__name__)
_calls = metrics.counter("rpc_calls", "RPCs answered, by method and status code.", ("method", "code"))
_seconds = metrics.histogram("rpc_seconds", "Time to answer an RPC, in seconds.", ("method",))

Continuation = Callable[[grpc.HandlerCallDetails], Awaitable[Any]]


class _Ended(Exception):
    """The call ends with this status. Never leaves this module."""

    def __init__(self, status: Status) -> None:
        self.status = status


class Guard(ServerInterceptor):
    """Wraps every method of every service, streaming or not."""

    def __init__(self, verifier: Verifier, membership: Membership, changing: Collection[str] = ()) -> None:
        """`changing`: the methods that change something. What may be changed is not taken from old news."""
        self._verifier, self._membership, self._changing = verifier, membership, frozenset(changing)
        self._guarded: dict[str, Any] = {}  # handlers by path: one per RPC

    async def intercept_service(self, continuation: Continuation, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """Return the method's handler, guarded; None for a method nobody knows."""
        path = handler_call_details.method
        found = self._guarded.get(path)
        if found is None:
            handler = await continuation(handler_call_details)
            if handler is None or path.startswith(OPEN):
                return handler
            found = self._guarded[path] = self._wrapped(path, handler)
        return found

    def _wrapped(self, path: str, handler: Any) -> Any:
        codec = (handler.request_deserializer, handler.response_serializer)
        if handler.unary_unary:
            return grpc.unary_unary_rpc_method_handler(self._single(path, handler.unary_unary), *codec)
        if handler.stream_unary:
            return grpc.stream_unary_rpc_method_handler(self._single(path, handler.stream_unary), *codec)
        if handler.unary_stream:
            return grpc.unary_stream_rpc_method_handler(self._many(path, handler.unary_stream), *codec)
        assert handler.stream_stream, "a handler answers in one of four ways"
        return grpc.stream_stream_rpc_method_handler(self._many(path, handler.stream_stream), *codec)

    def _single(self, path: str, answer: Callable[..., Any]) -> Callable[..., Any]:
        async def guarded(request: Any, context: Any) -> Any:
            try:
                with self._around(path, context):
                    await self._let_in(path, context)
                    return await answer(request, context)
            except _Ended as ended:
                await _abort(context, ended.status)

        return guarded

    def _many(self, path: str, answer: Callable[..., Any]) -> Callable[..., Any]:
        async def guarded(request: Any, context: Any) -> AsyncIterator[Any]:
            try:
                with self._around(path, context):
                    await self._let_in(path, context)
                    async for message in answer(request, context):
                        yield message
            except _Ended as ended:
                await _abort(context, ended.status)

        return guarded

    @contextmanager
    def _around(self, path: str, context: Any) -> Iterator[None]:
        """Time a call, and turn whatever it raises into a status."""
        method = path.rsplit("/", 1)[-1]
        started, code = time.perf_counter(), "OK"
        carrier = context.invocation_metadata()
        try:
            with tracing.span(path.lstrip("/"), tracing.extract_metadata(carrier), SpanKind.SERVER):
                yield
        except Refusal as refusal:
            status = to_status(refusal)
            code = code_of(status).name
            _log.info("rpc refused", method=method, code=code, reason=refusal.reason, **_fields(refusal))
            raise _Ended(status) from None
        except (CancelledError, GeneratorExit):  # the caller left, or its deadline passed
            code = "CANCELLED"
            raise
        except Exception:
            code, error_id = "INTERNAL", token_hex(8)
            _log.exception("rpc failed", method=method, code=code, error_id=error_id)
            raise _Ended(internal(error_id)) from None
        finally:
            took = time.perf_counter() - started
            _calls.labels(method, code).inc()
            _seconds.labels(method).observe(took)
            if _quiet.isEnabledFor(logging.DEBUG):  # asked first: thousands of calls a second end here
                _log.debug("rpc answered", method=method, code=code, seconds=round(took, 6))

    async def _let_in(self, path: str, context: Any) -> None:
        if context.time_remaining() is None:
            raise Refusal(RefusalKind.INVALID, "DEADLINE_REQUIRED", "Every call needs a deadline: set one.")
        token = token_in(context.invocation_metadata())
        actor, method = self._verifier.verify(token), path.rsplit("/", 1)[-1]
        if actor.directory_position > self._membership.position:
            await self._membership.reached(actor.directory_position)
        if method in self._changing and actor.kind in (ActorKind.USER, ActorKind.SERVICE):
            self._membership.must_be_fresh()
        enter(Call(method, actor, token, self._membership))


def token_in(metadata: Iterable[tuple[str, str | bytes]]) -> str:
    """Return the internal token that comes with a call. Raises Refusal UNAUTHENTICATED when there is none."""
    token = next((value for key, value in metadata if key == "authorization"), "")
    if not isinstance(token, str) or not token.startswith(BEARER):
        message = "The call carries no token: send `authorization: Bearer <token>`."
        raise Refusal(RefusalKind.UNAUTHENTICATED, "UNAUTHENTICATED", message)
    return token.removeprefix(BEARER)


def _fields(refusal: Refusal) -> dict[str, str]:
    return {"field": refusal.metadata["field"]} if "field" in refusal.metadata else {}


async def _abort(context: Any, status: Status) -> None:
    details = ((DETAILS_KEY, status.SerializeToString()),)
    await context.abort(code_of(status), status.message, details)
