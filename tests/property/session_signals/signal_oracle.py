"""Batches of signals for tests, and the plainest possible way to add them up, one signal at a time."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from hypothesis import strategies as st

from showfloor.api.session.v1.session_pb2 import PresenceSource
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
    evidence: bool = False
    recorded: bool = False

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
            presence_source=PresenceSource.PRESENCE_SOURCE_EVIDENCE if self.evidence else "PRESENCE_SOURCE_UNSPECIFIED",
            recorded=self.recorded,
        )
        batch.base_time.FromMilliseconds(self.base_ms)
        return batch

    def body(self) -> bytes:
        return self.message().SerializeToString()


@st.composite
def signals(draw: st.DrawFn, viewers: int, kinds: int) -> Signal:
    kind = draw(st.integers(1, kinds))
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
    count, evidence = draw(st.integers(1, 5)), draw(st.booleans())
    trait = st.builds(lambda g, a, f: g | a << 2 | f << 5, *(st.integers(0, top) for top in (3, 5, 2)))
    return Batch(
        session=draw(st.sampled_from(SESSIONS)),
        name=draw(st.uuids()).hex,
        base_ms=START_MS + draw(st.integers(0, 300_000)),
        signals=tuple(draw(st.lists(signals(count, 8 if evidence else 7), min_size=1, max_size=12))),
        viewers=tuple(draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))),
        traits=tuple(draw(st.lists(trait, min_size=count, max_size=count))),
        regions=tuple(draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))),
        evidence=evidence,
    )


class Oracle:
    """Counts per (session, minute, channel, kind), sets of viewers, what was seen of whom, what was told of whom."""

    def __init__(self) -> None:
        self.minutes: Counter[tuple[UUID, int, int, int]] = Counter()
        self.sightings: dict[UUID, set[tuple[int, int, bool]]] = defaultdict(set)  # viewer, time, a leave
        self.told: dict[UUID, list[tuple[int, int, int]]] = defaultdict(list)  # viewer, time, kind
        self._shown: set[tuple[object, ...]] = set()
        self.products: Counter[tuple[UUID, int, UUID, int]] = Counter()
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
        if batch.evidence and signal.kind != Kind.IMPRESSION:
            self.sightings[session].add((viewer, at, signal.kind == Kind.LEAVE))
        if not batch.evidence and signal.kind in (Kind.ENTER, Kind.LEAVE):
            self.told[session].append((viewer, at, signal.kind))
        if signal.kind == Kind.ENTER:
            for key in self._scopes(batch, signal, minute):
                self.viewers[(session, *key)].add(viewer)
        if signal.kind == Kind.PRODUCT_CLICK:
            for scope, name in ((5, ""), (6, str(PRODUCTS[signal.product - 1])), (7, str(minute))):
                self.viewers[session, scope, name].add(viewer)
        if signal.kind in (Kind.PRODUCT_IMPRESSION, Kind.PRODUCT_CLICK):
            product = PRODUCTS[signal.product - 1]
            if (session, minute, product, viewer, signal.kind) in self._shown:
                return
            self._shown.add((session, minute, product, viewer, signal.kind))
            self.products[session, minute, product, signal.kind] += 1
        if signal.kind in (Kind.PRODUCT_IMPRESSION, Kind.PRODUCT_CLICK):
            self.minutes[session, minute, -1, signal.kind] += 1  # whose channel counts, order decides
        elif signal.kind != Kind.PRESENCE:
            self.minutes[session, minute, signal.channel, signal.kind] += 1

    def _scopes(self, batch: Batch, signal: Signal, minute: int) -> list[tuple[int, str]]:
        scopes = [(1, ""), (2, str(minute)), (3, str(signal.channel))]
        for dimension, (shift, mask, words) in TRAITS.items():
            if code := (batch.traits[signal.viewer] >> shift) & mask:
                scopes.append((4, f"{dimension}/{words[code]}"))
        if place := batch.regions[signal.viewer]:
            scopes.append((4, f"region/{REGIONS[place - 1]}"))
        return scopes
