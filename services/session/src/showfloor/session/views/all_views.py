"""Every view of the session service, for `service.py` and rebuilds."""

from typing import Final

from showfloor.eventstore.view import View
from showfloor.session.views import activity_feed, buyers, catalogue, comments, daily, facts, orders, pins, session_list

VIEWS: Final[tuple[View, ...]] = (
    session_list.VIEW,
    facts.VIEW,
    pins.VIEW,
    buyers.VIEW,
    orders.VIEW,
    comments.VIEW,
    activity_feed.VIEW,
    catalogue.VIEW,
    daily.VIEW,
)

BOARD: Final = ("session_list", "facts", "pins", "buyers", "orders")
"""The views that boards, trends and lists of sessions read."""
