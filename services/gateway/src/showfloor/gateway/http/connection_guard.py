"""The guard of one connection: bounds the time and size of a request, and the number of connections.

Uvicorn bounds an idle connection only once it has had an answer. This protocol bounds the rest: a head or a body that
does not come, a head that does not end, too many requests behind one another, an answer that the client does not read.
Such a request never reaches the application, so the guard writes the problem itself. It does nothing while the client
accepts the bytes of a stream.
"""

import asyncio
from enum import Enum, auto
from http import HTTPStatus
from typing import Any

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from showfloor.gateway.http.problems import CONTENT_TYPE, document, status_of
from showfloor.gateway.limits import ConnectionLimits
from showfloor.kernel.ids import new_name
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.observability.metrics import counter

MAX_URL = 8 * 1024
MAX_HEAD = 32 * 1024  # the request line and all headers
MAX_HEADERS = 100
MAX_REST = 4 * 1024 * 1024  # bytes of a body that are thrown away once it is answered: what was on its way
MAX_WAITING = 16  # requests that one connection sends before it has read the answers
_HEADERS = "cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n"
_REFUSED = counter("http_connections_refused_total", "Connections ended for what they sent, by code.", ("code",))


class _Phase(Enum):
    HEAD = auto()  # begun, or still to begin on a new connection
    BODY = auto()
    REST = auto()  # of a body whose answer is sent
    QUIET = auto()  # nothing more is due from the client


