"""The public events of a service, declared once: its relay, docs/asyncapi.json and the tests all read it here."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from google.protobuf.message import Message

from showfloor.kernel.event import Event, Recorded
from showfloor.messaging.public import PublicEvent


class Unpublishable(ValueError):
    """A stored event holds a value that its public message cannot: no rule lets it in, so the log was damaged."""


class Translation(msgspec.Struct, frozen=True):
    """The public message that a domain event becomes. `fill` returns None when this one stays private."""

    message: type[Message]
    fill: Callable[[Any], Message | None]


class Contract(msgspec.Struct, frozen=True):
    """The public events of one service. `key` is the field of every message that says what the event is about."""

    service: str
    key: str
    translations: Mapping[type[Event], Translation]

    def __post_init__(self) -> None:
        """Refuse a message that cannot say what it is about. Raises TypeError: it would only show once it happened."""
        for message in self.messages:
            if self.key not in message.DESCRIPTOR.fields_by_name:
                told = f"{message.DESCRIPTOR.full_name} needs the field {self.key}"
                raise TypeError(f"{told}: every public event of {self.service} says with it what it is about")

    @property
    def messages(self) -> tuple[type[Message], ...]:
        """Return every kind of message that the service may publish, each once."""
        return tuple(dict.fromkeys(translation.message for translation in self.translations.values()))

    def publish(self, recorded: Recorded) -> PublicEvent | None:
        """Return the public event of a domain event; None when it is private. Raises Unpublishable."""
        translation = self.translations.get(type(recorded.event))
        try:
            message = translation.fill(recorded.event) if translation else None
        except (ValueError, OverflowError, LookupError) as error:
            raise Unpublishable(f"the event at position {recorded.position} cannot be published: {error!r}") from error
        if translation is None or message is None:
            return None
        if type(message) is not translation.message:
            declared, made = translation.message.DESCRIPTOR.full_name, message.DESCRIPTOR.full_name
            raise Unpublishable(f"the event at position {recorded.position} became a {made} instead of a {declared}")
        key = str(getattr(message, self.key))
        return PublicEvent(message.DESCRIPTOR.full_name, key, message.SerializeToString(), recorded.event.at)
