"""A poll closes when its time is over."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from showfloor.eventstore.deadlines import Cleared, Deadline, deadline_view
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Meta, Recorded
from showfloor.polls.domain.poll import POLL, PollClosed, PollOpened
from showfloor.polls.domain.poll_rules import close_poll


def changes(recorded: Recorded) -> Iterable[Deadline | Cleared]:
    """Say what becomes due with an event, and what is done by it."""
    match recorded.event:
        case PollOpened(poll_id=poll_id, at=at, seconds=seconds):
            yield Deadline("close", poll_id, at + timedelta(seconds=seconds))
        case PollClosed(poll_id=poll_id):
            yield Cleared("close", poll_id)


DEADLINES = deadline_view((PollOpened, PollClosed), changes)


async def close(store: Store, poll_id: UUID, clock: Clock) -> None:
    """Close a poll; again it changes nothing."""
    await store.execute(POLL, poll_id, close_poll, PollClosed(at=clock(), poll_id=poll_id), Meta(actor="process:close"))
