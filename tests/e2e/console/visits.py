"""Every page of the console and of the buyers, and where to see it: for the walk through all of them, and for their
pictures. `tests/contract/project/test_visits.py` compares the list with the router's."""

from dataclasses import dataclass
from typing import Literal

Which = Literal["live", "ended", "prepared"]
REDIRECTS = {"/settings", "/live/$sessionId"}  # no page of their own


@dataclass(frozen=True)
class Visit:
    """A route; of which session, where it is one's; its parameters and query; whether an agency looks at it."""

    name: str
    route: str
    session: Which | None = None
    tab: str = ""
    query: str = ""
    signed_in: bool = True
    agency: bool = False

    def path(self, session_id: str = "", agency_id: str = "") -> str:
        """Return the address below the console's own."""
        query = f"?for=partner:{agency_id}" if self.agency else self.query
        return self.route.replace("$sessionId", session_id).replace("$tab", self.tab).lstrip("/") + query


VISITS = (
    Visit("sign-in", "/sign-in", signed_in=False),
    Visit("home", "/"),
    Visit("sessions", "/live"),
    Visit("on-air", "/live/on-air"),
    Visit("past", "/live/past"),
    Visit("calendar", "/live/calendar"),
    Visit("calendar-day", "/live/calendar", query="?view=day"),
    Visit("calendar-month", "/live/calendar", query="?view=month"),
    Visit("plan", "/live/$sessionId/plan", "prepared"),
    Visit("air", "/live/$sessionId/air", "live"),
    Visit("own-window", "/live/$sessionId/air", "live", query="?own=true&camera=true"),
    Visit("board", "/live/$sessionId/board", "live"),
    Visit("board-past", "/live/$sessionId/board", "ended"),
    Visit("review", "/live/$sessionId/review", "ended"),
    Visit("review-comments", "/live/$sessionId/review/$tab", "ended", tab="comments"),
    Visit("review-exports", "/live/$sessionId/review/$tab", "ended", tab="exports"),
    Visit("products", "/products"),
    Visit("products-sets", "/products/sets"),
    Visit("products-set", "/products/sets", query="?id=set-1"),
    Visit("products-collabs", "/products/collabs"),
    Visit("products-import", "/products/import"),
    Visit("analytics", "/analytics"),
    Visit("analytics-sessions", "/analytics/sessions"),
    Visit("analytics-products", "/analytics/products"),
    Visit("team", "/settings/team"),
    Visit("grants", "/settings/grants"),
    Visit("agency-sessions", "/live", agency=True),
    Visit("agency-calendar", "/live/calendar", agency=True),
    Visit("agency-creators", "/agency/creators", agency=True),
    Visit("integrations", "/settings/integrations"),
    Visit("design", "/design"),
    Visit("not-found", "/no/such/page"),
    Visit("watch-list", "/watch", signed_in=False),
    Visit("watch", "/watch/$sessionId", "live", signed_in=False),
)
