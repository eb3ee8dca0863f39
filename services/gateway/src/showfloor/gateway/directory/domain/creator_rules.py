"""What is allowed to a creator and to the people who work for them."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.creator import Creator, CreatorCreated, CreatorRoleAssigned, CreatorRoleRevoked
from showfloor.gateway.directory.domain.people import changes
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event


class CreateCreator(msgspec.Struct, frozen=True, kw_only=True):
    """Create a creator; without an `owner` the shop that enters them keeps them until they have one."""

    creator_id: UUID
    shop_id: UUID | None = None
    name: str
    owner: UUID | None = None
    now: Aside[datetime]


class AssignCreatorRole(msgspec.Struct, frozen=True, kw_only=True):
    """Assign a user a role at a creator, in place of the one before."""

    creator_id: UUID
    user_id: UUID
    role: str
    now: Aside[datetime]


class RevokeCreatorRole(msgspec.Struct, frozen=True, kw_only=True):
    """Revoke a user's role at a creator."""

    creator_id: UUID
    user_id: UUID
    now: Aside[datetime]


def create_creator(state: Creator, command: CreateCreator) -> list[Event]:
    """Create a creator once, with an owner if one is named."""
    if state.creator_id is not None:
        return []
    now, creator_id = command.now, command.creator_id
    added = CreatorCreated(at=now, creator_id=creator_id, shop_id=command.shop_id, name=command.name)
    if command.owner is None:
        return [added]
    return [added, CreatorRoleAssigned(at=now, creator_id=creator_id, user_id=command.owner, role="owner")]


def assign_creator_role(state: Creator, command: AssignCreatorRole) -> list[Event]:
    """Assign a user a role. Raises CREATOR_NOT_FOUND, LAST_OWNER."""
    if not _changes(state, command.user_id, command.role):
        return []
    about = {"creator_id": command.creator_id, "user_id": command.user_id}
    return [CreatorRoleAssigned(at=command.now, role=command.role, **about)]


def revoke_creator_role(state: Creator, command: RevokeCreatorRole) -> list[Event]:
    """Revoke a user's role. Raises CREATOR_NOT_FOUND, LAST_OWNER."""
    if not _changes(state, command.user_id, ""):
        return []
    return [CreatorRoleRevoked(at=command.now, creator_id=command.creator_id, user_id=command.user_id)]


def _changes(state: Creator, user_id: UUID, role: str) -> bool:
    if state.creator_id is None:
        raise refusals.not_found("creator")
    return changes(state.people, user_id, role, "owner", lambda: refusals.last_owner("creator", state.creator_id))
