"""A shop's own checkout: where its buyers pay, and the keys by which it knows that a link to it came from here.

The keys are secrets that the shop holds, too. They lie sealed in the log, like what people are called.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id
from showfloor.kernel.personal import Owner


class CheckoutSet(Event, frozen=True, kw_only=True):
    """Buyers of a shop pay at this address from now on."""

    TOPIC: ClassVar[str] = "checkout.set"

    checkout_id: UUID
    shop_id: UUID
    address: str


class CheckoutKeyRotated(Event, frozen=True, kw_only=True):
    """Links to a shop's checkout are signed with another key from a time on; until then with the one before."""

    TOPIC: ClassVar[str] = "checkout.key_rotated"
    PERSONAL: ClassVar[Mapping[str, Owner]] = {"secret": Owner("checkout_id", ("checkout_id",))}

    checkout_id: UUID
    shop_id: UUID
    key_id: UUID
    secret: str
    signs_from: datetime


class CheckoutDeleted(Event, frozen=True, kw_only=True):
    """A shop has no checkout of its own any more, and its keys sign nothing."""

    TOPIC: ClassVar[str] = "checkout.deleted"

    checkout_id: UUID
    shop_id: UUID


class Key(msgspec.Struct, frozen=True):
    """A key of a checkout, and from when on it signs."""

    key_id: UUID
    secret: str
    signs_from: datetime


class Checkout(msgspec.Struct, frozen=True):
    """The state of a shop's checkout; no `address`: there is none. At most two keys: that which signs, and the next."""

    shop_id: UUID | None = None
    address: str = ""
    set_at: datetime | None = None
    keys: tuple[Key, ...] = ()

    def signing(self, now: datetime) -> Key | None:
        """Return the key that signs now."""
        return next((key for key in reversed(self.keys) if key.signs_from <= now), None)

    def linking(self, now: datetime) -> Key | None:
        """Return the key that signs links now; None where nobody can be sent: no address or key, or one destroyed."""
        key = self.signing(now)
        return key if self.address and key is not None and key.secret else None

    def coming(self, now: datetime) -> Key | None:
        """Return the key that will sign in place of the one that does now."""
        return next((key for key in self.keys if key.signs_from > now), None)


def checkout_stream(shop_id: UUID) -> UUID:
    """Return the id of a shop's checkout: it has one."""
    return derive_id(shop_id, "checkout")


def evolve(state: Checkout, event: Event) -> Checkout:
    """Return the checkout after the event."""
    if isinstance(event, CheckoutSet):
        return msgspec.structs.replace(state, shop_id=event.shop_id, address=event.address, set_at=event.at)
    if isinstance(event, CheckoutKeyRotated):
        signing = state.signing(event.at)
        before = (signing,) if signing and event.signs_from > event.at else ()
        return msgspec.structs.replace(state, keys=(*before, Key(event.key_id, event.secret, event.signs_from)))
    assert isinstance(event, CheckoutDeleted)
    return Checkout(shop_id=event.shop_id)


CHECKOUT: Decider[Checkout] = Decider(
    name="checkout",
    state_type=Checkout,
    initial=Checkout,
    evolve=evolve,
    events=(CheckoutSet, CheckoutKeyRotated, CheckoutDeleted),
)
