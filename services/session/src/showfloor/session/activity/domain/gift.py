"""A gift that a viewer sent during a LIVE. A streak is one gift whose count grows under its id."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id


class GiftSent(Event, frozen=True, kw_only=True):
    """A viewer sent gifts of one name."""

    TOPIC: ClassVar[str] = "gift.sent"

    gift_id: UUID
    session_id: UUID
    account_id: UUID
    shop_id: UUID
    viewer_ref: str
    gift: str
    count: int
    value_minor: int | None = None  # all of them together; None: not known
    currency: str  # of the session, whether the value is known or not
    told_at: datetime | None = None  # on the real clock, where `at` is not: in a recording, or after the end
    late: bool = False  # told after the session had ended


class GiftGrown(Event, frozen=True, kw_only=True):
    """A streak went on: what it comes to now, and by how much that is more than before."""

    TOPIC: ClassVar[str] = "gift.grown"

    gift_id: UUID
    session_id: UUID
    account_id: UUID
    shop_id: UUID
    viewer_ref: str
    gift: str
    count: int  # all of them together
    more: int  # than before
    value_minor: int | None = None  # all of them together; None: not known
    currency: str
    told_at: datetime | None = None  # on the real clock, where `at` is not: in a recording, or after the end
    late: bool = False  # told after the session had ended


class Gift(msgspec.Struct, frozen=True):
    """The state of a gift; `sent` is None when there is none. It counts the largest that was told."""

    sent: GiftSent | None = None
    count: int = 0
    value_minor: int | None = None
    last_at: datetime | None = None


def gift_stream(session_id: UUID, request_id: str, viewer_ref: str = "") -> UUID:
    """Return the id of the gift that `request_id` names.

    What a viewer names (`viewer_ref`) is theirs alone: whoever else used the same id is not told by it.
    """
    return derive_id(session_id, "gift", request_id, *filter(None, [viewer_ref]))


def evolve(state: Gift, event: Event) -> Gift:
    """Return the gift after the event."""
    if isinstance(event, GiftGrown):
        return Gift(state.sent, event.count, event.value_minor, event.at)
    assert isinstance(event, GiftSent)
    return Gift(event, event.count, event.value_minor, event.at)


GIFT: Decider[Gift] = Decider(name="gift", state_type=Gift, initial=Gift, evolve=evolve, events=(GiftSent, GiftGrown))
