"""The ASGI application: finds the route, authenticates the caller, applies limits, answers refusals as problems."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from opentelemetry.trace import SpanKind
from starlette.requests import Request
from starlette.responses import Response

from showfloor.access.actor import ActorKind
from showfloor.gateway.access.callers import Caller
from showfloor.gateway.access.sign_ins import unauthenticated
from showfloor.gateway.console.files import Console
from showfloor.gateway.http import importing, inbound, playing
from showfloor.gateway.http.calls import Calls
from showfloor.gateway.http.exports import Download
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.headers import CONTENT, HSTS, SECURITY
from showfloor.gateway.http.idempotency import key_of
from showfloor.gateway.http.match import Matcher
from showfloor.gateway.http.problems import defect, problem
from showfloor.gateway.http.rate_limits import Spending
from showfloor.gateway.http.routes import PREFIX, NativeRoute, Route, RpcRoute, Who
from showfloor.gateway.http.server import serving
from showfloor.gateway.live.sse import Streams
from showfloor.gateway.native_routes import ROUTES
from showfloor.gateway.openapi import described
from showfloor.gateway.watch.event_pages import FOLDER, EventPages
from showfloor.kernel.ids import new_name
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.observability import tracing
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import counter, histogram
from showfloor.service.builder import Builder

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

STREAM = PREFIX + "/stream"
_NO_STORE = (b"cache-control", b"no-store")
SLOW = 0.25  # seconds; quicker reads that went well are counted, and logged only at level debug
_log = get_logger("access")
_detail = logging.getLogger("access")
_requests = counter("http_requests_total", "HTTP requests, by route and status.", ("route", "status"))
_seconds = histogram("http_seconds", "Time to answer an HTTP request, in seconds; streams excluded.", ("route",))


class App:
    """The gateway as an ASGI application."""

    def __init__(self, gateway: Gateway, streams: Streams, jwks: Callable[[], Any]) -> None:
        self._gateway, self._streams, self._jwks = gateway, streams, jwks
        self._matcher = Matcher(ROUTES)
        self._calls = Calls(gateway.clients, gateway.callers, gateway.idempotency, importing.before(gateway))
        self._console = Console()
        self._openapi = described()
        config = gateway.config
        shown = {**SECURITY, **(HSTS if config.public_url.startswith("https://") else {})}
        self._security = [(name.lower().encode(), value.encode()) for name, value in shown.items()]
        self._spending = Spending(config)
        ask, token_of = gateway.clients.ask, gateway.callers.internal_token
        self._pages = EventPages(ask, token_of, self._spending.spend, gateway.runtime.store)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        request_id = _request_id(request)
        headers = [*self._security, (b"x-request-id", request_id.encode())]
        path, method = scope["path"], scope["method"]
        found = self._matcher.find(scope.get("raw_path") or path.encode(), method)
        route = found[0] if isinstance(found, tuple) and found and isinstance(found[0], Route) else None
        name = route.name if route else ("stream" if path == STREAM else "other")
        started = time.perf_counter()
        with tracing.span(f"{method} {name}", request.headers.get(tracing.TRACEPARENT), SpanKind.SERVER) as span:

            def ended(status: int) -> None:
                """Count the request. Log it, unless it is a quick read that went well."""
                span.set_attribute("http.response.status_code", status)
                took = time.perf_counter() - started
                _count(name, status, took)
                told = method != "GET" and not isinstance(route, RpcRoute)  # services log what they did
                if told or status >= 400 or took >= SLOW or _detail.isEnabledFor(logging.DEBUG):
                    # The path only: queries and headers may hold secrets.
                    ms, line = round(took * 1e3, 2), "request"
                    _log.info(line, method=method, path=path[:200], status=status, request_id=request_id, ms=ms)

            try:
                if path == STREAM and method == "GET":
                    await self._stream(request, receive, send, headers, ended)
                    return
                answer = await self._answer(request, found, request_id)
            except Refusal as refusal:
                answer = problem(refusal, request_id)
            except asyncio.CancelledError:  # the drain is over: without this answer the server would send a 500
                if path == STREAM:
                    raise
                answer = problem(_stopping(), request_id)
            except Exception as error:
                _log.exception("request failed", request_id=request_id, route=name, error=type(error).__name__)
                answer = defect(request_id)
            await _send(answer, request, receive, send, headers)
            ended(answer.status_code)

    async def _answer(
        self, request: Request, found: tuple[Route, dict[str, str]] | tuple[str, ...] | None, request_id: str
    ) -> Response:
        inbound.check_path(request)
        if found is None and request.scope["path"].startswith(FOLDER):
            self._spending.ask(None, _address(request))
            return await self._pages.answer(request, _address(request))
        if found is None:
            answer = self._unrouted(request)
            if session_id := _watched(request.url.path):
                answer.headers[CONTENT] = await playing.policy_of(self._calls.watched, session_id)
            return answer
        if not isinstance(found[0], Route):
            allowed = ", ".join(str(method) for method in found)
            refusal = Refusal(RefusalKind.INVALID, "METHOD_NOT_ALLOWED", f"Use {allowed} here.", {"allow": allowed})
            return problem(refusal, request_id, {"Allow": allowed})
        route: Route = found[0]
        path: Any = found[1]
        caller = await self._authenticate(request, route.who)
        if not (isinstance(route, NativeRoute) and route.weight):
            self._spending.spend(route, caller, _address(request), path)
        if isinstance(route, RpcRoute):
            answer = await self._calls.answer(request, route, path, caller, request_id)
            if isinstance(answer, Download):
                await answer.begin()
            return answer
        assert isinstance(route, NativeRoute)
        return await self._native(request, route, path, caller, request_id)

    async def _native(
        self, request: Request, route: NativeRoute, path: dict[str, str], caller: Caller | None, request_id: str
    ) -> Response:
        query = inbound.only(request, *route.query)
        raw = await inbound.body_of(request, (inbound.JSON,)) if route.changes else b""
        body = inbound.shaped(raw, route.body) if route.body else None
        if route.weight:
            self._spending.spend(route, caller, _address(request), path, getattr(body, route.weight))
        key = key_of(request.headers) if route.keyed else ""
        native = NativeRequest(request, path, query, body, caller, key)
        if not route.keyed:
            return _shown(await route.handle(self._gateway, native), route.status)
        assert caller is not None, "keyed routes need a caller"

        async def work() -> Response:
            try:
                return _shown(await route.handle(self._gateway, native), route.status)
            except Refusal as refusal:
                return problem(refusal, request_id)

        same = json.dumps(path, sort_keys=True).encode()
        print_ = self._gateway.idempotency.fingerprint(route.name.encode(), same, msgspec.json.encode(body))
        return await self._gateway.idempotency.once(caller.key, route.name, key, print_, work)

    async def _stream(
        self,
        request: Request,
        receive: Receive,
        send: Send,
        headers: list[tuple[bytes, bytes]],
        ended: Callable[[int], None],
    ) -> None:
        caller = await self._authenticate(request, Who.ANYONE)
        stream = await self._streams.prepare(request, caller)
        try:
            await self._streams.run(stream, receive, send, headers)
        finally:
            ended(200)  # it was sent when the stream began, however that ended

    async def _authenticate(self, request: Request, who: Who) -> Caller | None:
        """Return the caller, None for an anonymous one. Raises UNAUTHENTICATED, PERMISSION, RATE_LIMITED."""
        address = _address(request)
        try:
            caller = await self._gateway.callers.identify(request, lambda: self._spending.look(address))
        except Refusal as refusal:
            if refusal.kind in (RefusalKind.UNAUTHENTICATED, RefusalKind.DENIED):  # bad credentials count as anonymous
                self._spending.ask(None, address)
            raise
        self._spending.ask(caller, address)
        if caller is None:
            if who is not Who.ANYONE:
                raise unauthenticated("Join first." if who is Who.VIEWER else "Sign in first.")
            return None
        if who is Who.OPERATOR and caller.actor.kind is not ActorKind.OPERATOR:
            raise Refusal(RefusalKind.DENIED, "PERMISSION", "This takes the operator key.")
        if who is Who.VIEWER and caller.viewer is None:
            raise Refusal(RefusalKind.DENIED, "PERMISSION", "This takes a viewer's token: join first.")
        if who is Who.USER and caller.viewer is not None:
            raise Refusal(RefusalKind.DENIED, "PERMISSION", "A viewer's token is good under /v1/watch only.")
        return caller

    def _unrouted(self, request: Request) -> Response:
        path, method = request.url.path, request.method
        if path == "/openapi.json":
            return Response(self._openapi, media_type="application/json")
        if path == "/.well-known/jwks.json":
            return Response(msgspec.json.encode(self._jwks()), media_type="application/json")
        if path.startswith(PREFIX + "/") or path == PREFIX or method not in ("GET", "HEAD"):
            raise Refusal(RefusalKind.NOT_FOUND, "NO_SUCH_ROUTE", "There is no such route: see /openapi.json.")
        raw: bytes = request.scope.get("raw_path") or path.encode()  # an encoded slash makes no folder
        return self._console.answer(path, request.headers, raw.count(b"/") - 1)


@cache
def _meters(name: str, status: int) -> tuple[Any, Any]:
    return _requests.labels(name, str(status)), None if name == "stream" else _seconds.labels(name)


def _count(name: str, status: int, took: float) -> None:
    requests, seconds = _meters(name, status)
    requests.inc()
    if seconds is not None:
        seconds.observe(took)


def _watched(path: str) -> str:
    """Return the session whose viewers' page a path is; empty when it is none."""
    folder, _, session_id = path.rpartition("/")
    with suppress(ValueError):
        return str(UUID(session_id)) if folder == "/watch" else ""
    return ""


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _stopping() -> Refusal:
    text = "The gateway is stopping; a change may or may not have been made: send it again with the same key."
    return Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", text)


