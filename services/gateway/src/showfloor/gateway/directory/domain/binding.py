"""A binding: two sides work together, because one has offered it and the other has accepted.

A partner is bound to shops and creators; a binding of a shop and a creator is a collab. Each pair has one stream, so
that it cannot be bound twice. An ended binding may be offered again.
"""

from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id

_SCOPE = UUID("a0c9a4e2-2f0f-5a8f-8c57-9f6a2f0d8e31")

Side = Literal["partner", "shop", "creator"]
Status = Literal["none", "offered", "active", "ended"]


def id_of(**sides: UUID | None) -> UUID:
    """Return the id of the binding of two sides: partner_id, shop_id, creator_id. It never changes."""
    name = "/".join(f"{side}:{one}" for side, one in sorted(sides.items()) if one is not None)
    return derive_id(_SCOPE, "binding", name)


class BindingEvent(Event, frozen=True, kw_only=True):
    """The sides of a binding: two of partner, shop and creator."""

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
    """One side ended the binding, or declined the offer."""

    TOPIC: ClassVar[str] = "binding.ended"


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a binding; "none": it was never offered."""

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


BINDING: Decider[Binding] = Decider(
    name="binding",
    state_type=Binding,
    initial=Binding,
    evolve=evolve,
    events=(BindingOffered, BindingAccepted, BindingEnded),
)
