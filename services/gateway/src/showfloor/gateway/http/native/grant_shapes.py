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
    """What a grant is from now on."""

    grant_id: UUID
    state: str
    position: int
