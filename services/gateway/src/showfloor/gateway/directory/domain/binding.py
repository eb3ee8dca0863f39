"""A binding: two sides work together, one of them having offered it and the other accepted.

A partner is bound to shops and creators; between a shop and a creator it is a collab. There is one stream for each
two sides, so that they cannot be bound twice; what has ended may be offered again.
"""

from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id

_SCOPE = UUID("a0c9a4e2-2f0f-5a8f-8c57-9f6a2f0d8e31")

Side = Literal["partner", "shop", "creator"]
Status = Literal["none", "offered", "active", "ended"]


def id_of(**sides: UUID | None) -> UUID:
    """Return the id of the binding of two sides, which they have for good: partner_id, shop_id, creator_id."""
    name = "/".join(f"{side}:{one}" for side, one in sorted(sides.items()) if one is not None)
    return derive_id(_SCOPE, "binding", name)


class BindingEvent(Event, frozen=True, kw_only=True):
    """The two sides: of partner, shop and creator one is missing."""

    binding_id: UUID
    partner_id: UUID | None = None
    shop_id: UUID | None = None
    creator_id: UUID | None = None


class BindingOffered(BindingEvent, frozen=True, kw_only=True):
    """One side offered to work together."""

    TOPIC: ClassVar[str] = "binding.offered"

    offered_by: Side


class BindingAccepted(BindingEvent, frozen=True, kw_only=True):
    """The other side accepted: from now on they work together."""

    TOPIC: ClassVar[str] = "binding.accepted"

    accepted_by: Side


class BindingEnded(BindingEvent, frozen=True, kw_only=True):
    """One side ended it, or would not have it."""

    TOPIC: ClassVar[str] = "binding.ended"


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a binding; "none": nobody has offered one."""

    status: Status = "none"
    binding_id: UUID | None = None
    partner_id: UUID | None = None
    shop_id: UUID | None = None
    creator_id: UUID | None = None
    offered_by: Side = "partner"

    @property
    def awaits(self) -> Side:
        """The side that an offer waits for."""
        if self.offered_by == "creator" or (self.offered_by == "partner" and self.shop_id is not None):
            return "shop"
        return "creator"


def evolve(state: Binding, event: Event) -> Binding:
    """Return the binding after the event."""
    if isinstance(event, BindingOffered):
        return Binding(
            status="offered",
            binding_id=event.binding_id,
            partner_id=event.partner_id,
            shop_id=event.shop_id,
            creator_id=event.creator_id,
            offered_by=event.offered_by,
        )
    assert isinstance(event, BindingAccepted | BindingEnded)
    return msgspec.structs.replace(state, status="active" if isinstance(event, BindingAccepted) else "ended")


def offer_binding(state: Binding, asked: BindingOffered) -> list[Event]:
    """Offer to work together. Raises BINDING_AWAITS_YOU when the other side has offered it."""
    if state.status in ("none", "ended"):
        return [asked]
    if state.status == "offered" and state.offered_by != asked.offered_by:
        raise refusals.binding_awaits_you(asked.binding_id)
    return []


def accept_binding(state: Binding, asked: BindingAccepted) -> list[Event]:
    """Accept what the other side offered. Raises BINDING_NOT_FOUND, BINDING_ENDED, BINDING_AWAITS_OTHER."""
    if state.status == "none":
        raise refusals.not_found("binding")
    if state.status == "ended":
        raise refusals.binding_ended(asked.binding_id)
    if state.status == "active":
        return []
    if asked.accepted_by != state.awaits:
        raise refusals.binding_awaits_other(asked.binding_id)
    return [asked]


def end_binding(state: Binding, asked: BindingEnded) -> list[Event]:
    """End it, or decline the offer, at once. Raises BINDING_NOT_FOUND."""
    if state.status == "none":
        raise refusals.not_found("binding")
    return [] if state.status == "ended" else [asked]


BINDING: Decider[Binding] = Decider(
    name="binding",
    state_type=Binding,
    initial=Binding,
    evolve=evolve,
    events=(BindingOffered, BindingAccepted, BindingEnded),
)
