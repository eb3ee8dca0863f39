"""What happened, in order? One line per comment, order event, follow and gift; lines never change.

The summary of a comment is its text, sealed as it lies in the log.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from showfloor.eventstore.statements import Append
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.session.activity.domain.comment import COMMENT, CommentPosted
from showfloor.session.activity.domain.follow import FOLLOW, AccountFollowed
from showfloor.session.activity.domain.gift import GIFT, GiftGrown, GiftSent
from showfloor.session.activity.domain.order import (
    ORDER,
    Item,
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
)
from showfloor.session.show.views.expiring import GONE, expiring

KINDS = ("comment", "order", "follow", "gift")

_DDL = """
CREATE TABLE activity (
    position bigint PRIMARY KEY,
    session_id uuid NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    at timestamptz NOT NULL,
    viewer_ref text NOT NULL,
    summary text NOT NULL,
    amount_minor bigint,
    currency text NOT NULL,
    product_id uuid,
    state text NOT NULL,
    from_host boolean NOT NULL,
    reply_to uuid,
    practice boolean NOT NULL,
    payment text NOT NULL -- of a paid order: who says so
);
CREATE INDEX activity_session ON activity (session_id, position);
"""

_TYPES = (
    "bigint", "uuid", "uuid", "text", "uuid", "timestamptz", "text", "text", "bigint", "text", "uuid", "text",
    "boolean", "uuid", "boolean", "text",
)  # fmt: skip


class ActivityRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the feed. `practice`: written while nothing was on air; no viewer sees it."""

    position: int
    session_id: UUID
    account_id: UUID
    kind: str
    subject_id: UUID
    at: datetime
    viewer_ref: str
    summary: str
    amount_minor: int | None = None
    currency: str = ""
    product_id: UUID | None = None
    state: str = ""
    from_host: bool = False
    reply_to: UUID | None = None
    practice: bool = False
    payment: str = ""


def line_of(recorded: Recorded) -> ActivityRow | None:  # noqa: PLR0911 - one per event
    """Return the line that an event adds to the feed, if any."""
    event = recorded.event
    match event:
        case CommentPosted():
            return _line(
                recorded, event, "comment", event.comment_id, event.text, product_id=event.product_id,
                from_host=event.from_host, reply_to=event.reply_to, practice=event.practice,
            )  # fmt: skip
        case OrderPlaced() | OrderPaid():
            state = "placed" if isinstance(event, OrderPlaced) else "paid"
            items = ", ".join(f"{_what(item)} x {item.quantity}" for item in event.items)
            payment = event.source if isinstance(event, OrderPaid) else ""
            return _order(recorded, event, state, items, event.total_minor, payment)
        case OrderCancelled():
            return _order(recorded, event, "cancelled", event.reference, event.total_minor)
        case OrderExpired():
            return _order(recorded, event, "expired", event.reference, event.total_minor)
        case OrderRefunded():
            return _order(recorded, event, "refunded", event.reference, event.amount_minor)
        case AccountFollowed():
            return _line(recorded, event, "follow", event.follow_id, "")
        case GiftSent() | GiftGrown():
            summary = f"{event.gift} x {event.count}"
            return _line(
                recorded, event, "gift", event.gift_id, summary,
                amount_minor=event.value_minor, currency=event.currency,
            )  # fmt: skip
        case _:
            return None


def _what(item: Item) -> str:
    title = item.title or str(item.product_id)
    return f"{title} ({item.variant_name})" if item.variant_name else title


def _order(recorded: Recorded, event: Any, state: str, summary: str, amount: int, payment: str = "") -> ActivityRow:
    return _line(
        recorded, event, "order", event.order_id, summary,
        amount_minor=amount, currency=event.currency, state=state, payment=payment,
    )  # fmt: skip


def _line(recorded: Recorded, event: Any, kind: str, subject_id: UUID, summary: str, **more: Any) -> ActivityRow:
    return ActivityRow(
        position=recorded.position,
        session_id=event.session_id,
        account_id=event.account_id,
        kind=kind,
        subject_id=subject_id,
        at=event.at,
        viewer_ref=event.viewer_ref,
        summary=summary,
        **more,
    )


def evolve(page: Sequence[Recorded]) -> Iterable[Append]:
    """Append the lines of a page."""
    lines = [line for recorded in page if (line := line_of(recorded)) is not None]
    return [Append("activity", _TYPES, [msgspec.structs.astuple(line) for line in lines])]


VIEW = View(
    name="activity_feed",
    ddl=_DDL,
    handles=(*COMMENT.events, *ORDER.events, *FOLLOW.events, *GIFT.events, *GONE),
    evolve=expiring(evolve, "activity"),
    version=3,
)
