"""A gift that a viewer sent during a LIVE."""

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


class Gift(msgspec.Struct, frozen=True):
    """The state of a gift; `sent` is None when there is none."""

    sent: GiftSent | None = None


def gift_stream(session_id: UUID, request_id: str, viewer_ref: str = "") -> UUID:
    """Return the id of the gift that `request_id` names.

    What a viewer names (`viewer_ref`) is theirs alone: whoever else used the same id is not told by it.
    """
    return derive_id(session_id, "gift", request_id, *filter(None, [viewer_ref]))


def evolve(_: Gift, event: Event) -> Gift:
    """Return the gift after the event."""
    assert isinstance(event, GiftSent)
    return Gift(event)


GIFT: Decider[Gift] = Decider(name="gift", state_type=Gift, initial=Gift, evolve=evolve, events=(GiftSent,))
