"""An event that cannot be published, and what takes its place: one event must not stop all that come after it.

In its place goes a *stand-in*: a message with its position and no content, so that the chain of positions has no gap.
A subscription asks the owner for what it stands for. What was only too large for the broker comes that way and is
handled in order; what the owner cannot tell either becomes a dead letter, which can be replayed once mended.
"""

import traceback
from collections.abc import Callable
from pathlib import Path

from showfloor.kernel.event import Recorded
from showfloor.messaging.public import PublicEvent, check_key

TYPE = "showfloor.Unpublished"  # the CloudEvents type of a stand-in

Publish = Callable[[Recorded], PublicEvent | None]
"""What the others may see of an event; None: nothing."""


class NotTold(Exception):
    """The owner cannot tell what the event was: mend it there, then replay the dead letters."""


def told(publish: Publish, recorded: Recorded) -> tuple[PublicEvent | None, str]:
    """Return what others may see of an event, and "". When that cannot be said: a stand-in, and why."""
    try:
        event = publish(recorded)
        if event is not None:
            check_key(event)
    except Exception as error:
        return stand_in(recorded), _words(error)
    return event, ""


def stand_in(recorded: Recorded, key: str = "unpublished") -> PublicEvent:
    """Return what takes an event's place."""
    return PublicEvent(TYPE, key, b"", recorded.event.at)


def _words(error: Exception) -> str:
    """Say what went wrong and where, without the error's own text: it may hold content of the event."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
