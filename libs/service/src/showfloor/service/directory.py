"""Follows the directory: its public events go into the tables that rights are asked of, and its word is kept fresh.

Who is erased there is erased here: the keys of what they wrote are destroyed.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from showfloor.access.membership.members import Members
from showfloor.access.membership.tables import statements_of
from showfloor.api.gateway.v1.gateway_events_pb2 import UserErased
from showfloor.eventstore.query import Database
from showfloor.eventstore.runtime import Runtime
from showfloor.eventstore.sealing import Sealing
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.view import View
from showfloor.kernel.personal import user_subject
from showfloor.messaging.public import PublicMessage
from showfloor.messaging.subscription import Handle, Subscription
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import gauge
from showfloor.service.following import OwnersLog

UPSTREAM = UserErased.DESCRIPTOR.file.package.split(".")[-2]  # the service whose contract that is
ASK_EVERY_S = 5.0  # while nobody waits; a third of the staleness that the settings allow, if that is less
PAUSE_S = 0.2  # after the directory could not be asked
SILENCE = gauge("membership_silence_seconds", "Seconds since the directory was last asked and answered.")
_log = get_logger(__name__)
_KEEP = """
INSERT INTO directory_log VALUES (true, %s)
ON CONFLICT (one) DO UPDATE SET log_id = EXCLUDED.log_id WHERE directory_log.log_id <> EXCLUDED.log_id RETURNING 1"""


def handling(sealing: Sealing) -> Handle[Statement]:
    """Return what handles public events of the directory, in a service that has these keys of what people wrote."""

    async def handle(message: PublicMessage) -> Sequence[Statement]:
        """Return what it means for the tables. The keys of a user who was erased go first: it may be done again."""
        kind, body = message.event.type, message.event.message
        if kind == UserErased.DESCRIPTOR.full_name:
            await sealing.destroy(subjects=[user_subject(UserErased.FromString(body).subject_id)])
        return statements_of(kind, body)

    return handle


def own_members(runtime: Runtime, view: View) -> Members:
    """Return the membership of the service that owns the directory: it asks a view of its own log."""
    members, name = Members(runtime.database), view.name
    members.advanced(runtime.views.position(name))
    runtime.views.on_advance(lambda at, _page: members.advanced(at[name]) if name in at else None)
    return members


class KnownLog:
    """Which log of the directory the tables were filled from."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_another(self, log_id: str) -> bool:
        """Tell whether they were filled from another log than this one."""
        row = await self._database.fetch_one("SELECT log_id FROM directory_log")
        return bool(log_id) and row is not None and row["log_id"] != log_id

    async def keep(self, log_id: str) -> None:
        """Note that they are filled from this log."""
        if log_id:
            await self._database.fetch(_KEEP, (log_id,))


async def heard(members: Members, subscription: Subscription[Statement], log: OwnersLog, known: KnownLog) -> None:
    """Ask the directory for what the tables lack. They are as it says once they hold all of it.

    A directory that ends before them, or whose log is another one, was restored from a backup: they are filled anew,
    and who asks waits for that.
    What could not be handled counts as not heard: it may have taken somebody's right.
    """
    if not await subscription.catch_up():
        return
    if log.end < subscription.position or await known.is_another(log.log_id):
        await subscription.start_over()
        await known.keep(log.log_id)  # last: who stops before it starts over again
        members.wanted.set()
        return
    await known.keep(log.log_id)
    if await subscription.whole():
        members.heard(log.end)
    elif log.end > members.position:
        members.advanced(log.end)


async def keep_up(
    members: Members, subscription: Subscription[Statement], log: OwnersLog, known: KnownLog, stale_s: float
) -> None:
    """Ask the directory for what the bus has not brought: now and then, and at once when a call waits for it."""
    SILENCE.set_function(lambda: members.silence)  # also while an answer is waited for
    away = False
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(PAUSE_S if away else min(ASK_EVERY_S, stale_s / 3)):
                await members.wanted.wait()
        members.wanted.clear()
        try:
            await heard(members, subscription, log, known)
            if away:
                _log.info("the directory answers again", position=members.position)
            away = False
        except Exception as error:  # whatever it is, it is tried again: nobody else asks
            if not away:
                _log.warning("the directory cannot be asked", error=repr(error))
            away = True
            await asyncio.sleep(PAUSE_S)
