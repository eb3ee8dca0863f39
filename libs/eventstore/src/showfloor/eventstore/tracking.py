"""Positions of subscriptions, committed together with their effects, and dead letters."""

import json
from collections.abc import Iterable
from typing import Any

import msgspec
import psycopg

from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import Statement, run_async
from showfloor.kernel.tracking import BEGINNING, DeadLetter, StreamPosition, TrackingConflict

_POSITION = """
SELECT notification_id, read
FROM notification_tracking LEFT JOIN stream_position ON name = application_name WHERE application_name = %s"""

# One round trip. A second runner waits for the row here, then finds that it stands elsewhere: no row returns.
_MOVE = """
WITH moved AS (
    INSERT INTO notification_tracking AS t (application_name, notification_id)
    SELECT %(name)s, %(position)s
    WHERE %(position)s > %(after)s
        AND (%(after)s = 0 OR EXISTS (SELECT FROM notification_tracking WHERE application_name = %(name)s))
    ON CONFLICT (application_name) DO UPDATE SET notification_id = EXCLUDED.notification_id
    WHERE t.notification_id = %(after)s
    RETURNING application_name)
INSERT INTO stream_position (name, read) SELECT application_name, %(read)s FROM moved
ON CONFLICT (name) DO UPDATE SET read = EXCLUDED.read RETURNING name"""

_ADD_DEAD_LETTER = """
INSERT INTO dead_letter (name, position, subject, headers, body, reason, failed_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (name, position) DO UPDATE SET reason = EXCLUDED.reason, failed_at = EXCLUDED.failed_at"""

_DEAD_LETTERS = """
SELECT position, subject, headers, body, reason, failed_at FROM dead_letter WHERE name = %s ORDER BY position"""


class PostgresTracking:
    """The `Tracking` that `showfloor.messaging.subscription` asks for, in a service's database.

    Names are `<upstream>><consumer>`. All methods raise Refusal UNAVAILABLE like `Database`; a commit
    may have happened then all the same, which the position tells.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def position(self, name: str) -> tuple[int, StreamPosition]:
        """Return the position of a tracking name and where on the bus it was read; (0, BEGINNING) when it has none."""
        row = await self._database.fetch_one(_POSITION, [name])
        return (row["notification_id"], _read_at(row["read"])) if row else (0, BEGINNING)

    async def commit(
        self, statements: Iterable[Statement], name: str, position: int, read: StreamPosition, *, after: int
    ) -> None:
        """Execute the statements and move from `after` to `position`. Raises TrackingConflict."""
        async with self._database.transaction() as connection:
            await _move(connection, name, position, read, after)
            await run_async(connection, statements)

    async def add_dead_letter(self, name: str, letter: DeadLetter, read: StreamPosition, *, after: int) -> int:
        """Keep a message and move past it; return how many dead letters there are. Raises TrackingConflict."""
        async with self._database.transaction() as connection:
            await _move(connection, name, letter.position, read, after)
            return await _add(connection, name, letter)

    async def start_over(self, statements: Iterable[Statement], name: str, *, after: int) -> None:
        """Execute the statements, and forget position and dead letters of a name that stands at `after`.

        Safe: all of it is read from the owner's log again. Raises TrackingConflict.
        """
        async with self._database.transaction() as connection:
            gone = await connection.execute(
                "DELETE FROM notification_tracking WHERE application_name = %s AND notification_id = %s", (name, after)
            )
            if not gone.rowcount:
                raise TrackingConflict(f"{name} does not stand at {after}")
            await connection.execute("DELETE FROM stream_position WHERE name = %s", (name,))
            await connection.execute("DELETE FROM dead_letter WHERE name = %s", (name,))
            await run_async(connection, statements)

    async def dead_letters(self, name: str) -> list[DeadLetter]:
        """Return the dead letters, by position."""
        return await self._database.fetch(_DEAD_LETTERS, [name], into=DeadLetter)

    async def keep(self, name: str, letter: DeadLetter) -> int:
        """Keep a message that a relay cannot publish, under a name that has no position; return how many are kept."""
        async with self._database.transaction() as connection:
            return await _add(connection, name, letter)

    async def forget(self, name: str, position: int) -> None:
        """Forget what is kept at a position; nothing there is no error.

        Safe: the caller has handled the message, or its owner still has it in the log.
        """
        async with self._database.transaction() as connection:
            await connection.execute("DELETE FROM dead_letter WHERE name = %s AND position = %s", (name, position))

    async def settle_dead_letter(self, statements: Iterable[Statement], name: str, position: int) -> None:
        """Execute and forget the dead letter at `position`. Raises TrackingConflict when it is gone."""
        async with self._database.transaction() as connection:
            gone = await connection.execute(
                "DELETE FROM dead_letter WHERE name = %s AND position = %s", (name, position)
            )
            if not gone.rowcount:
                raise TrackingConflict(f"{name} has no dead letter {position}")
            await run_async(connection, statements)


async def _add(connection: psycopg.AsyncConnection[dict[str, Any]], name: str, letter: DeadLetter) -> int:
    headers = json.dumps(dict(letter.headers))
    row = (name, letter.position, letter.subject, headers, letter.body, letter.reason, letter.failed_at)
    await connection.execute(_ADD_DEAD_LETTER, row)
    return (await connection.execute("SELECT 1 FROM dead_letter WHERE name = %s", (name,))).rowcount


async def _move(
    connection: psycopg.AsyncConnection[dict[str, Any]], name: str, position: int, read: StreamPosition, after: int
) -> None:
    values = {"name": name, "position": position, "read": msgspec.json.encode(read).decode(), "after": after}
    moved = await connection.execute(_MOVE, values)
    if not moved.rowcount:
        raise TrackingConflict(f"{name} cannot move from {after} to {position}: it stands elsewhere")


def _read_at(stored: Any) -> StreamPosition:
    """Return what is stored; what is no stream position is the beginning: the position passes over what is handled."""
    try:
        return msgspec.convert(stored, StreamPosition)
    except msgspec.ValidationError:
        return BEGINNING
