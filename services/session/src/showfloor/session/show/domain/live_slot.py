"""The one place per account where a running LIVE can stand ("one running LIVE per account")."""

from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id


class LiveSlotTaken(Event, frozen=True, kw_only=True):
    """A session took the account's slot: no other of its sessions can go on air."""

    TOPIC: ClassVar[str] = "live_slot.taken"

    account_id: UUID
    session_id: UUID


class LiveSlotReleased(Event, frozen=True, kw_only=True):
    """The session gave the slot back."""

    TOPIC: ClassVar[str] = "live_slot.released"

    account_id: UUID
    session_id: UUID


class LiveSlot(msgspec.Struct, frozen=True):
    """Which session holds the slot of its account."""

    session_id: UUID | None = None


def live_slot_id(account_id: UUID) -> UUID:
    """Return the stream of an account's slot."""
    return derive_id(account_id, "live_slot")


def evolve(state: LiveSlot, event: Event) -> LiveSlot:
    """Return the slot after the event."""
    assert isinstance(event, LiveSlotTaken | LiveSlotReleased)
    return LiveSlot(event.session_id if isinstance(event, LiveSlotTaken) else None)


LIVE_SLOT: Decider[LiveSlot] = Decider(
    name="live_slot",
    state_type=LiveSlot,
    initial=LiveSlot,
    evolve=evolve,
    events=(LiveSlotTaken, LiveSlotReleased),
)
