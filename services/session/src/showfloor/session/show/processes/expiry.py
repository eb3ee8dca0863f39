"""Three months after a session's end its details go (D9): first from the log's views, then from the signals' counts.

With these go the keys of what people wrote, and with the keys their words in the log, streams and backups.
"""

from collections.abc import Awaitable, Callable, Iterable
from uuid import UUID

from showfloor.eventstore.deadlines import Cleared, Deadline
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.session.show.domain import detail_rules
from showfloor.session.show.domain.detail_rules import ExpireDetails
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION
from showfloor.session.show.domain.session_events import (
    SessionDeleted,
    SessionDetailsExpired,
    SessionEnded,
    SignalsForgotten,
)
from showfloor.session.show.domain.session_rules import Command

EXPIRE, FORGET = "expire_details", "forget_signals"

HANDLES: tuple[type[Event], ...] = (SessionEnded, SessionDeleted, SessionDetailsExpired, SignalsForgotten)

Forget = Callable[[UUID], Awaitable[None]]
"""Deletes what a slice keeps of an expired session beside the log's views; again changes nothing."""

IsReported = Callable[[UUID], Awaitable[bool]]
"""Tells whether a session's final report is out."""

_META = Meta(actor="process:expiry")


def changes(recorded: Recorded, policy: Policy) -> Iterable[Deadline | Cleared]:
    """Say what becomes due with an event, and what is done by it."""
    match recorded.event:
        case SessionEnded(recorded_at=over_at, session_id=session_id):
            yield Deadline(EXPIRE, session_id, policy.details_until(over_at))
        case SessionDetailsExpired(at=at, session_id=session_id):
            yield Cleared(EXPIRE, session_id)
            yield Deadline(FORGET, session_id, at)
        case SessionDeleted(at=at, session_id=session_id):
            yield Deadline(FORGET, session_id, at)
        case SignalsForgotten(session_id=session_id):
            yield Cleared(FORGET, session_id)


async def expire(store: Store, is_reported: IsReported, session_id: UUID, clock: Clock, policy: Policy) -> None:
    """Let a session's details go. One whose report is still to come keeps them: the day would miss its totals."""
    reported = await is_reported(session_id)
    command = ExpireDetails(session_id=session_id, now=clock(), policy=policy, reported=reported)
    await store.execute(SESSION, session_id, detail_rules.expire_details, command, _META)


async def forget(store: Store, forgets: Iterable[Forget], session_id: UUID, clock: Clock) -> None:
    """Delete what is kept of an expired session beside the views, then record it. Killed in between: once more."""
    for forget_of_slice in forgets:
        await forget_of_slice(session_id)
    command = Command(session_id=session_id, now=clock())
    await store.execute(SESSION, session_id, detail_rules.forget_signals, command, _META)
