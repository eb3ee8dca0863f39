"""What is allowed to a partner and to the people who work for it."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.partner import Partner, PartnerCreated, PartnerRoleAssigned, PartnerRoleRevoked
from showfloor.gateway.directory.domain.people import changes
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event


class CreatePartner(msgspec.Struct, frozen=True, kw_only=True):
    """Create an agency; `owner` signs for it from the beginning."""

    partner_id: UUID
    name: str
    owner: UUID
    now: Aside[datetime]


class AssignPartnerRole(msgspec.Struct, frozen=True, kw_only=True):
    """Assign a user a role at a partner, in place of the one before."""

    partner_id: UUID
    user_id: UUID
    role: str
    now: Aside[datetime]


class RevokePartnerRole(msgspec.Struct, frozen=True, kw_only=True):
    """Revoke a user's role at a partner."""

    partner_id: UUID
    user_id: UUID
    now: Aside[datetime]


def create_partner(state: Partner, command: CreatePartner) -> list[Event]:
    """Create a partner with its owner once."""
    if state.partner_id is not None:
        return []
    now, partner_id = command.now, command.partner_id
    return [
        PartnerCreated(at=now, partner_id=partner_id, name=command.name),
        PartnerRoleAssigned(at=now, partner_id=partner_id, user_id=command.owner, role="owner"),
    ]


def assign_partner_role(state: Partner, command: AssignPartnerRole) -> list[Event]:
    """Make a user owner or staff. Raises PARTNER_NOT_FOUND, LAST_OWNER."""
    if not _changes(state, command.user_id, command.role):
        return []
    about = {"partner_id": command.partner_id, "user_id": command.user_id}
    return [PartnerRoleAssigned(at=command.now, role=command.role, **about)]


def revoke_partner_role(state: Partner, command: RevokePartnerRole) -> list[Event]:
    """Revoke a user's role. Raises PARTNER_NOT_FOUND, LAST_OWNER."""
    if not _changes(state, command.user_id, ""):
        return []
    return [PartnerRoleRevoked(at=command.now, partner_id=command.partner_id, user_id=command.user_id)]


def _changes(state: Partner, user_id: UUID, role: str) -> bool:
    if state.partner_id is None:
        raise refusals.not_found("partner")
    return changes(state.people, user_id, role, "owner", lambda: refusals.last_owner("partner", state.partner_id))
