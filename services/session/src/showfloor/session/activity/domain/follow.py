"""A viewer follows the account. Once per viewer and session, whatever the request id."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id


class AccountFollowed(Event, frozen=True, kw_only=True):
    """A viewer followed the account during a session."""

    TOPIC: ClassVar[str] = "follow.account_followed"

    follow_id: UUID
    session_id: UUID
    account_id: UUID
    shop_id: UUID
    viewer_ref: str
    told_at: datetime | None = None  # on the real clock, where `at` is not: in a recording, or after the end
    late: bool = False  # told after the session had ended


class Follow(msgspec.Struct, frozen=True):
    """The state of a follow; no `follow_id`: there is none."""

    follow_id: UUID | None = None


def follow_stream(session_id: UUID, viewer_ref: str) -> UUID:
    """Return the id of this viewer's follow in this session."""
    return derive_id(session_id, "follow", viewer_ref)


def evolve(_: Follow, event: Event) -> Follow:
    """Return the follow after the event."""
    assert isinstance(event, AccountFollowed)
    return Follow(event.follow_id)


FOLLOW: Decider[Follow] = Decider(
    name="follow", state_type=Follow, initial=Follow, evolve=evolve, events=(AccountFollowed,)
)
