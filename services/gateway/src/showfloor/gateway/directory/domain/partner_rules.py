"""What is allowed to a partner and to the people who work for it."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.partner import Partner, PartnerAdded, PartnerRoleGiven, PartnerRoleTaken
from showfloor.gateway.directory.domain.people import changes
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event


class AddPartner(msgspec.Struct, frozen=True, kw_only=True):
    """Enter an agency; `owner` signs for it from the beginning."""

    partner_id: UUID
    name: str
    owner: UUID
    now: Aside[datetime]


class GivePartnerRole(msgspec.Struct, frozen=True, kw_only=True):
    """Give a user a role at a partner, in place of the one before."""

    partner_id: UUID
    user_id: UUID
    role: str
    now: Aside[datetime]


class TakePartnerRole(msgspec.Struct, frozen=True, kw_only=True):
    """Take a user's role at a partner away."""

    partner_id: UUID
    user_id: UUID
    now: Aside[datetime]


def add_partner(state: Partner, command: AddPartner) -> list[Event]:
    """Add a partner with its owner once."""
    if state.partner_id is not None:
        return []
    now, partner_id = command.now, command.partner_id
    return [
        PartnerAdded(at=now, partner_id=partner_id, name=command.name),
        PartnerRoleGiven(at=now, partner_id=partner_id, user_id=command.owner, role="owner"),
    ]


def give_partner_role(state: Partner, command: GivePartnerRole) -> list[Event]:
    """Make a user owner or staff. Raises PARTNER_NOT_FOUND, LAST_OWNER."""
    if not _changes(state, command.user_id, command.role):
        return []
    about = {"partner_id": command.partner_id, "user_id": command.user_id}
    return [PartnerRoleGiven(at=command.now, role=command.role, **about)]


def take_partner_role(state: Partner, command: TakePartnerRole) -> list[Event]:
    """Take a user's role away. Raises PARTNER_NOT_FOUND, LAST_OWNER."""
    if not _changes(state, command.user_id, ""):
        return []
    return [PartnerRoleTaken(at=command.now, partner_id=command.partner_id, user_id=command.user_id)]


def _changes(state: Partner, user_id: UUID, role: str) -> bool:
    if state.partner_id is None:
        raise refusals.not_found("partner")
    return changes(state.people, user_id, role, "owner", lambda: refusals.last_owner("partner", state.partner_id))
