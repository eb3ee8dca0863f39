"""What the others learn of a domain event: translated by a table, told under the id that it is about."""

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.message import Message

from showfloor.kernel.event import Event, Recorded
from showfloor.messaging.public import PublicEvent
from showfloor.messaging.unpublished import Publish

Translations = Mapping[type[Event], Callable[[Any], Message | None]]
"""By the kind of a domain event: its public message. None, or no entry: it is private."""


class Unpublishable(ValueError):
    """A stored event holds a value that its public message cannot: no rule lets it in, so the log was damaged."""


def publisher(translations: Translations, key: str) -> Publish:
    """Return what the relay asks of each event. `key` is the field of every message that says what it is about.

    What is returned raises Unpublishable.
    """

    def publish(recorded: Recorded) -> PublicEvent | None:
        translate = translations.get(type(recorded.event))
        try:
            message = translate(recorded.event) if translate else None
        except (ValueError, OverflowError, LookupError) as error:
            raise Unpublishable(f"the event at position {recorded.position} cannot be published: {error!r}") from error
        if message is None:
            return None
        about, kind = str(getattr(message, key)), message.DESCRIPTOR.full_name
        return PublicEvent(type=kind, key=about, message=message.SerializeToString(), time=recorded.event.at)

    return publish
