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
    READER = "reader"  # account: works for a partner bound to it, or has a grant
    CONNECTOR = "connector"  # account; services only
    STAFF = "staff"  # shop, creator or partner
    MEMBER = "member"  # shop: works for a linked account, so may read the catalogue


class ViewerScope(msgspec.Struct, frozen=True, kw_only=True):
    """A viewer's token is good for one session. `viewer_ref` is a pseudonym of at most 64 characters."""

    session_id: str
    viewer_ref: str


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who is calling: what a token says. Holds ids only, never a name or an address, and never a right.

    What somebody is to a shop, an account, a creator or a partner, each service asks of its own `membership`, which
    must hold the directory up to `directory_position`; 0: nothing there says what the caller may do. `scopes` narrow
    a service: "ingest" (a connector that reports facts of its accounts), "payments" (one that also says what was paid),
    "checkout" (the shop's checkout, which says what was paid), "feeds" (the gateway, which hands on what happens in
    LIVEs) or "events" (reads the log of public events).
    """

    subject: str  # pseudonymous, such as "user:<id>"; recorded beside events
    kind: ActorKind
    scopes: tuple[str, ...] = ()
    viewer: ViewerScope | None = None
    token_id: str = ""  # the outer token this came from, so that its revocation can be traced
    directory_position: int = 0  # of the directory's log, as the gateway knew it

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
