"""Addresses are kept as long as somebody may have to be told: 30 days after an event, or its deletion,
nobody can read them any more.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from showfloor.events.invitations.domain.guest_list import (
    GUEST_LIST,
    ForgetGuests,
    GuestsForgotten,
    forget_guests,
    guest_list_stream,
)
from showfloor.events.schedule.domain.schedule_events import EventDeleted, EventScheduled, EventUpdated
from showfloor.eventstore.deadlines import Cleared, Deadline
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Event, Meta, Recorded

FORGET: Final = "forget_guests"
KEPT: Final = timedelta(days=30)  # from the scheduled end
KEPT_OF_DELETED: Final = KEPT  # from the deletion
HANDLES: Final[tuple[type[Event], ...]] = (EventScheduled, EventUpdated, EventDeleted, GuestsForgotten)

_META = Meta(actor="process:forgetting")

Destroy = Callable[[UUID], Awaitable[object]]
"""Destroys the keys of all addresses of an event, and what else holds them."""


def changes(recorded: Recorded) -> Iterable[Deadline | Cleared]:
    """Say what becomes due with an event, and what is done by it."""
    match recorded.event:
        case EventScheduled() | EventUpdated() as event:
            yield Deadline(FORGET, event.event_id, event.end_at + KEPT)
        case EventDeleted() as event:
            yield Deadline(FORGET, event.event_id, event.at + KEPT_OF_DELETED)
        case GuestsForgotten(event_id=event_id):
            yield Cleared(FORGET, event_id)
        case _:
            pass


async def forget(store: Store, destroy: Destroy, event_id: UUID, clock: Clock) -> None:
    """Forget the addresses of an event that is long over. It is recorded when it is done, and repeated until then."""
    await destroy(event_id)
    command = ForgetGuests(event_id=event_id, now=clock())
    await store.execute(GUEST_LIST, guest_list_stream(event_id), forget_guests, command, _META)
