"""A creator: a person who hosts LIVEs, possibly on several accounts."""

from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event


class CreatorAdded(Event, frozen=True, kw_only=True):
    """A creator was entered in the directory under a stage name."""

    TOPIC: ClassVar[str] = "creator.added"

    creator_id: UUID
    shop_id: UUID
    name: str


class Creator(msgspec.Struct, frozen=True):
    """The state of a creator; no `creator_id`: there is none."""

    creator_id: UUID | None = None
    shop_id: UUID | None = None
    name: str = ""


def evolve(_: Creator, event: Event) -> Creator:
    """Return the creator after the event."""
    assert isinstance(event, CreatorAdded)
    return Creator(event.creator_id, event.shop_id, event.name)


def add(state: Creator, asked: CreatorAdded) -> list[Event]:
    """Add a creator once."""
    return [asked] if state.creator_id is None else []


CREATOR: Decider[Creator] = Decider(
    name="creator", state_type=Creator, initial=Creator, evolve=evolve, events=(CreatorAdded,)
)
