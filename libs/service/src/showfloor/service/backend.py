"""What OperatorService answers with: how far a service's parts are, rebuilds, and dead letters."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from showfloor.api.common.v1 import operator_service_pb2 as pb
from showfloor.api.common.v1.operator_service_pb2 import PartStatus, RebuildStreamResponse, RebuildViewResponse
from showfloor.eventstore.runtime import Runtime
from showfloor.eventstore.statements import Statement
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.kernel.tracking import DeadLetter
from showfloor.messaging.bus import Bus, BusUnavailable
from showfloor.messaging.refill import NotFilled, refill
from showfloor.messaging.relay import Relay
from showfloor.messaging.subscription import Subscription
from showfloor.messaging.unpublished import Publish, told
from showfloor.service import membership_part
from showfloor.service.membership_part import MembershipPart
from showfloor.service.view_parts import rebuild_views, view_parts

_RELAY_STATES = {"retrying": "failed", "waiting": "stopped"}
_SUBSCRIPTION_STATES = {
    "following": "running",
    "starting": "catching_up",
    "repairing": "catching_up",
    "stopped": "stopped",
}


class OwnPart(Protocol):
    """A moving part that one service alone has."""

    async def status(self) -> PartStatus:
        """Return how far it is."""
        ...

    def settle(self) -> AsyncIterator[RebuildStreamResponse]:
        """Take in what only the broker holds, before streams are filled again from the log; yield progress."""
        ...


class OperatorBackend:
    """The moving parts of a service's process. Unknown names raise Refusal NOT_FOUND."""

    def __init__(
        self,
        name: str,
        runtime: Runtime,
        bus: Bus,
        subscriptions: Sequence[Subscription[Statement]] = (),
        own: Sequence[OwnPart] = (),
        relay: Relay | None = None,
        publish: Publish | None = None,
        membership: MembershipPart | None = None,
    ) -> None:
        """`membership`: the copy of the directory, in a service that follows it."""
        self._name, self._runtime, self._bus, self._membership = name, runtime, bus, membership
        self._subscriptions, self._own = subscriptions, own
        self._relay, self._publish = relay, publish

    async def status(self) -> tuple[int, Sequence[PartStatus]]:
        """Return the last position of the log, and how far every part is."""
        last = await self._runtime.store.last_position()
        parts = await view_parts(self._runtime.views)
        parts += [await _subscription_part(one) for one in self._subscriptions]
        if self._membership is not None:
            parts.append(self._membership.status())
        if self._relay is not None:
            parts.append(_relay_part(self._relay, last))
        parts += [await own.status() for own in self._own]
        return last, parts

    def rebuild(self, view: str, compare: bool) -> AsyncIterator[RebuildViewResponse]:
        """Build a view, or all of them one after the other, again. Raises UNKNOWN_VIEW, REBUILD_RUNNING."""
        if self._membership is not None and view == membership_part.VIEW:
            return self._membership.rebuild(compare)
        return rebuild_views(self._runtime.views, view, compare)

    async def fingerprint(self, view: str) -> tuple[str, int]:
        """Return the hash of a view's rows and where the view stands. Raises UNKNOWN_VIEW."""
        return await self._runtime.views.fingerprint(view), self._runtime.views.position(view)

    async def dead_letters(self, subscription: str) -> Sequence[pb.DeadLetter]:
        """Return what subscriptions could not handle and the relay could not publish; "" for all of it."""
        names = [one.name for one in self._subscriptions]
        names += [self._relay.letters] if self._relay is not None else []
        return [
            _shown(name, letter)
            for name in names
            if subscription in ("", name)
            for letter in await self._runtime.tracking.dead_letters(name)
        ]

    async def replay(self, dead_letter_id: str) -> bool:
        """Handle or publish one message again; True when that went well. Raises DEAD_LETTER_NOT_FOUND."""
        if not await self._is_dead(dead_letter_id):
            text = "There is no dead letter of this id."
            raise Refusal(RefusalKind.NOT_FOUND, "DEAD_LETTER_NOT_FOUND", text, {"dead_letter_id": dead_letter_id})
        name, _, position = dead_letter_id.rpartition("@")
        for subscription in self._subscriptions:
            if name == subscription.name:
                await subscription.replay_dead_letters(only=int(position))
                return not await self._is_dead(dead_letter_id)
        return await self._publishes_now(int(position))

    async def _is_dead(self, dead_letter_id: str) -> bool:
        return any(one.dead_letter_id == dead_letter_id for one in await self.dead_letters(""))

    async def _publishes_now(self, position: int) -> bool:
        """Look again whether an event can be told; then it is, to subscriptions that ask."""
        assert self._relay is not None and self._publish is not None, "the relay kept it"
        for recorded in await self._runtime.store.read_log(position - 1, 1):
            if told(self._publish, recorded)[1]:
                return False
        await self._relay.forget(position)
        return True

    async def rebuild_stream(self) -> AsyncIterator[RebuildStreamResponse]:
        """Fill the stream of public events again. Raises NO_PUBLIC_EVENTS, NOT_YET, NOT_FILLED."""
        if self._relay is None or self._publish is None:
            text = f"The {self._name} has no stream of public events."
            raise Refusal(RefusalKind.WRONG_STATE, "NO_PUBLIC_EVENTS", text)
        for own in self._own:
            async for progress in own.settle():
                yield progress
        read_log = self._runtime.store.read_log
        try:
            async for step in refill(self._bus, self._relay, self._name, read_log, self._publish):
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


def _shown(name: str, letter: DeadLetter) -> pb.DeadLetter:
    return pb.DeadLetter(
        dead_letter_id=f"{name}@{letter.position}",
        subscription=name,
        position=letter.position,
        type=letter.headers.get("ce-type", ""),
        error=letter.reason,
        failed_time=letter.failed_at.isoformat(),
    )


async def _subscription_part(subscription: Subscription[Statement]) -> PartStatus:
    try:
        lag, unknown = await subscription.lag(), ""
    except BusUnavailable as error:
        lag, unknown = 0, f"how far it is behind is not known: {error}"
    followed = subscription.status()
    dead_letters = f"{followed.dead_letters} dead letters" if followed.dead_letters else ""
    return PartStatus(
        kind="subscription",
        name=followed.name,
        position=followed.position,
        lag=lag,
        state=_SUBSCRIPTION_STATES.get(followed.state, "failed"),
        detail=followed.problem or dead_letters or unknown,
    )


def _relay_part(relay: Relay, last: int) -> PartStatus:
    now = relay.status()
    return PartStatus(
        kind="relay",
        name="public",
        position=now.position,
        lag=max(0, last - now.position) if now.state != "idle" else now.lag,
        state=_RELAY_STATES.get(now.state, "running"),
        detail=now.problem or (f"{now.unpublished} cannot be published" if now.unpublished else ""),
    )
