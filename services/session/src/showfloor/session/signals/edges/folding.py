"""The fold of viewers' signals as a part of the service: it runs, and can be waited for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from showfloor.api.common.v1.operator_service_pb2 import PartStatus, RebuildStreamResponse
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.messaging.bus import Bus, BusUnavailable
from showfloor.messaging.signals import STREAM, SignalStream
from showfloor.service.builder import Builder
from showfloor.session.signals.edges.fold import Fold, OnFolded

PROGRESS_EVERY = 0.2  # seconds between two words about waiting
SETTLE_EVERY, SETTLE_PATIENCE = 0.05, 10.0  # seconds

Settle = Callable[[], Awaitable[None]]
"""Waits until the signals stored by now are folded. Raises NOT_YET."""


async def folding(base: Builder, on_folded: OnFolded) -> tuple[SignalStream, Settle]:
    """Fold signals until the service closes."""
    signal_stream = SignalStream(base.bus)
    fold = Fold(signal_stream, base.database, on_folded)
    await fold.start()
    base.closing(fold.close)
    base.watch("fold", fold.alive)
    base.own(FoldPart(base.bus, fold))
    return signal_stream, settling(base.bus, fold)


class FoldPart:
    """The fold, told to operators."""

    def __init__(self, bus: Bus, fold: Fold) -> None:
        self._bus, self._fold = bus, fold

    async def status(self) -> PartStatus:
        """Return how much of the stored signals is folded."""
        try:
            stored = await self._bus.stream_info(STREAM)
        except BusUnavailable as outage:
            return PartStatus(kind="fold", name="signals", state="failed", detail=str(outage))
        lag = await self._fold.behind(stored) if stored else 0
        position = stored.last_sequence - lag if stored else 0
        return PartStatus(kind="fold", name="signals", position=position, lag=lag, state="running")

    async def settle(self) -> AsyncIterator[RebuildStreamResponse]:
        """Wait for the signals stored by now: the one thing in JetStream that no log brings back."""
        status = await self.status()
        first, goal = status.position, status.position + status.lag
        settle = asyncio.ensure_future(settling(self._bus, self._fold)())
        while not (await asyncio.wait((settle,), timeout=PROGRESS_EVERY))[0]:
            done = (await self.status()).position - first
            yield RebuildStreamResponse(stage="folding", done=min(max(done, 0), goal - first), total=goal - first)
        await settle
        yield RebuildStreamResponse(stage="folding", done=goal - first, total=goal - first)


def settling(bus: Bus, fold: Fold) -> Settle:
    """Return a wait for the signals that are stored by now to be folded. Raises NOT_YET."""

    async def settle() -> None:
        try:
            stored = await bus.stream_info(STREAM)  # later signals do not prolong the wait
            async with asyncio.timeout(SETTLE_PATIENCE):
                while stored and await fold.behind(stored):  # noqa: ASYNC110 - another process may be the one that folds
                    await asyncio.sleep(SETTLE_EVERY)
        except (TimeoutError, BusUnavailable) as late:
            text = "The signals stored by now are not folded yet; try again later."
            raise Refusal(RefusalKind.UNAVAILABLE, "NOT_YET", text) from late

    return settle
