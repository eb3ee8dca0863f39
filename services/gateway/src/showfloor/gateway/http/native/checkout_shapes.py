"""The bodies and answers of the routes about a shop's own checkout."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

Https = Annotated[str, msgspec.Meta(min_length=9, max_length=500, pattern=r"^https://[^\s/?#]+\S*$")]


class NewCheckout(msgspec.Struct, forbid_unknown_fields=True):
    """Where buyers of the shop pay: a public https:// address without query and fragment."""

    address: Https


class NewCheckoutKey(msgspec.Struct, forbid_unknown_fields=True):
    """`at_once`: the key before is known to somebody else and signs nothing more; links fail until the checkout has the
    new one. Otherwise the new key signs after a day."""

    at_once: bool = False


class Checkout(msgspec.Struct, omit_defaults=True):
    """A shop's own checkout; without `address` it has none. `key_id` names the key that signs links now, and
    `next_key_id` the one that will from `next_signs_from_time` on."""

    shop_id: UUID
    address: str = ""
    set_time: datetime | None = None
    key_id: UUID | None = None
    signs_from_time: datetime | None = None
    next_key_id: UUID | None = None
    next_signs_from_time: datetime | None = None
    position: int | None = None


class CheckoutKey(msgspec.Struct):
    """A new key, shown this once. `key_id` is the `kid` of what it signs."""

    shop_id: UUID
    key_id: UUID
    key: str
    signs_from_time: datetime
    position: int


class CheckoutDeleted(msgspec.Struct):
    """A shop that has no checkout of its own any more."""

    shop_id: UUID
    position: int


class CheckoutLink(msgspec.Struct):
    """A signed link to the shop's own checkout, good until it expires."""

    url: str
    expire_time: datetime


class Seller(msgspec.Struct):
    """Whose LIVE it is, for viewers. `checkout`: the shop has one of its own, where orders are paid."""

    account_name: str
    shop_name: str
    checkout: bool
