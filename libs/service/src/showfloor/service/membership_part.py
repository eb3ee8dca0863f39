"""The copy of the directory, in a service that follows it, as operators see it: how far it is, and filled again."""

import asyncio
from collections.abc import AsyncIterator

from showfloor.access.membership.members import Members
from showfloor.access.membership.tables import SCHEMA
from showfloor.api.common.v1.operator_service_pb2 import PartStatus, RebuildViewResponse
from showfloor.eventstore import rebuild as rebuilding
from showfloor.eventstore.statements import Statement
from showfloor.messaging.subscription import Subscription

VIEW = "membership"  # as the view of the directory's owner is called
SILENCE_S = 60.0  # without the directory, after which somebody should look; sooner where changes are refused sooner


class MembershipPart:
    """Tells how much of the directory is known here, and fills the tables again."""

    def __init__(self, members: Members, subscription: Subscription[Statement], dsn: str) -> None:
        self._members, self._subscription, self._dsn = members, subscription, dsn

    def status(self) -> PartStatus:
        """Return how far the tables are. It is failed when the directory was not heard for too long."""
        silence, stale = self._members.silence, self._members.stale_s
        known, lag = self._members.position, self._members.lag
        part = PartStatus(kind="membership", name="directory", position=known, lag=lag, state="running")
        if silence > min(SILENCE_S, stale):
            part.state = "failed"
            then = "changes are refused" if silence > stale else f"changes are refused after {stale:.0f} s"
            part.detail = f"the directory was not heard for {silence:.0f} s; {then}"
        return part

    async def rebuild(self, compare: bool) -> AsyncIterator[RebuildViewResponse]:
        """Empty the tables and fill them from the directory's log; users wait meanwhile.

        Raises what asking the directory raises: nothing is emptied while it does not answer.
        """
        await self._subscription.catch_up()
        replaced = await self._fingerprint() if compare else ""
        await self._subscription.remake()
        at = self._subscription.position
        fingerprint = await self._fingerprint()
        yield RebuildViewResponse(
            view=VIEW, done=at, total=at, swapped=True, fingerprint=fingerprint, replaced=replaced
        )

    async def _fingerprint(self) -> str:
        return await asyncio.to_thread(rebuilding.fingerprint, self._dsn, SCHEMA)
