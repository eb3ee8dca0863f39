"""Erasing the addresses of guests: by destroying their keys, and the mails that lie in a folder."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from showfloor.api.events.v1 import invitation_service_pb2 as pb
from showfloor.events.invitations.domain import invitation_rules as rules
from showfloor.events.invitations.domain import refusals
from showfloor.events.invitations.domain.invitation import INVITATION, whose
from showfloor.events.schedule.edges.authorizing import Events
from showfloor.eventstore.query import Database
from showfloor.eventstore.sealing import Sealing
from showfloor.kernel.erasure import ERASURE, Erase, erase
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.service.builder import Builder

_OF_CONTACT: Final = "SELECT invitation_id, event_id FROM invitation WHERE contact = %s AND account_id = %s"


class Contacts:
    """Where addresses lie: under keys, and, without a mail server, in files."""

    def __init__(self, database: Database, sealing: Sealing, folder: Path) -> None:
        self._database, self._sealing, self._folder = database, sealing, folder

    async def of(self, account_id: UUID, contact: str) -> list[tuple[UUID, UUID]]:
        """Return the registrations of an address in an account's events: invitation and event."""
        rows = await self._database.fetch(_OF_CONTACT, [contact, account_id])
        return [(row["invitation_id"], row["event_id"]) for row in rows]

    async def erase(self, account_id: UUID, contact: str, found: list[tuple[UUID, UUID]]) -> int:
        """Make an address unreadable in an account's events; return how many keys went. Safe: on demand."""

        def remove() -> None:
            for invitation_id, event_id in found:
                for file in (self._folder / str(event_id)).glob(f"*{invitation_id}.*"):
                    file.unlink(missing_ok=True)

        await asyncio.to_thread(remove)
        return await self._sealing.destroy(subjects=[whose(account_id, "", contact).subject])

    async def forget(self, event_id: UUID) -> None:
        """Make all addresses of an event unreadable. Safe: it is long over. A disk that refuses is tried again."""
        await asyncio.to_thread(remove_mails, self._folder / str(event_id))
        await self._sealing.destroy(scope=whose("", event_id, "").scope)


def remove_mails(folder: Path) -> None:
    """Remove the mails of an event, and their folder when it is empty then.

    Safe: only files that `posting.into_folder` names so; whatever else lies there stays.
    Raises OSError when a mail cannot be removed: an address must not stay behind unnoticed.
    """
    for file in (*folder.glob("*.eml"), *folder.glob(".*.eml.new")):
        file.unlink(missing_ok=True)
    with suppress(OSError):  # it was never made, or holds what somebody else put there
        folder.rmdir()


class ContactCalls:
    """One method per RPC. The proto's comments say what each does and refuses."""

    def __init__(self, base: Builder, events: Events, contacts: Contacts) -> None:
        self._store, self._views, self._clock = base.store, base.views, base.clock
        self._events, self._contacts = events, contacts

    async def EraseContact(self, request: pb.EraseContactRequest, _: Any) -> pb.EraseContactResponse:
        request_id = checks.request_id(request.request_id)
        key = checks.uuid("invitation_id", request.invitation_id)
        row = await self._events.event_for(request.event_id, deleted=True)
        state = (await self._store.load(INVITATION, key)).state
        if state.event_id != row.event_id:
            raise refusals.invitation_not_found(key)
        # A registration of a moment ago is ended, too: its address would be unreadable, and its mails never go.
        await self._views.wait_for(("invitations",), await self._store.last_position())
        found = await self._contacts.of(row.account_id, state.contact)
        for invitation_id, _event_id in {(key, row.event_id), *found}:
            decline = rules.DeclineInvitation(now=self._clock())
            await self._store.execute(INVITATION, invitation_id, rules.decline_invitation, decline, current().meta())
        command = Erase(kind="contact", erased=f"{row.account_id}/{state.contact}", now=self._clock())
        # Recorded before it is done: one that stops half-way is known, and said again.
        await self._store.execute(ERASURE, command.erasure_id, erase, command, current().meta(request_id))
        keys = await self._contacts.erase(row.account_id, state.contact, [(key, row.event_id), *found])
        return pb.EraseContactResponse(keys=keys)
