"""Who is asking. The gateway resolves a token into an actor; services only read it."""

from enum import Enum
from uuid import UUID

import msgspec


class ActorKind(Enum):
    USER = "user"
    VIEWER = "viewer"
    SERVICE = "service"
    OPERATOR = "operator"


class Role(Enum):
    """What somebody is to an account, a shop, a creator or a partner."""

    OWNER = "owner"  # any of them
    HOST = "host"  # account
    ASSISTANT = "assistant"  # account
    MODERATOR = "moderator"  # account
    ANALYST = "analyst"  # account
    CONNECTOR = "connector"  # account; services only
    STAFF = "staff"  # shop, creator or partner
    MEMBER = "member"  # shop: works for a linked account, so may read the catalogue


class ViewerScope(msgspec.Struct, frozen=True, kw_only=True):
    """A viewer's token is good for one session. `viewer_ref` is a pseudonym of at most 64 characters."""

    session_id: str
    viewer_ref: str


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """Where an account belongs: its shop, and the ISO 4217 currency of that shop.

    `affiliate`: whether it is a creator's, who earns a commission on what the shop sells; None where nobody said.
    """

    shop: str
    currency: str
    affiliate: bool | None = None


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a policy may ask about a caller. Holds ids only, never a name or an address.

    `accounts`, `shops`, `creators` and `partners` map ids to what the caller is there. `scopes` narrow a service:
    "ingest" (a connector that reports facts of its accounts), "payments" (one that also says what was paid),
    "checkout" (the shop's checkout, which says what was paid) or "events" (reads the log of public events).
    """

    subject: str  # pseudonymous, such as "user:<id>"; recorded beside events
    kind: ActorKind
    accounts: dict[str, Role] = {}
    shops: dict[str, Role] = {}
    creators: dict[str, Role] = {}
    partners: dict[str, Role] = {}
    homes: dict[str, Home] = {}  # of every account the caller may act for, through whatever role
    currencies: dict[str, str] = {}  # of every shop in `shops`
    scopes: tuple[str, ...] = ()
    viewer: ViewerScope | None = None
    token_id: str = ""  # the outer token this came from, so that its revocation can be traced

    @property
    def user_id(self) -> UUID | None:
        """The user who acts; None: somebody or something else does."""
        try:
            return UUID(self.subject.removeprefix("user:")) if self.kind is ActorKind.USER else None
        except ValueError:
            return None


def follower(service: str) -> Actor:
    """Return a service that reads the public events of another: all that it may say of itself."""
    return Actor(subject=f"service:{service}", kind=ActorKind.SERVICE, scopes=("events",))
