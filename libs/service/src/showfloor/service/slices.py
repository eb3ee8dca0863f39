"""What the slices of a service bring to it, and all of it together. One slice is a part of the business.

SLICES = Slices("session", "session_id", (catalogue.SLICE, show.SLICE))
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import ModuleType
from typing import Any
from uuid import UUID

import msgspec

from showfloor.eventstore.deadlines import Changes, Cleared, Deadline, deadline_view
from showfloor.eventstore.view import View
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Recorded
from showfloor.service.publishing import Contract, Translation

Fire = Callable[[UUID], Awaitable[object]]
"""Does what is due for a stream. It may run again: its command changes nothing the second time."""


class Deadlines(msgspec.Struct, frozen=True):
    """The deadlines of one process: the events it looks at, what each sets and clears, and after which waits."""

    handles: tuple[type[Event], ...]
    changes: Changes
    waits: tuple[Any, ...] = ()


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """What a slice brings before anything runs. `deadlines` of the service's policy, whatever that is."""

    contracts: tuple[ModuleType, ...] = ()
    deciders: tuple[Decider[Any], ...] = ()
    views: tuple[View, ...] = ()
    tells: Mapping[type[Event], Translation] = {}
    deadlines: Callable[[Any], Iterable[Deadlines]] = lambda _policy: ()


class Started(msgspec.Struct, frozen=True):
    """What a slice brings once it runs: what answers its RPCs, and what its deadlines do, by name."""

    parts: tuple[object, ...]
    fires: Mapping[str, Fire] = {}

    async def fire(self, deadline: Deadline) -> None:
        """Do what a due deadline does."""
        await self.fires[deadline.name](deadline.stream)


class Slices(msgspec.Struct, frozen=True):
    """All slices of a service, lowest first. `service` and `key` as in `Contract`."""

    service: str
    key: str
    slices: tuple[Slice, ...]

    @property
    def contracts(self) -> tuple[ModuleType, ...]:
        """Return the generated modules whose services are answered."""
        return tuple(one for each in self.slices for one in each.contracts)

    @property
    def deciders(self) -> tuple[Decider[Any], ...]:
        """Return every kind of stream that is written."""
        return tuple(one for each in self.slices for one in each.deciders)

    @property
    def views(self) -> tuple[View, ...]:
        """Return every view but that of the deadlines."""
        return tuple(one for each in self.slices for one in each.views)

    @property
    def public(self) -> Contract:
        """Return what is told to others."""
        return Contract(
            self.service, self.key, {event: how for each in self.slices for event, how in each.tells.items()}
        )

    def deadlines(self, policy: Any) -> View:
        """Return the view that holds what is due. With another policy it is made anew at the next start."""
        found = [one for each in self.slices for one in each.deadlines(policy)]
        handles = tuple(dict.fromkeys(event for one in found for event in one.handles))
        changes_of = tuple(one.changes for one in found)

        def changes(recorded: Recorded) -> Iterable[Deadline | Cleared]:
            for one in changes_of:
                yield from one(recorded)

        return deadline_view(handles, changes, settings=repr([wait for one in found for wait in one.waits]))


def together(started: Iterable[Started]) -> Started:
    """Return what all slices bring as if they were one."""
    each = tuple(started)
    parts = tuple(part for one in each for part in one.parts)
    return Started(parts, {name: fire for one in each for name, fire in one.fires.items()})
