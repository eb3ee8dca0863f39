"""What operators ask of the gateway: its views, its subscription, what was parked."""

from collections.abc import AsyncIterator, Sequence

from showfloor.api.common.v1.log_service_pb2 import PublicEvent
from showfloor.api.common.v1.operator_service_pb2 import (
    ParkedMessage,
    PartStatus,
    RebuildStreamResponse,
    RebuildViewResponse,
)
from showfloor.eventstore.runtime import Runtime
from showfloor.eventstore.statements import Statement
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.messaging.subscription import Subscription
from showfloor.rpc.parked import parked_messages, parked_position
from showfloor.rpc.view_parts import rebuild_views, view_parts

_SUBSCRIPTION_STATES = {"following": "running", "starting": "catching_up", "repairing": "catching_up"}


class Machinery:
    """The moving parts of this process."""

    def __init__(self, runtime: Runtime, subscription: Subscription[Statement]) -> None:
        self._runtime, self._subscription = runtime, subscription

    async def status(self) -> tuple[int, Sequence[PartStatus]]:
        """Return the last position of the log, and how far every part is."""
        parts = await view_parts(self._runtime.views)
        followed = self._subscription.status()
        state = _SUBSCRIPTION_STATES.get(followed.state, "stopped" if followed.state == "stopped" else "failed")
        detail = followed.problem or (f"{followed.parked} parked" if followed.parked else "")
        parts.append(
            PartStatus(kind="subscription", name=followed.name, position=followed.position, state=state, detail=detail)
        )
        return await self._runtime.store.last_position(), parts

    def rebuild(self, view: str, compare: bool) -> AsyncIterator[RebuildViewResponse]:
        """Build a view, or all of them one after the other, again. Raises UNKNOWN_VIEW, REBUILD_RUNNING."""
        return rebuild_views(self._runtime.views, view, compare)

    async def fingerprint(self, view: str) -> tuple[str, int]:
        """Return the hash of a view's rows and where the view stands. Raises UNKNOWN_VIEW."""
        return await self._runtime.views.fingerprint(view), self._runtime.views.position(view)

    async def parked(self, subscription: str) -> Sequence[ParkedMessage]:
        """Return the events that the subscription set aside."""
        name = self._subscription.name
        if subscription not in ("", name):
            return []
        return parked_messages(name, await self._runtime.tracking.parked(name))

    async def replay(self, parked_id: str) -> bool:
        """Handle one message that is parked again. Raises PARKED_NOT_FOUND."""
        position = parked_position(parked_id, await self.parked(""))
        await self._subscription.replay_parked(only=position)
        return parked_id not in [one.parked_id for one in await self.parked("")]

    async def rebuild_stream(self) -> AsyncIterator[RebuildStreamResponse]:
        """Refuse: the gateway publishes nothing. Raises NO_PUBLIC_EVENTS."""
        text = "The gateway has no stream of public events."
        raise Refusal(RefusalKind.WRONG_STATE, "NO_PUBLIC_EVENTS", text)
        yield  # makes it the stream of answers that it has to be


class NoPublicEvents:
    """The log of public events of a service that tells others nothing."""

    async def read(self, after: int, limit: int) -> tuple[Sequence[PublicEvent], int]:
        """Return nothing after a position."""
        return [], after
