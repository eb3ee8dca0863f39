"""What an action is about, in the few words that policies ask for. A missing shop is ""."""

from enum import Enum

import msgspec


class Mode(Enum):
    LIVE = "live"
    PRACTICE = "practice"  # no viewer may know of it: also use it for a console not yet on air


class System(msgspec.Struct, frozen=True):
    """Showfloor as a whole: for operators, for services, and for lists that SQL scopes."""


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    id: str


class Account(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    shop: str = ""
    creator: str = ""  # of an account that belongs to one


class Creator(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    shop: str = ""  # that keeps a creator who has no owner


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    id: str


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """Two of partner, shop and creator; `awaits` names the one that an offer waits for: "shop" or "creator"."""

    id: str
    partner: str = ""
    shop: str = ""
    creator: str = ""
    awaits: str = ""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    account: str
    shop: str = ""
    mode: Mode = Mode.LIVE


class Order(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    account: str
    shop: str = ""
    viewer: str = ""  # the viewer_ref of the buyer


Resource = System | Shop | Account | Creator | Partner | Binding | Session | Order