def _shown(value: Any, status: int) -> Response:
    if isinstance(value, Response):
        return value
    return Response(msgspec.json.encode(value), status, media_type=inbound.JSON)


def _request_id(request: Request) -> str:
    """Return the caller's id of the request when it is safe to repeat, else a new one."""
    given = str(request.headers.get("x-request-id", ""))
    if 0 < len(given) <= 64 and given.isascii() and all(c.isalnum() or c in "._-" for c in given):
        return given
    return new_name()


async def _send(
    answer: Response, request: Request, receive: Receive, send: Send, extra: list[tuple[bytes, bytes]]
) -> None:
    given = dict(answer.raw_headers)
    answer.raw_headers += [pair for pair in (*extra, _NO_STORE) if pair[0] not in given]
    await answer(request.scope, receive, send)


async def open_app(base: Builder, gateway: Gateway, streams: Streams, jwks: Callable[[], Any]) -> int:
    """Serve the application until the gateway closes, if the settings say so; return the port, 0 for none."""
    config, port = gateway.config, 0
    if config.web:
        app = App(gateway, streams, jwks)
        port = await base.enter(serving(app, config.web_listen, config.trusted_proxies, config.connection_limits()))
    for close in (gateway.signals.flush, gateway.idempotency.drain, streams.drain):  # the last one first
        base.closing(close)
    return port
