"""Maps events to stored bytes and back. The stored topic carries the version.

What a person wrote is sealed on its way in and comes out sealed; `cleared` opens it for rules and states.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import msgspec

from showfloor.eventstore.keyring import Keyring
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta, Recorded

Row = tuple[int, UUID, int, str, bytes]
"""One stored event: position, stream, version, topic, state (JSON of `[meta, event]`)."""

AHEAD = 9  # versions of an event by which another process may be ahead and be recognised as such

Decode = Callable[[bytes], tuple[Meta, Event]]


class UnknownTopic(LookupError):
    """The log holds a topic that no decider of this service declares: `topic` names it."""

    def __init__(self, topic: str) -> None:
        super().__init__(f"no event class for stored topic {topic!r}: declare it in a decider's events")
        self.topic = topic


class Unreadable(ValueError):
    """A stored event is not what its topic says: it was damaged, or an upcaster does not know this form."""

    def __init__(self, position: int, topic: str) -> None:
        super().__init__(f"the event at position {position} is no {topic}")
        self.position, self.topic = position, topic


class Mapper:
    """Maps the events of the given deciders; the registry is this object, nothing global.

    A topic belongs to one kind of stream: by its first event a stream tells what it is. Raises ValueError when two
    classes or two deciders claim one topic, two deciders one name, or a step of the upcasting is missing.
    """

    def __init__(self, deciders: Iterable[Decider[Any]], keyring: Keyring | None = None) -> None:
        """Without a keyring what is sealed can be opened by this mapper alone: for tests."""
        self.keyring = keyring or Keyring()
        self._topics: dict[type[Event], str] = {}
        self._decoders: dict[str, Decode] = {}
        self._kinds: dict[str, type[Event]] = {}
        self._encode = msgspec.json.Encoder().encode
        self._owners: dict[str, Decider[Any]] = {}
        names: dict[str, Decider[Any]] = {}
        claims: dict[str, type[Event]] = {}
        for kind, event_type in ((decider, event) for decider in deciders for event in decider.events):
            if names.setdefault(kind.name, kind) is not kind:
                raise ValueError(f"two kinds of streams are named {kind.name!r}")
            first = claims.setdefault(event_type.TOPIC, event_type)
            if first is not event_type:
                raise ValueError(f"topic {event_type.TOPIC!r} is claimed by {first} and {event_type}")
            owner = self._owners.setdefault(event_type.TOPIC, kind)
            if owner is not kind:
                raise ValueError(f"topic {event_type.TOPIC!r} is claimed by {owner.name} and {kind.name}")
            self._topics[event_type] = f"{event_type.TOPIC}:{event_type.VERSION}"
            decoders = _decoders(event_type)
            self._decoders.update(decoders)
            self._kinds.update(dict.fromkeys(decoders, event_type))

    def topics(self, kinds: tuple[type[Event], ...]) -> list[str]:
        """Return every topic, old versions included, under which events of these kinds are stored."""
        return [topic for topic, kind in self._kinds.items() if issubclass(kind, kinds)]

    def newer_topics(self, kinds: tuple[type[Event], ...]) -> list[str]:
        """Return topics under which a newer version of the service would store events of these kinds."""
        newest = {kind for kind in self._topics if issubclass(kind, kinds)}
        return [f"{kind.TOPIC}:{kind.VERSION + ahead}" for kind in newest for ahead in range(1, AHEAD + 1)]

    def owner(self, topic: str) -> Decider[Any] | None:
        """Return the kind of stream that a stored topic, of whatever version, belongs to; None: not known here."""
        return self._owners.get(topic.rpartition(":")[0])

    def encode(self, event: Event, meta: Meta) -> tuple[str, bytes]:
        """Return (topic, state), to be kept after `keyring.keep`. Raises TypeError for what no decider declares."""
        topic = self._topics.get(type(event))
        if topic is None:
            raise TypeError(f"{type(event).__name__} is in no decider's events")
        if event.PERSONAL:
            seal = self.keyring.seal
            sealed = {name: seal(owner.of(event), getattr(event, name)) for name, owner in event.PERSONAL.items()}
            event = msgspec.structs.replace(event, **sealed)
        return topic, self._encode((meta, event))

    def decode(self, row: Row) -> Recorded:
        """Return the event of a row, upcast to the newest version. Raises UnknownTopic, Unreadable."""
        position, stream, version, topic, state = row
        decoder = self._decoders.get(topic)
        if decoder is None:
            raise UnknownTopic(topic)
        try:
            meta, event = decoder(state)
        except Exception as error:  # msgspec's, or whatever a step of the upcasting stumbles over
            raise Unreadable(position, topic) from error
        return Recorded(position, stream, version, event, meta)

    def cleared(self, event: Event) -> Event:
        """Return an event out of the log with what a person wrote in it: ERASED where its key is destroyed.

        Raises KeyringAway.
        """
        if not event.PERSONAL:
            return event
        names = [*event.PERSONAL]
        texts = self.keyring.open([getattr(event, name) for name in names])
        return msgspec.structs.replace(event, **dict(zip(names, texts, strict=True)))


def _decoders(event_type: type[Event]) -> dict[str, Decode]:
    newest: Decode = msgspec.json.Decoder(tuple[Meta, event_type]).decode  # type: ignore[valid-type]
    decoders = {f"{event_type.TOPIC}:{event_type.VERSION}": newest}
    steps: list[Callable[[dict[str, Any]], dict[str, Any]]] = []
    for version in range(event_type.VERSION - 1, 0, -1):
        step = getattr(event_type, f"upcast_v{version}_v{version + 1}", None)
        if step is None:
            raise ValueError(f"{event_type.__name__} lacks upcast_v{version}_v{version + 1}")
        steps.insert(0, step)
        decoders[f"{event_type.TOPIC}:{version}"] = _upcasting(event_type, tuple(steps))
    return decoders


def _upcasting(event_type: type[Event], steps: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...]) -> Decode:
    old = msgspec.json.Decoder(tuple[Meta, dict[str, Any]])

    def decode(state: bytes) -> tuple[Meta, Event]:
        meta, data = old.decode(state)
        for step in steps:
            data = step(data)
        return meta, msgspec.convert(data, event_type)

    return decode
