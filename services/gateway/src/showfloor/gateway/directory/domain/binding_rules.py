"""When a binding may be offered, accepted and ended, and by which side."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.binding import (
    Binding,
    BindingAccepted,
    BindingEnded,
    BindingOffered,
    Side,
)
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event


class BindingCommand(msgspec.Struct, frozen=True, kw_only=True):
    """The sides of a binding: two of partner, shop and creator."""

    binding_id: UUID
    partner_id: UUID | None = None
    shop_id: UUID | None = None
    creator_id: UUID | None = None
    now: Aside[datetime]


class OfferBinding(BindingCommand, frozen=True, kw_only=True):
    """Offer to work together."""

    offered_by: Side


class AcceptBinding(BindingCommand, frozen=True, kw_only=True):
    """Accept what the other side offered."""

    accepted_by: Side


class EndBinding(BindingCommand, frozen=True, kw_only=True):
    """End a binding, or decline an offer."""


def offer_binding(state: Binding, command: OfferBinding) -> list[Event]:
    """Offer to work together. Raises BINDING_AWAITS_YOU when the other side has offered it."""
    if state.status in ("none", "ended"):
        return [BindingOffered(offered_by=command.offered_by, **_about(command))]
    if state.status == "offered" and state.offered_by != command.offered_by:
        raise refusals.binding_awaits_you(command.binding_id)
    return []


def accept_binding(state: Binding, command: AcceptBinding) -> list[Event]:
    """Accept what the other side offered. Raises BINDING_NOT_FOUND, BINDING_ENDED, BINDING_AWAITS_OTHER."""
    if state.status == "none":
        raise refusals.not_found("binding")
    if state.status == "ended":
        raise refusals.binding_ended(command.binding_id)
    if state.status == "active":
        return []
    if command.accepted_by != state.awaits:
        raise refusals.binding_awaits_other(command.binding_id)
    return [BindingAccepted(accepted_by=command.accepted_by, **_about(command))]


def end_binding(state: Binding, command: EndBinding) -> list[Event]:
    """End a binding, or decline the offer, at once. Raises BINDING_NOT_FOUND."""
    if state.status == "none":
        raise refusals.not_found("binding")
    return [] if state.status == "ended" else [BindingEnded(**_about(command))]


def _about(command: BindingCommand) -> dict[str, Any]:
    return {
        "at": command.now,
        "binding_id": command.binding_id,
        "partner_id": command.partner_id,
        "shop_id": command.shop_id,
        "creator_id": command.creator_id,
    }
