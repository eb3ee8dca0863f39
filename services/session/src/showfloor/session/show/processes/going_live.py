"""Going on air and off again takes two streams. When a process dies in between, this does the second half."""

from collections.abc import Iterable
from uuid import UUID

from showfloor.eventstore.deadlines import Cleared, Deadline
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.show import commands
from showfloor.session.show.domain import session_rules
from showfloor.session.show.domain.live_slot import LIVE_SLOT, LiveSlotReleased, LiveSlotTaken, live_slot_id
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION
from showfloor.session.show.domain.session_events import SessionEnded, WentLive
from showfloor.session.show.domain.session_rules import Command, GoLive

FINISH, RELEASE = "finish_go_live", "release_slot"

HANDLES: tuple[type[Event], ...] = (LiveSlotTaken, LiveSlotReleased, WentLive, SessionEnded)

_META = Meta(actor="process:going_live")


def changes(recorded: Recorded, policy: Policy) -> Iterable[Deadline | Cleared]:
    """Say what becomes due with an event, and what is done by it."""
    match recorded.event:
        case LiveSlotTaken(at=at, session_id=session_id):
            yield Deadline(FINISH, session_id, at + policy.finish_after)
        case WentLive(session_id=session_id):
            yield Cleared(FINISH, session_id)
        case SessionEnded(recorded_at=at, session_id=session_id):
            yield Deadline(RELEASE, session_id, at + policy.finish_after)
        case LiveSlotReleased(session_id=session_id):
            yield Cleared(FINISH, session_id)
            yield Cleared(RELEASE, session_id)


async def finish(store: Store, session_id: UUID, clock: Clock) -> None:
    """Put a session that took the slot on air; one that may not go gives the slot back."""
    session = (await store.load(SESSION, session_id)).state
    slot = (await store.load(LIVE_SLOT, live_slot_id(session.account_id))).state
    if slot.session_id != session_id:
        return
    command = GoLive(session_id=session_id, now=clock())
    try:
        await store.execute(SESSION, session_id, session_rules.go_live, command, _META)
    except Refusal as refusal:
        if refusal.kind is RefusalKind.UNAVAILABLE:
            raise
        await commands.release_slot(store, session, command, _META)


async def release(store: Store, session_id: UUID, clock: Clock) -> None:
    """Give the slot of an ended session back."""
    session = (await store.load(SESSION, session_id)).state
    command = Command(session_id=session_id, now=clock())
    await commands.release_slot(store, session, command, _META)
