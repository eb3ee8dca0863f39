"""The bodies and answers of the routes about grants."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

Moment = Annotated[datetime, msgspec.Meta(tz=True)]  # with its zone; answers are in UTC


class NewGrant(msgspec.Struct, forbid_unknown_fields=True):
    """What is given to a user or to a partner, one of the two, and until when: at most 90 days from now."""

    scope: Literal["read", "moderate"]
    until_time: Moment
    user_id: UUID | None = None
    partner_id: UUID | None = None


class Grant(msgspec.Struct, omit_defaults=True):
    """Who may look into an account, or moderate it, until when. `state`: "active", "revoked", "unbound" (it ended with
    the partner's binding) or "over" (its time is). `end_time`: when it was revoked, or ended with the binding."""

    grant_id: UUID
    account_id: UUID
    scope: str
    state: str
    until_time: datetime
    given_time: datetime
    given_by_user_id: UUID
    user_id: UUID | None = None
    partner_id: UUID | None = None
    partner_name: str | None = None
    end_time: datetime | None = None
    position: int | None = None


class Grants(msgspec.Struct):
    """A page of the grants of an account, the newest first."""

    grants: list[Grant]
    next_page_token: str


class GrantRevoked(msgspec.Struct):
    """The state of a grant from now on."""

    grant_id: UUID
    state: str
    position: int


class GrantUse(msgspec.Struct):
    """Calls of one minute that are alike, by a user whom only the grant allowed them. `action`: the name of the RPC or
    of the list; `thing`: a kind and an id; `service`: whose log it stands in. The gateway answers some reads itself."""

    use_id: UUID
    user_id: UUID
    action: str
    thing: str
    service: str
    first_time: datetime
    last_time: datetime
    calls: int


class GrantUses(msgspec.Struct):
    """A page of what was done by a grant, the newest first."""

    uses: list[GrantUse]
    next_page_token: str
