"""Which log a database holds: another one after it was restored, or after a replica took its place.

PostgreSQL tells it: the cluster, its timeline, which every recovery to a moment and every promotion begins anew, and
the table's own number, which is new when a dump was loaded. A copy of the cluster's files tells nothing: it is the
same.
"""

from typing import Final

from showfloor.eventstore.query import Database

_WHICH: Final = """
SELECT concat_ws('/', s.system_identifier, c.timeline_id, 'public.stored_events'::regclass::oid) AS id
FROM pg_control_system() s, pg_control_checkpoint() c"""


async def log_id(database: Database) -> str:
    """Return the id of the log in a database. Raises Refusal UNAVAILABLE."""
    row = await database.fetch_one(_WHICH)
    assert row is not None, "the question always has one row"
    return str(row["id"])
