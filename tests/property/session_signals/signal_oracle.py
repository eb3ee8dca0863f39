"""Batches of signals for tests, and the plainest possible way to add them up, one signal at a time."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from hypothesis import strategies as st

from showfloor.api.session.v1.signal_service_pb2 import SignalBatch
from showfloor.metrics.vocabulary import TRAITS, Kind

START_MS = 1_700_000_000_123
SESSIONS = [UUID(int=at) for at in (1, 2)]
PRODUCTS = [UUID(int=at) for at in (11, 12, 13)]
REGIONS = ["DE", "US"]


@dataclass(frozen=True)
class Signal:
    ms: int
    kind: int
    viewer: int  # index into the batch's viewers
    product: int  # 0: none
    channel: int


@dataclass(frozen=True)
class Batch:
    session: UUID
    name: str
    base_ms: int
    signals: tuple[Signal, ...]
    viewers: tuple[int, ...]
    traits: tuple[int, ...]
    regions: tuple[int, ...]

    def message(self) -> SignalBatch:
        batch = SignalBatch(
            session_id=str(self.session),
            batch_id=self.name,
            offset_ms=np.array([s.ms for s in self.signals], dtype="<u4").tobytes(),
            kind=bytes(s.kind for s in self.signals),
            viewer=np.array([s.viewer for s in self.signals], dtype="<u2").tobytes(),
            product=np.array([s.product for s in self.signals], dtype="<u2").tobytes(),
            channel=bytes(s.channel for s in self.signals),
            viewers=np.array(self.viewers, dtype="<u8").tobytes(),
            viewer_traits=bytes(self.traits),
            viewer_region=np.array(self.regions, dtype="<u2").tobytes(),
            products=[str(product) for product in PRODUCTS],
            regions=REGIONS,
        )
        batch.base_time.FromMilliseconds(self.base_ms)
        return batch

    def body(self) -> bytes:
        return self.message().SerializeToString()


@st.composite
def signals(draw: st.DrawFn, viewers: int) -> Signal:
    kind = draw(st.integers(1, 8))
    low = 1 if kind in (Kind.PRODUCT_IMPRESSION, Kind.PRODUCT_CLICK) else 0
    return Signal(
        ms=draw(st.integers(0, 200_000)),
        kind=kind,
        viewer=draw(st.integers(0, viewers - 1)),
        product=draw(st.integers(low, len(PRODUCTS))),
        channel=draw(st.integers(0, 8)),
    )


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    count = draw(st.integers(1, 5))
    trait = st.builds(lambda g, a, f: g | a << 2 | f << 5, *(st.integers(0, top) for top in (3, 5, 2)))
    return Batch(
        session=draw(st.sampled_from(SESSIONS)),
        name=draw(st.uuids()).hex,
        base_ms=START_MS + draw(st.integers(0, 300_000)),
        signals=tuple(draw(st.lists(signals(count), min_size=1, max_size=12))),
        viewers=tuple(draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))),
        traits=tuple(draw(st.lists(trait, min_size=count, max_size=count))),
        regions=tuple(draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))),
    )


class Oracle:
    """Counts per (session, minute, channel, kind), sums of milliseconds, sets of viewers."""

    def __init__(self) -> None:
        self.minutes: Counter[tuple[UUID, int, int, int]] = Counter()
        self.enter_ms: Counter[tuple[UUID, int, int]] = Counter()
        self.leave_ms: Counter[tuple[UUID, int, int]] = Counter()
        self.products: Counter[tuple[UUID, int, UUID, int, int]] = Counter()
        self.viewers: dict[tuple[UUID, int, str], set[int]] = defaultdict(set)
        self.newest: dict[UUID, int] = {}
        self._seen: set[tuple[UUID, str]] = set()

    def add(self, batch: Batch) -> None:
        if (batch.session, batch.name) in self._seen:
            return
        self._seen.add((batch.session, batch.name))
        for signal in batch.signals:
            self._count(batch, signal)

    def _count(self, batch: Batch, signal: Signal) -> None:
        session, at = batch.session, batch.base_ms + signal.ms
        minute, viewer = at // 60_000, batch.viewers[signal.viewer]
        self.newest[session] = max(self.newest.get(session, 0), at)
        if signal.kind != Kind.PRESENCE:
            self.minutes[session, minute, signal.channel, signal.kind] += 1
        if signal.kind == Kind.ENTER:
            self.enter_ms[session, minute, signal.channel] += at % 60_000
            for key in self._scopes(batch, signal, minute):
                self.viewers[(session, *key)].add(viewer)
        if signal.kind == Kind.LEAVE:
            self.leave_ms[session, minute, signal.channel] += at % 60_000
        if signal.kind in (Kind.PRODUCT_IMPRESSION, Kind.PRODUCT_CLICK):
            product = PRODUCTS[signal.product - 1]
            self.products[session, minute, product, signal.channel, signal.kind] += 1
            if signal.kind == Kind.PRODUCT_CLICK:
                for scope, key in ((5, ""), (6, str(product)), (7, str(minute))):
                    self.viewers[session, scope, key].add(viewer)

    def _scopes(self, batch: Batch, signal: Signal, minute: int) -> list[tuple[int, str]]:
        scopes = [(1, ""), (2, str(minute)), (3, str(signal.channel))]
        for dimension, (shift, mask, words) in TRAITS.items():
            if code := (batch.traits[signal.viewer] >> shift) & mask:
                scopes.append((4, f"{dimension}/{words[code]}"))
        if place := batch.regions[signal.viewer]:
            scopes.append((4, f"region/{REGIONS[place - 1]}"))
        return scopes
