"""The guest list of a LIVE event: what all who are invited to it have been told."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from showfloor.kernel.command import Aside
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id

News = Literal["moved", "cancelled", "starting"]


class GuestsNotified(Event, frozen=True, kw_only=True):
    """For everybody who was invited a mail is due about this, as of this sequence of the event."""

    TOPIC: ClassVar[str] = "guest_list.notified"

    event_id: UUID
    kind: News
    number: int


class GuestsForgotten(Event, frozen=True, kw_only=True):
    """The addresses of those who were invited can be read no more: it is long enough since the event."""

    TOPIC: ClassVar[str] = "guest_list.forgotten"

    event_id: UUID


class GuestList(msgspec.Struct, frozen=True):
    """The state of a guest list: what was told already."""

    told: frozenset[tuple[str, int]] = frozenset()
    forgotten: bool = False


class NotifyGuests(msgspec.Struct, frozen=True, kw_only=True):
    """Record that everybody is told."""

    event_id: UUID
    kind: News
    number: int
    now: Aside[datetime]


def notify_guests(_state: GuestList, command: NotifyGuests) -> list[Event]:
    """Record it, also again: an event that is moved away and back starts soon twice, and no news may stay due."""
    return [GuestsNotified(at=command.now, event_id=command.event_id, kind=command.kind, number=command.number)]


class ForgetGuests(msgspec.Struct, frozen=True, kw_only=True):
    """Record that the addresses are gone."""

    event_id: UUID
    now: Aside[datetime]


def forget_guests(state: GuestList, command: ForgetGuests) -> list[Event]:
    """Record it once."""
    return [] if state.forgotten else [GuestsForgotten(at=command.now, event_id=command.event_id)]


def guest_list_stream(event_id: UUID) -> UUID:
    """Return the id of an event's guest list."""
    return derive_id(event_id, "guest_list")


def evolve(state: GuestList, event: Event) -> GuestList:
    """Return the guest list after the event."""
    assert isinstance(event, GuestsNotified | GuestsForgotten)
    if isinstance(event, GuestsForgotten):
        return msgspec.structs.replace(state, forgotten=True)
    return msgspec.structs.replace(state, told=state.told | {(event.kind, event.number)})


GUEST_LIST: Decider[GuestList] = Decider(
    name="guest_list",
    state_type=GuestList,
    initial=GuestList,
    evolve=evolve,
    events=(GuestsNotified, GuestsForgotten),
)
