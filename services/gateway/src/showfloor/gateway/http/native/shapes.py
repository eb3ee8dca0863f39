"""The bodies and answers of the native routes."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from showfloor.gateway.access.oidc import MAX_CHARS
from showfloor.gateway.access.viewers import Traits
from showfloor.kernel.currencies import EXPONENTS

Name = Annotated[
    str, msgspec.Meta(min_length=1, max_length=320, extra_json_schema={"pattern": r"\S"})
]  # 80 characters as people see them
CurrencyCode = Annotated[str, msgspec.Meta(max_length=3, extra_json_schema={"enum": sorted(EXPONENTS)})]
Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """Address and password of a local account, or the code of a one-time link, or an ID token of the OIDC provider
    with the nonce that was asked for it."""

    email: Annotated[str, msgspec.Meta(max_length=300)] = ""
    password: Annotated[str, msgspec.Meta(max_length=300)] = ""
    code: Annotated[str, msgspec.Meta(max_length=300)] = ""
    id_token: Annotated[str, msgspec.Meta(max_length=MAX_CHARS)] = ""
    nonce: Annotated[str, msgspec.Meta(max_length=300)] = ""


class SignInLink(msgspec.Struct, forbid_unknown_fields=True):
    """The code of a one-time link."""

    token: Secret


class User(msgspec.Struct, omit_defaults=True):
    """A user."""

    user_id: UUID
    name: str
    email: str | None = None
    position: int | None = None


class SignedIn(msgspec.Struct):
    """Signed in: a bearer token, which is also set as a cookie."""

    token: str
    expires_time: datetime
    user: User


class Shop(msgspec.Struct, omit_defaults=True):
    """A shop and what the caller is to it: "owner", "staff" or "member" (works for one of its accounts)."""

    shop_id: UUID
    name: str
    currency: str
    role: str | None = None
    position: int | None = None


class Account(msgspec.Struct, omit_defaults=True):
    """An account and what the caller is to it: by itself, or through the shop or creator that it belongs to; "reader"
    or "moderator" by a grant."""

    account_id: UUID
    name: str
    kind: str
    currency: str
    shop_id: UUID | None = None
    creator_id: UUID | None = None
    role: str | None = None
    position: int | None = None


class Creator(msgspec.Struct, omit_defaults=True):
    """A creator, and what the caller is to them: "owner" or "staff". `shop_id`: the shop that entered them."""

    creator_id: UUID
    name: str
    shop_id: UUID | None = None
    role: str | None = None
    position: int | None = None


class MyUser(msgspec.Struct, omit_defaults=True):
    """Who is calling; operators come with the operator key and have no id."""

    user_id: UUID | None = None
    name: str = ""
    email: str | None = None
    operator: bool = False


class Me(msgspec.Struct):
    """Who is calling, and for whom they may act."""

    user: MyUser
    shops: list[Shop]
    accounts: list[Account]


class Shops(msgspec.Struct):
    """A page of shops by name."""

    shops: list[Shop]
    next_page_token: str


class Accounts(msgspec.Struct):
    """A page of accounts, those that were added first before the others."""

    accounts: list[Account]
    next_page_token: str


class Creators(msgspec.Struct):
    """A page of creators, those that were added first before the others."""

    creators: list[Creator]
    next_page_token: str


class Users(msgspec.Struct):
    """A page of users, those who were added first before the others."""

    users: list[User]
    next_page_token: str


class NewShop(msgspec.Struct, forbid_unknown_fields=True):
    """A shop; the user who opens it is its owner. Operators, who own nothing, may name the owner."""

    name: Name
    currency: CurrencyCode
    owner_user_id: UUID | None = None


class NewAccount(msgspec.Struct, forbid_unknown_fields=True):
    """An account that goes LIVE for a shop."""

    name: Name
    shop_id: UUID
    kind: Literal["official", "marketing", "creator"] = "official"


class NewCreator(msgspec.Struct, forbid_unknown_fields=True):
    """A creator under a stage name: entered by a shop, or by an operator, who may name the owner."""

    name: Name
    shop_id: UUID | None = None
    owner_user_id: UUID | None = None


class NewUser(msgspec.Struct, forbid_unknown_fields=True):
    """A user of a shop, of a creator or of a partner. They sign in by link, through the OIDC provider, or with a
    password that they choose then. Who owns one shop alone need not name it."""

    name: Name
    email: Annotated[str, msgspec.Meta(max_length=300)]
    shop_id: UUID | None = None
    creator_id: UUID | None = None
    partner_id: UUID | None = None


class AccountRole(msgspec.Struct, forbid_unknown_fields=True):
    """What a user is to an account."""

    role: Literal["host", "assistant", "moderator", "analyst"]


class ShopRole(msgspec.Struct, forbid_unknown_fields=True):
    """What a user is to a shop."""

    role: Literal["owner", "staff"]


class Password(msgspec.Struct, forbid_unknown_fields=True):
    """The new password, 10 to 200 characters."""

    password: Annotated[str, msgspec.Meta(max_length=1000)]


class RoleSet(msgspec.Struct, omit_defaults=True):
    """The role of a user from now on; none: no role any more."""

    user_id: UUID
    position: int
    role: str | None = None
    account_id: UUID | None = None
    shop_id: UUID | None = None
    creator_id: UUID | None = None
    partner_id: UUID | None = None


class Member(msgspec.Struct):
    """A user, and their role."""

    user_id: UUID
    name: str
    role: str


class Members(msgspec.Struct):
    """A page of those who have a role there, in the order of their ids."""

    members: list[Member]
    next_page_token: str


class Done(msgspec.Struct, forbid_unknown_fields=True):
    """An answer without content."""


class Counted(msgspec.Struct, forbid_unknown_fields=True):
    """The products that do not count, because they were not in the bag; the others do."""

    not_in_bag: list[UUID] = []


class NewLink(msgspec.Struct, forbid_unknown_fields=True):
    """The user of the link; without one, the first owner, who is made when there is none."""

    user_id: UUID | None = None


class Link(msgspec.Struct):
    """A one-time link, good for ten minutes."""

    url: str
    code: str
    expires_time: datetime


class Bootstrapped(msgspec.Struct):
    """The ids of the first user, shop and account."""

    shop_id: UUID
    account_id: UUID
    user_id: UUID


class Metric(msgspec.Struct):
    """One row of the metric registry."""

    name: str
    title: str
    group: str
    definition: str
    formula: str
    unit: str
    numerator: str
    denominator: str
    scopes: list[str]
    version: int


class Metrics(msgspec.Struct):
    """The metric registry: every number that Showfloor shows."""

    metrics: list[Metric]


class Currency(msgspec.Struct):
    """A currency: its ISO 4217 code, and its number of decimals (an amount is minor / 10^exponent)."""

    currency: str
    exponent: int


class Currencies(msgspec.Struct):
    """The currencies that a shop can keep its books in."""

    currencies: list[Currency]


class LiveNow(msgspec.Struct):
    """A LIVE on air."""

    session_id: UUID
    account_id: UUID
    shop_id: UUID
    title: str
    start_time: datetime
    source: str
    simulated: bool
    currency: str
    state: str = "live"


class LivesNow(msgspec.Struct):
    """LIVEs on air, newest first, at most 200."""

    sessions: list[LiveNow]


class Join(msgspec.Struct, forbid_unknown_fields=True):
    """A viewer who joins: a name to show, the channel they came by, and their traits."""

    display_name: Annotated[str, msgspec.Meta(max_length=240)] = ""  # 60 characters as people see them
    channel: Annotated[
        str, msgspec.Meta(pattern="^(unspecified|feed|promoted|following|search|shop|profile|share|other|)$")
    ] = ""
    traits: Traits = msgspec.field(default_factory=Traits)
    viewer_token: Annotated[str, msgspec.Meta(max_length=2_000)] = (
        ""  # of an earlier join: it makes them the same viewer
    )


class Joined(msgspec.Struct):
    """The viewer's token: good for this session for a day."""

    viewer_token: str
    viewer_ref: str
    expires_time: datetime


class Click(msgspec.Struct, forbid_unknown_fields=True):
    """The product that was clicked."""

    product_id: UUID


class Likes(msgspec.Struct, forbid_unknown_fields=True):
    """How many likes: fingers are faster than requests."""

    count: Annotated[int, msgspec.Meta(ge=1, le=50)] = 1


class Shown(msgspec.Struct, forbid_unknown_fields=True):
    """The products that were shown."""

    product_ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=100)]
