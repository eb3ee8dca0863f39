"""What is asked of payments."""

from uuid import UUID

from showfloor.eventstore.query import Database


async def has_simulated_payments(database: Database, session_id: UUID) -> bool:
    """Tell whether some of a session's orders were paid in the test checkout, or in a simulated recording."""
    sql = "SELECT FROM fact_total WHERE session_id = %s AND simulated_orders > 0"
    return bool(await database.fetch(sql, (session_id,)))
