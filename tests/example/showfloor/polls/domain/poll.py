"""A poll: what was asked of whom, and whether it is still open."""

from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event


class PollOpened(Event, frozen=True, kw_only=True):
    """A host asked the viewers of a session something."""

    TOPIC: ClassVar[str] = "poll.opened"

    poll_id: UUID
    account_id: UUID
    session_id: UUID
    question: str
    seconds: int  # until it closes by itself


class PollClosed(Event, frozen=True, kw_only=True):
    """A poll takes no more votes."""

    TOPIC: ClassVar[str] = "poll.closed"

    poll_id: UUID


class Poll(msgspec.Struct, frozen=True):
    """The state of a poll; no `poll_id`: there is none."""

    poll_id: UUID | None = None
    open: bool = False


def evolve(_: Poll, event: Event) -> Poll:
    """Return the poll after the event."""
    assert isinstance(event, PollOpened | PollClosed)
    return Poll(event.poll_id, open=isinstance(event, PollOpened))


POLL = Decider[Poll](name="poll", state_type=Poll, initial=Poll, evolve=evolve, events=(PollOpened, PollClosed))
DECIDERS = (POLL,)
