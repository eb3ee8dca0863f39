"""Every view of the session service, for `service.py` and rebuilds."""

from typing import Final

from showfloor.eventstore.view import View
from showfloor.session.activity.views import activity_feed, buyers, comments, orders
from showfloor.session.analytics.views import daily, facts, session_list
from showfloor.session.catalogue.views import catalogue
from showfloor.session.show.views import pins

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
