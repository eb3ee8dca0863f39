"""What operators ask of the service, and its log of public events."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from showfloor.api.common.v1.log_service_pb2 import PublicEvent
from showfloor.api.common.v1.operator_service_pb2 import (
    ParkedMessage,
    PartStatus,
    RebuildStreamResponse,
    RebuildViewResponse,
)
from showfloor.eventstore.lease import leadership
from showfloor.eventstore.runtime import Runtime
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.messaging.bus import Bus, BusUnavailable
from showfloor.messaging.refill import NotFilled, refill
from showfloor.messaging.relay import Relay
from showfloor.messaging.signals import STREAM
from showfloor.messaging.unpublished import told
from showfloor.observability.tasks import stop
from showfloor.rpc.parked import parked_messages, parked_position
from showfloor.rpc.view_parts import rebuild_views, view_parts
from showfloor.session.edges.publish import publish
from showfloor.session.signals.fold import Fold

MAX_PAGE_BYTES = 2 * 1024**2  # of events in one answer; a call carries 4 MB
PROGRESS_EVERY = 0.2  # seconds between two words about waiting
SETTLE_EVERY, SETTLE_PATIENCE = 0.05, 10.0  # seconds


class Machinery:
    """The moving parts of this process. It has no subscriptions; what is parked are events that it cannot publish."""

    def __init__(self, app: str, runtime: Runtime, bus: Bus, relay: Relay, fold: Fold) -> None:
        self._app, self._runtime, self._bus, self._relay, self._fold = app, runtime, bus, relay, fold

    async def status(self) -> tuple[int, Sequence[PartStatus]]:
        """Return the last position of the log, and how far every part is."""
        last = await self._runtime.store.last_position()
        parts = await view_parts(self._runtime.views)
        relay = self._relay.status()
        parts.append(
            PartStatus(
                kind="relay",
                name="public",
                position=relay.position,
                lag=max(0, last - relay.position) if relay.state != "idle" else relay.lag,
                state={"retrying": "failed", "waiting": "stopped"}.get(relay.state, "running"),
                detail=relay.problem or (f"{relay.unpublished} cannot be published" if relay.unpublished else ""),
            )
        )
        parts.append(await self._fold_status())
        return last, parts

    async def _fold_status(self) -> PartStatus:
        try:
            stored = await self._bus.stream_info(STREAM)
        except BusUnavailable as outage:
            return PartStatus(kind="fold", name="signals", state="failed", detail=str(outage))
        lag = await self._fold.behind(stored) if stored else 0
        position = stored.last_sequence - lag if stored else 0
        return PartStatus(kind="fold", name="signals", position=position, lag=lag, state="running")

    def rebuild(self, view: str, compare: bool) -> AsyncIterator[RebuildViewResponse]:
        """Build a view, or all of them one after the other, again. Raises UNKNOWN_VIEW, REBUILD_RUNNING."""
        return rebuild_views(self._runtime.views, view, compare)

    async def fingerprint(self, view: str) -> tuple[str, int]:
        """Return the hash of a view's rows and where the view stands. Raises UNKNOWN_VIEW."""
        fingerprint = await self._runtime.views.fingerprint(view)
        return fingerprint, self._runtime.views.position(view)

    async def parked(self, subscription: str) -> Sequence[ParkedMessage]:
        """Return the events that the relay could not publish."""
        name = self._relay.letters
        if subscription not in ("", name):
            return []
        return parked_messages(name, await self._runtime.tracking.parked(name))

    async def replay(self, parked_id: str) -> bool:
        """Look again whether an event can be told; then it is, to subscriptions that ask. Raises PARKED_NOT_FOUND."""
        position = parked_position(parked_id, await self.parked(""))
        for recorded in await self._runtime.store.read_log(position - 1, 1):
            if told(publish, recorded)[1]:
                return False
        await self._relay.forget(position)
        return True

    async def rebuild_stream(self) -> AsyncIterator[RebuildStreamResponse]:
        """Fold the signals stored by now, then fill the stream of public events again. Raises NOT_YET, NOT_FILLED."""
        async for folding in self._folded():
            yield folding
        try:
            async for step in refill(self._bus, self._relay, self._app, self._runtime.store.read_log, publish):
                yield RebuildStreamResponse(
                    stage=step.stage,
                    done=step.done,
                    total=step.total,
                    public_events=step.public,
                    published=step.taken,
                    kept=step.kept,
                )
        except (NotFilled, BusUnavailable) as error:
            text = f"The stream is not filled yet; it goes on by itself: {error}."
            raise Refusal(RefusalKind.UNAVAILABLE, "NOT_FILLED", text) from error

    async def _folded(self) -> AsyncIterator[RebuildStreamResponse]:
        """Wait for the signals stored by now: the one thing in JetStream that no log brings back."""
        status = await self._fold_status()
        first, goal = status.position, status.position + status.lag
        settle = asyncio.ensure_future(settling(self._bus, self._fold)())
        while not (await asyncio.wait((settle,), timeout=PROGRESS_EVERY))[0]:
            done = (await self._fold_status()).position - first
            yield RebuildStreamResponse(stage="folding", done=min(max(done, 0), goal - first), total=goal - first)
        await settle
        yield RebuildStreamResponse(stage="folding", done=goal - first, total=goal - first)


def settling(bus: Bus, fold: Fold) -> Callable[[], Awaitable[None]]:
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


@asynccontextmanager
async def relaying(app: str, dsn: str, runtime: Runtime, bus: Bus) -> AsyncIterator[Relay]:
    """Copy public events to the bus while the block runs; one process at a time does it.

    It is woken by this process's commits at once, and by those of other replicas when the views learn of them.
    """
    lead = leadership(dsn, f"showfloor relay {app}")
    relay = Relay(
        app=app,
        bus=bus,
        leadership=lead,
        read_log=runtime.store.read_log,
        publish=publish,
        dead_letters=runtime.tracking,
    )
    loop = asyncio.get_running_loop()

    def wake(position: int) -> None:
        with suppress(RuntimeError):  # the loop closed: this process is stopping
            loop.call_soon_threadsafe(relay.wake, position)

    runtime.store.on_commit(wake)
    runtime.views.on_advance(lambda positions, _page: relay.wake(max(positions.values())))
    task = loop.create_task(relay.run(), name="relay")
    try:
        yield relay
    finally:
        await stop(task)


class PublicLog:
    """Public events straight from the log, for subscriptions that start or found a gap."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def read(self, after: int, limit: int) -> tuple[Sequence[PublicEvent], int]:
        """Scan `limit` positions after `after`; return the public events and the last position scanned."""
        events: list[PublicEvent] = []
        size = 0
        for recorded in await self._runtime.store.read_log(after, limit):
            event, _why_not = told(publish, recorded)
            if event is not None:
                size += len(event.message)
                if events and size > MAX_PAGE_BYTES:
                    break
                events.append(
                    PublicEvent(
                        position=recorded.position,
                        type=event.type,
                        key=event.key,
                        body=event.message,
                        time=event.time.isoformat().replace("+00:00", "Z"),
                        traceparent=recorded.meta.traceparent,
                    )
                )
            after = recorded.position
        return events, after
