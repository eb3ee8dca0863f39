"""What is allowed: a poll is opened once and closed once."""

import msgspec

from showfloor.kernel.event import Event
from showfloor.polls.domain.poll import Poll, PollClosed, PollOpened


class OpenPoll(msgspec.Struct, frozen=True):
    """Ask the viewers of a session what the event says."""

    event: PollOpened


def open_poll(state: Poll, command: OpenPoll) -> list[Event]:
    """Open a poll."""
    return [] if state.poll_id else [command.event]


def close_poll(state: Poll, command: PollClosed) -> list[Event]:
    """Close a poll."""
    return [command] if state.open else []