class ConnectionGuard(HttpToolsProtocol):
    """Uvicorn's protocol with bounds on each connection."""

    def __init__(self, limits: ConnectionLimits, **more: Any) -> None:
        super().__init__(**more)
        self._limits = limits
        self._phase, self._timed = _Phase.HEAD, _Phase.QUIET
        self._timer: asyncio.TimerHandle | None = None
        self._stuck: asyncio.TimerHandle | None = None
        self._unbroken = self._thrown_away = 0
        self._broken = self._half_closed = False
        self._refusal: Refusal | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or refuse it when there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self._limits.connections:
            self._refuse(_busy())
        else:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timers."""
        super().connection_lost(exc)
        self._phase = _Phase.QUIET
        self._watch()
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        """Read bytes, within bounds."""
        if self._phase is _Phase.REST:
            self._thrown_away += len(data)
            if self._thrown_away > MAX_REST:
                self.transport.abort()
                return
        inside, self._broken = self._phase is _Phase.HEAD, False
        super().data_received(data)
        if self.transport.is_closing():
            return
        if inside and not self._broken and self._phase is _Phase.HEAD:  # all of it belongs to one head
            self._unbroken += len(data)
            if self._unbroken > MAX_HEAD:
                self._refuse(_large_head())
                return
        if self._phase is _Phase.QUIET and self.cycle is not None and self.cycle.response_complete:
            self._phase = _Phase.HEAD  # empty lines after an answer: they are no request, and end uvicorn's own wait
        self._watch()

    def on_message_begin(self) -> None:
        """Begin to count the bytes of a head."""
        super().on_message_begin()
        self._phase, self._unbroken = _Phase.HEAD, 0

    def on_url(self, url: bytes) -> None:
        """Take a part of the address. Raises Refusal, which ends the parsing."""
        super().on_url(url)
        if len(self.url) > MAX_URL:
            self._stop(_long_url())

    def on_headers_complete(self) -> None:
        """Check the head. Raises Refusal, which ends the parsing.

        This sees headers once all are there: `data_received` bounds those that come in pieces.
        """
        if len(self.headers) > MAX_HEADERS:
            text = f"More than {MAX_HEADERS} headers."
            self._stop(Refusal(RefusalKind.INVALID, "HEAD_TOO_LARGE", text, {"limit": str(MAX_HEADERS)}))
        names, values = zip(*self.headers, strict=True) if self.headers else ((), ())
        if len(self.url) + sum(map(len, names)) + sum(map(len, values)) > MAX_HEAD:
            self._stop(_large_head())
        version, hosts = self.parser.get_http_version(), names.count(b"host")
        if version not in ("1.1", "1.0") or hosts > 1 or (version == "1.1" and not hosts):
            text = "A request is HTTP/1.1, or 1.0, and names one Host."
            self._stop(Refusal(RefusalKind.INVALID, "MALFORMED_HTTP", text))
        if len(self.pipeline) >= MAX_WAITING:
            text = f"At most {MAX_WAITING} requests may wait on one connection: read the answers first."
            self._stop(Refusal(RefusalKind.LIMIT, "RATE_LIMITED", text, {"retry_after_s": "1"}))
        super().on_headers_complete()
        self._phase, self._broken = _Phase.BODY, True

    def on_message_complete(self) -> None:
        """Note that the client has sent all of its request."""
        super().on_message_complete()
        self._phase = _Phase.QUIET
        self._watch()
        if self._half_closed:
            self.transport.abort()  # all has come, and the answer was sent to its end before

    def on_response_complete(self) -> None:
        """After an answer that came before the end of the request: throw the rest of the body away, within bounds."""
        super().on_response_complete()
        if self.unread():
            self._phase, self._thrown_away = _Phase.REST, 0
            self._watch()

    def unread(self) -> bool:
        """Tell whether the newest request is answered before its body has ended."""
        return self._phase is _Phase.BODY and self.cycle is not None and bool(self.cycle.response_complete)

    def half_close(self) -> None:
        """Send no more, but go on reading. A connection closed with bytes unread would be reset, and the client would
        lose the answer."""
        self._half_closed = True

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that are no request, with our own reason if there is one."""
        self._refuse(self._refusal or Refusal(RefusalKind.INVALID, "MALFORMED_HTTP", "This is no HTTP/1.1 request."))

    def pause_writing(self) -> None:
        """Too many bytes wait for the client: give it a time to read some."""
        super().pause_writing()
        if self._stuck is None:
            self._stuck = self.loop.call_later(self._limits.taking, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads: stop that timer."""
        super().resume_writing()
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def _watch(self) -> None:
        """Start the timer of the phase. A head and a body have one time each, however slowly they come."""
        if self._phase is self._timed:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._timed = self._phase
        if self._phase is not _Phase.QUIET:
            limits = self._limits
            seconds = {_Phase.HEAD: limits.head, _Phase.BODY: limits.body, _Phase.REST: limits.rest}[self._phase]
            self._timer = self.loop.call_later(seconds, self._late)

    def _late(self) -> None:
        self._timed = _Phase.QUIET
        if self._phase is _Phase.REST:
            self.transport.abort()
        elif self.flow.read_paused:  # the application does not read
            self._watch()
        elif self._phase is _Phase.HEAD and self.headers is None:
            self.transport.close()  # no byte of a request came: no answer is due
        else:
            text = f"The {self._phase.name.lower()} of the request did not come in time."
            self._refuse(Refusal(RefusalKind.INVALID, "REQUEST_TIMEOUT", text))

    def _stop(self, refusal: Refusal) -> None:
        self._refusal = refusal
        raise refusal

    def _refuse(self, refusal: Refusal) -> None:
        """End the connection. Answer first, unless the answer would mix with another one."""
        _REFUSED.labels(refusal.reason).inc()
        cycle = self.cycle
        answering = cycle is not None and not cycle.response_complete
        answerable = self._phase is _Phase.BODY and not self.pipeline and not cycle.response_started
        if not self.transport.is_closing() and (answerable or not answering):
            self.transport.write(_answer(refusal))
        self.transport.close()


def _answer(refusal: Refusal) -> bytes:
    status = HTTPStatus(status_of(refusal))
    body = msgspec.json.encode(document(refusal, status.value, new_name()))
    retry = f"retry-after: {refusal.metadata['retry_after_s']}\r\n" if "retry_after_s" in refusal.metadata else ""
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\n{_HEADERS}{retry}"
    return f"{head}content-type: {CONTENT_TYPE}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


def _busy() -> Refusal:
    text = "Too many connections are open here: try again."
    return Refusal(RefusalKind.UNAVAILABLE, "QUEUE_FULL", text, {"retry_after_s": "1"})


def _large_head() -> Refusal:
    text = f"The request line and headers are larger than {MAX_HEAD} bytes."
    return Refusal(RefusalKind.INVALID, "HEAD_TOO_LARGE", text, {"limit": str(MAX_HEAD)})


def _long_url() -> Refusal:
    text = f"The address is longer than {MAX_URL} bytes."
    return Refusal(RefusalKind.INVALID, "URL_TOO_LONG", text, {"limit": str(MAX_URL)})
