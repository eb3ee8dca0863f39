"""The mails as a part of the service: how many are due, and what is wrong."""

from collections.abc import AsyncIterator
from typing import Final

from showfloor.api.common.v1.operator_service_pb2 import PartStatus, RebuildStreamResponse
from showfloor.events.invitations.processes.outbox import Outbox
from showfloor.eventstore.query import Database

_DUE: Final = "SELECT coalesce(sum(mails), 0) AS n FROM invitation_outbox"


class MailsPart:
    """The mails, told to operators."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database, self._outbox = database, outbox

    async def status(self) -> PartStatus:
        """Return how many mails are due."""
        row = await self._database.fetch_one(_DUE)
        lag, problem = int(row["n"]) if row else 0, self._outbox.problem
        state = "retrying" if problem else "running"
        return PartStatus(
            kind="mails", name="invitations", position=self._outbox.sent, lag=lag, state=state, detail=problem
        )

    async def settle(self) -> AsyncIterator[RebuildStreamResponse]:
        """Return at once: mails do not lie on the broker."""
        return
        yield
