"""When did a LIVE last show a sign of life? Out of what is counted anyway: nothing is written for it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from showfloor.eventstore.query import Database
from showfloor.eventstore.store import Store
from showfloor.eventstore.views import Views
from showfloor.session.analytics.edges.reads import BOARD
from showfloor.session.show.domain.session import Session
from showfloor.session.show.domain.session_rules import Signs, SignsOf

_SIGNS = """
SELECT f.sign, f.newest AS facts_newest, g.newest AS signals_newest, g.heard_at
FROM (SELECT %s::uuid AS session_id) AS s
LEFT JOIN fact_total f USING (session_id) LEFT JOIN signals.session g USING (session_id)"""


def signs_from(database: Database, store: Store, views: Views, settle: Callable[[], Awaitable[None]]) -> SignsOf:
    """Return a lookup of a session's signs, once all facts and signals known by now are counted. Raises NOT_YET."""

    async def look_up(session: Session) -> Signs:
        await settle()
        await views.wait_for(BOARD, await store.last_position(), timeout=10.0)
        return await _signs(database, session.session_id, recording=session.source == "replay")

    return look_up


async def _signs(database: Database, session_id: UUID, *, recording: bool) -> Signs:
    (row,) = await database.fetch(_SIGNS, (session_id,))
    last = (row["sign"], row["heard_at"] if recording else row["signals_newest"])
    reached = (row["facts_newest"], row["signals_newest"])
    return Signs(max(filter(None, last), default=None), max(filter(None, reached), default=None))
