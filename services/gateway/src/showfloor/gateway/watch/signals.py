"""Viewers' signals: gathered per session for a moment, sent as one columnar batch, answered once it is stored."""

import asyncio
import struct
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from showfloor.api.session.v1.session_pb2 import Channel, PresenceSource
from showfloor.api.session.v1.signal_service_pb2 import (
    IngestSignalsRequest,
    IngestSignalsResponse,
    SignalBatch,
    SignalKind,
)
from showfloor.gateway.access.viewers import ViewerToken
from showfloor.gateway.http.transcode import enum_names
from showfloor.kernel.clock import Clock
from showfloor.kernel.ids import new_id
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.observability.metrics import histogram

GATHER_SECONDS = 0.05
MAX_ROWS = 1_000  # of one batch: a full one goes at once
MAX_PRODUCTS = 900  # of one batch, likewise: with those of one more request it still holds fewer than 1,000
MAX_REGIONS = 200  # of one batch, likewise, with those of its last request: it may hold 250
MAX_WAITING = 20_000  # rows in all that are not stored yet
BATCH_ROWS = histogram("gateway_signal_batch_rows", "Rows of a batch.", buckets=(1, 10, 50, 200, 500, 1000))
_CHANNELS = enum_names(Channel.DESCRIPTOR)
_GENDERS = {"female": 1, "male": 2, "other": 3}
_AGES = {"18-24": 1, "25-34": 2, "35-44": 3, "45-54": 4, "55+": 5}
_FOLLOWER = {None: 0, False: 1, True: 2}

Store = Callable[[IngestSignalsRequest], Awaitable[IngestSignalsResponse]]
"""Stores a batch. Raises Refusal: then all its rows are refused."""


@dataclass
class _Gathered:
    base: datetime
    done: "asyncio.Future[frozenset[int]]"  # the rows that were left out: their product was not in the bag
    offsets: list[int] = field(default_factory=list)
    kinds: bytearray = field(default_factory=bytearray)
    viewers: list[int] = field(default_factory=list)
    products: list[int] = field(default_factory=list)
    channels: bytearray = field(default_factory=bytearray)
    tokens: dict[str, tuple[int, ViewerToken]] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    regions: set[str] = field(default_factory=set)

    @property
    def full(self) -> bool:
        """True when another request might be too much: a batch is stored or refused as a whole."""
        return len(self.offsets) >= MAX_ROWS or len(self.names) >= MAX_PRODUCTS or len(self.regions) >= MAX_REGIONS


