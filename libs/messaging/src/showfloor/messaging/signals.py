"""The signal stream: batches of viewer signals, stored by the bus before they are acknowledged.

Batches travel unopened. A session always goes to the same shard, so its batches keep their order. The
stream refuses new batches when it is full rather than forget one that is not folded yet, and the fold trims it. What
no fold has taken for MAX_AGE, 7 days, is dropped.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import blake2b

import msgspec

from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.kernel.tracking import BEGINNING, StreamPosition
from showfloor.messaging.bus import (
    Ack,
    Bus,
    BusUnavailable,
    Delivered,
    MessageRejected,
    Outgoing,
    Reader,
    StreamInfo,
    StreamSpec,
)
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import counter, gauge
from showfloor.observability.tasks import stop, watched

log = get_logger(__name__)
STORED = counter("signal_batches_stored_total", "Signal batches confirmed by the bus.", ["duplicate"])
REFUSED = counter("signal_batches_refused_total", "Signal batches refused because the stream was busy.")
WAITING = gauge("signal_batches_in_flight", "Signal batches sent and not yet confirmed.")

STREAM = "SIGNALS"
SHARDS = 8  # constant: a session's shard must never change
WINDOW, WINDOW_BYTES = 1024, 32 * 1024 * 1024  # in flight at once; more is refused
MAX_STREAM_BYTES = 2 * 1024**3  # the server sets this much of its store aside
MAX_AGE = 7 * 86400.0  # seconds
DUPLICATE_WINDOW = 600.0  # seconds within which a batch sent again is stored once
RETRY_PAUSE = 0.5  # seconds before a page whose fold failed comes again

_SESSION_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # a word of a subject, in which dots divide words
_BATCH_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class SignalMessage(msgspec.Struct, frozen=True):
    """One stored batch. `sequence` orders the whole stream, and so each shard."""

    shard: int
    sequence: int
    session_id: str
    batch_id: str
    body: bytes


class SignalPage(msgspec.Struct, frozen=True):
    """Batches in stream order, all from one life of the stream. `stream_position` is where the page ends.

    `created` differs from the last page's when the stream was wiped or made anew: sequences start again,
    and what was not folded before is lost.
    """

    created: datetime | None
    messages: tuple[SignalMessage, ...]

    @property
    def stream_position(self) -> StreamPosition:
        return StreamPosition(self.created, self.messages[-1].sequence)


OnPage = Callable[[SignalPage], Awaitable[None]]


class SignalStream:
    """Appending (gateway side of the session service) and following (its fold)."""

    def __init__(self, bus: Bus, max_bytes: int = MAX_STREAM_BYTES) -> None:
        self._bus = bus
        self._spec = StreamSpec(
            name=STREAM,
            subjects=("signals.*.*",),
            max_bytes=max_bytes,
            max_age=MAX_AGE,
            duplicate_window=DUPLICATE_WINDOW,
            refuse_when_full=True,
        )
        self._count = self._bytes = 0

    async def ensure(self) -> StreamInfo:
        """Create the stream, or bring its limits in line. Call once at start."""
        return await self._bus.ensure_stream(self._spec)

    async def append(self, session_id: str, batch_id: str, body: bytes) -> Ack:
        """Store a batch; returns its stream sequence, and whether it was there before.

        Only a batch sent again within DUPLICATE_WINDOW is known; a later one is stored twice and folded once.

        Raises Refusal UNAVAILABLE (SIGNALS_BUSY, SIGNALS_DOWN: nothing is known to be stored, send again
        with the same id) or INVALID (an id of other characters, a body above the server's limit).
        """
        if not _SESSION_ID.fullmatch(session_id):
            raise invalid("session_id", "must be 1 to 64 characters of A-Z a-z 0-9 _ -")
        if not _BATCH_ID.fullmatch(batch_id):
            raise invalid("batch_id", "must be 1 to 64 characters of A-Z a-z 0-9 . _ -")
        if self._count >= WINDOW or self._bytes + len(body) > WINDOW_BYTES:
            REFUSED.inc()
            raise _unavailable("SIGNALS_BUSY", "too many signal batches are on their way; send again shortly")
        self._count += 1
        self._bytes += len(body)
        WAITING.set(self._count)
        try:
            subject = f"signals.{shard_of(session_id)}.{session_id}"
            ack = await self._bus.publish(Outgoing(subject, body, f"{session_id}/{batch_id}"))
        except BusUnavailable as error:
            REFUSED.inc()
            if self._bus.connected:  # the broker may have lost the stream: the batch sent again must find one
                with suppress(BusUnavailable):
                    await self.ensure()
            raise _unavailable("SIGNALS_DOWN", "signals cannot be stored now; send again") from error
        except MessageRejected as error:
            raise invalid("batch", "must be smaller: the broker takes no message of this size") from error
        finally:
            self._count -= 1
            self._bytes -= len(body)
            WAITING.set(self._count)
        STORED.labels(str(ack.duplicate).lower()).inc()
        return ack

    async def follow(
        self,
        start: Mapping[int, StreamPosition],
        callback: OnPage,
        *,
        page_size: int = 1_024,
        linger: float = 0.05,
    ) -> "SignalPages":
        """Call back with pages, for ever, from the earliest of `start` on (per shard; absent: the beginning).

        A page holds what has come, at most `page_size` batches or 16 MB. After one that was not full comes a pause of
        `linger` seconds, so that busy senders make large pages. A page whose callback raises comes again,
        unchanged. The caller keeps a stream position per shard with its own rows, and passes over what it has folded.
        """
        positions = [start.get(shard, BEGINNING) for shard in range(SHARDS)]
        one_life = len({one.created for one in positions}) == 1
        first = min(positions, key=lambda one: one.sequence) if one_life else BEGINNING
        return SignalPages(self._bus.reader(STREAM, self._spec.subjects, first), callback, page_size, linger)

    async def trim(self, upto: StreamPosition) -> None:
        """Forget batches up to and including `upto`: all shards have folded them.

        A stream made anew since then numbers its batches from 1 again: nothing of it is forgotten.
        """
        info = await self._bus.stream_info(STREAM)
        if info is not None and info.created == upto.created:
            await self._bus.trim(STREAM, upto.sequence)


class SignalPages:
    """Hands one page after the other to a callback, as a task of its own."""

    def __init__(self, reader: Reader, callback: OnPage, page_size: int, linger: float) -> None:
        self._reader, self._callback, self._page_size, self._linger = reader, callback, page_size, linger
        self.stream_position = BEGINNING  # where the last folded page ends
        self._task = asyncio.create_task(self._run(), name="signal pages")
        self.alive = watched(self._task)

    async def close(self) -> None:
        """Stop. A page in hand is given up; it comes again after the next start."""
        await stop(self._task)
        await self._reader.close()

    async def _run(self) -> None:
        while True:
            came = await self._reader.page(self._page_size)
            page = SignalPage(came[0].stream_position.created, tuple(map(message_of, came)))
            await self._fold(page)
            self.stream_position = page.stream_position
            if len(came) < self._page_size:
                await asyncio.sleep(self._linger)

    async def _fold(self, page: SignalPage) -> None:
        while True:
            try:
                await self._callback(page)
                return
            except Exception as error:
                if isinstance(error, Refusal) and error.kind is RefusalKind.UNAVAILABLE:  # an outage, not a defect
                    log.warning("signal page waits", reason=error.reason, batches=len(page.messages))
                else:
                    log.exception("signal page not folded; it comes again", batches=len(page.messages))
                await asyncio.sleep(RETRY_PAUSE)


def shard_of(session_id: str) -> int:
    """Return the shard, 0 to SHARDS - 1, that a session belongs to; the same in every process, for ever."""
    return int.from_bytes(blake2b(session_id.encode(), digest_size=8).digest(), "big") % SHARDS


def message_of(delivered: Delivered) -> SignalMessage:
    """Read a stored batch off the wire. Raises ValueError for a subject that the stream does not keep."""
    _, shard, session_id = delivered.subject.split(".")
    batch_id = delivered.headers.get("Nats-Msg-Id", "").rpartition("/")[2]
    return SignalMessage(int(shard), delivered.stream_position.sequence, session_id, batch_id, delivered.body)


def _unavailable(reason: str, message: str) -> Refusal:
    return Refusal(RefusalKind.UNAVAILABLE, reason, message)
