"""A creator: a principal of their own, who hosts LIVEs on their accounts and for shops, and has people with roles.

A shop may enter a creator before the creator signs in; it keeps them until they have an owner of their own.
"""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain.people import People, joined, left
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.personal import Owner

ROLES = ("owner", "staff")


class CreatorCreated(Event, frozen=True, kw_only=True):
    """A creator was created in the directory under a stage name."""

    TOPIC: ClassVar[str] = "creator.created"
    PERSONAL: ClassVar[Mapping[str, Owner]] = {"name": Owner("creator_id", ("creator_id",))}

    creator_id: UUID
    shop_id: UUID | None = None  # that entered them
    name: str


class CreatorRoleAssigned(Event, frozen=True, kw_only=True):
    """A user is from now on the creator (owner), or works for them (staff)."""

    TOPIC: ClassVar[str] = "creator.role_assigned"

    creator_id: UUID
    user_id: UUID
    role: str


class CreatorRoleRevoked(Event, frozen=True, kw_only=True):
    """A user has nothing to do with the creator any more."""

    TOPIC: ClassVar[str] = "creator.role_revoked"

    creator_id: UUID
    user_id: UUID


class Creator(msgspec.Struct, frozen=True):
    """The state of a creator; no `creator_id`: there is none."""

    creator_id: UUID | None = None
    shop_id: UUID | None = None
    name: str = ""
    people: People = {}

    @property
    def keeper(self) -> UUID | None:
        """The shop that keeps a creator without an owner."""
        return None if "owner" in self.people.values() else self.shop_id


def evolve(state: Creator, event: Event) -> Creator:
    """Return the creator after the event."""
    if isinstance(event, CreatorCreated):
        return Creator(event.creator_id, event.shop_id, event.name)
    if isinstance(event, CreatorRoleAssigned):
        return msgspec.structs.replace(state, people=joined(state.people, event.user_id, event.role))
    assert isinstance(event, CreatorRoleRevoked)
    return msgspec.structs.replace(state, people=left(state.people, event.user_id))


CREATOR: Decider[Creator] = Decider(
    name="creator",
    state_type=Creator,
    initial=Creator,
    evolve=evolve,
    events=(CreatorCreated, CreatorRoleAssigned, CreatorRoleRevoked),
)
