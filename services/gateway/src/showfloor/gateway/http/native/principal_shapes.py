"""The bodies and answers of the routes about creators' accounts, partners and bindings."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from showfloor.gateway.http.native.shapes import CurrencyCode, Name


class NewCreatorAccount(msgspec.Struct, forbid_unknown_fields=True):
    """An account of the creator's own. A LIVE has one currency: that of its account."""

    name: Name
    currency: CurrencyCode


class NewPartner(msgspec.Struct, forbid_unknown_fields=True):
    """An agency, and who signs for it."""

    name: Name
    owner_user_id: UUID


class Partner(msgspec.Struct, omit_defaults=True):
    """An agency, and what the caller is to it: "owner" or "staff"."""

    partner_id: UUID
    name: str
    role: str | None = None
    position: int | None = None


class Partners(msgspec.Struct):
    """A page of partners by name."""

    partners: list[Partner]
    next_page_token: str


class OwnerRole(msgspec.Struct, forbid_unknown_fields=True):
    """What a user is to a creator or a partner."""

    role: Literal["owner", "staff"]


class OfferToCreator(msgspec.Struct, forbid_unknown_fields=True):
    """The creator who gets the offer."""

    creator_id: UUID


class OfferToShop(msgspec.Struct, forbid_unknown_fields=True):
    """The shop that gets the offer."""

    shop_id: UUID


class BindingChanged(msgspec.Struct):
    """The state of a binding from now on."""

    binding_id: UUID
    status: str
    position: int


class Binding(msgspec.Struct, omit_defaults=True):
    """Two sides that work together, or may: of partner, shop and creator. The name of a side that was asked is shown
    once it has accepted. `status`: "offered", "active" or "ended"."""

    binding_id: UUID
    status: str
    offered_by: str
    offered_time: datetime
    partner_id: UUID | None = None
    partner_name: str | None = None
    shop_id: UUID | None = None
    shop_name: str | None = None
    creator_id: UUID | None = None
    creator_name: str | None = None


class Bindings(msgspec.Struct):
    """A page of offers and bindings, the newest first."""

    bindings: list[Binding]
    next_page_token: str
