"""What is allowed: a poll is opened once and closed once."""

from showfloor.kernel.event import Event
from showfloor.polls.domain.poll import Poll, PollClosed, PollOpened


def open_poll(state: Poll, command: PollOpened) -> list[Event]:
    """Open a poll."""
    return [] if state.poll_id else [command]


def close_poll(state: Poll, command: PollClosed) -> list[Event]:
    """Close a poll."""
    return [command] if state.open else []