class SignalBatcher:
    """Makes one request to the session service out of many small ones."""

    def __init__(self, store: Store, hash_key: bytes, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._hash_key = blake2b(hash_key, digest_size=32).digest()
        self._open: dict[str, _Gathered] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._waiting = 0

    async def add(
        self, viewer: ViewerToken, kind: "SignalKind.ValueType", products: Sequence[str] = ("",)
    ) -> list[str]:
        """Add one signal per product, "" for none. Return, once they are stored, the products that are not in the bag.

        Signals must be well-formed: a batch is stored, or refused, as a whole. Raises Refusal.
        """
        if self._waiting + len(products) > MAX_WAITING:
            raise _too_many()
        now = self._clock()
        gathered = self._open.get(viewer.session_id)
        if gathered is None:
            gathered = self._begin(viewer.session_id, now)
        index, _ = gathered.tokens.setdefault(viewer.viewer_ref, (len(gathered.tokens), viewer))
        gathered.regions.add(viewer.traits.region)
        channel, offset = _CHANNELS.get(viewer.channel, 0), max(0, int((now - gathered.base).total_seconds() * 1000))
        first = len(gathered.offsets)
        for product in products:
            number = gathered.names.setdefault(product, len(gathered.names) + 1) if product else 0
            gathered.offsets.append(offset)
            gathered.kinds.append(kind)
            gathered.viewers.append(index)
            gathered.products.append(number)
            gathered.channels.append(channel)
        self._waiting += len(products)
        if gathered.full:
            self._send(viewer.session_id)
        left_out = await asyncio.shield(gathered.done)
        return [product for row, product in enumerate(products, start=first) if row in left_out]

    def mark(self, viewer: ViewerToken) -> tuple[bytes, int]:
        """Return a viewer's hash and channel, as batches hold them."""
        return self._hash(viewer.viewer_ref), _CHANNELS.get(viewer.channel, 0)

    async def still_here(self, session_id: str, marks: bytes, channels: bytes, ages_ms: Sequence[int]) -> None:
        """Store that different viewers were there so many milliseconds ago; `marks` holds the hash of each.

        They are a batch of their own, so that gathered signals are not held up. Raises Refusal, RemoteDefect.
        """
        rows, oldest = len(ages_ms), max(ages_ms)
        if self._waiting + rows > MAX_WAITING:
            raise _too_many()
        batch = SignalBatch(
            session_id=session_id,
            batch_id=str(new_id()),
            offset_ms=struct.pack(f"<{rows}I", *(oldest - age for age in ages_ms)),
            kind=bytes((SignalKind.SIGNAL_KIND_PRESENCE,)) * rows,
            viewer=struct.pack(f"<{rows}H", *range(rows)),
            product=bytes(2 * rows),
            channel=channels,
            viewers=marks,
            presence_source=PresenceSource.PRESENCE_SOURCE_EVIDENCE,
        )
        batch.base_time.FromDatetime(self._clock() - timedelta(milliseconds=oldest))
        self._waiting += rows
        BATCH_ROWS.observe(rows)
        try:
            await self._store(IngestSignalsRequest(batch=batch))
        finally:
            self._waiting -= rows

    async def flush(self) -> None:
        """Store everything that is waiting."""
        for session_id in list(self._open):
            self._send(session_id)
        if self._running:
            await asyncio.wait(self._running, timeout=2.0)

    def _begin(self, session_id: str, now: datetime) -> _Gathered:
        loop = asyncio.get_running_loop()
        gathered = self._open[session_id] = _Gathered(now, loop.create_future())
        gathered.done.add_done_callback(lambda done: done.cancelled() or done.exception())  # all callers may have left
        loop.call_later(GATHER_SECONDS, self._send_if, session_id, gathered)
        return gathered

    def _send_if(self, session_id: str, gathered: _Gathered) -> None:
        if self._open.get(session_id) is gathered:
            self._send(session_id)

    def _send(self, session_id: str) -> None:
        gathered = self._open.pop(session_id)
        task = asyncio.get_running_loop().create_task(self._store_it(session_id, gathered))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _store_it(self, session_id: str, gathered: _Gathered) -> None:
        rows = len(gathered.offsets)
        BATCH_ROWS.observe(rows)
        try:
            answer = await self._store(IngestSignalsRequest(batch=self._columns(session_id, gathered)))
            gathered.done.set_result(frozenset(answer.not_in_bag))
        except Exception as error:
            gathered.done.set_exception(error)
        finally:
            self._waiting -= rows

    def _columns(self, session_id: str, gathered: _Gathered) -> SignalBatch:
        rows, viewers = len(gathered.offsets), [viewer for _, viewer in gathered.tokens.values()]
        regions = {
            name: at for at, name in enumerate(dict.fromkeys(s.traits.region for s in viewers if s.traits.region))
        }
        batch = SignalBatch(
            session_id=session_id,
            batch_id=str(new_id()),
            offset_ms=struct.pack(f"<{rows}I", *gathered.offsets),
            kind=bytes(gathered.kinds),
            viewer=struct.pack(f"<{rows}H", *gathered.viewers),
            product=struct.pack(f"<{rows}H", *gathered.products),
            channel=bytes(gathered.channels),
            viewers=b"".join(self._hash(viewer.viewer_ref) for viewer in viewers),
            viewer_traits=bytes(_traits(viewer) for viewer in viewers),
            viewer_region=struct.pack(
                f"<{len(viewers)}H", *(1 + regions[s.traits.region] if s.traits.region else 0 for s in viewers)
            ),
            products=list(gathered.names),
            regions=list(regions),
        )
        batch.base_time.FromDatetime(gathered.base)
        return batch

    def _hash(self, viewer_ref: str) -> bytes:
        return blake2b(viewer_ref.encode(), key=self._hash_key, digest_size=8).digest()


def _too_many() -> Refusal:
    text = "Too many signals are waiting: try again."
    return Refusal(RefusalKind.LIMIT, "RATE_LIMITED", text, {"retry_after_s": "1"})


def _traits(viewer: ViewerToken) -> int:
    traits = viewer.traits
    return _GENDERS.get(traits.gender, 0) | _AGES.get(traits.age_band, 0) << 2 | _FOLLOWER[traits.follower] << 5
