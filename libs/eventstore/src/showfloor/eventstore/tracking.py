"""Where a subscription stands, committed together with what it did; and messages set aside."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import psycopg

from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import Statement, run_async
from showfloor.kernel.refusal import Refusal, RefusalKind

Hint = Mapping[str, Any]
"""Beside a position: where it was in the broker's stream. Only ever a hint."""

# The library's own statement: a position only grows, and says so by returning a row.
_ADVANCE = """
INSERT INTO notification_tracking (application_name, notification_id) VALUES (%s, %s)
ON CONFLICT (application_name) DO UPDATE SET notification_id = EXCLUDED.notification_id
WHERE notification_tracking.notification_id < EXCLUDED.notification_id RETURNING notification_id"""

_HINT = """
INSERT INTO tracking_hint (name, hint) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET hint = EXCLUDED.hint"""

_PARK = """
INSERT INTO parked_message (name, position, subject, headers, body, reason)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (name, position) DO UPDATE SET reason = EXCLUDED.reason"""

_MESSAGE = "name, position, subject, headers, body, reason"


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that could not be handled: set aside with the reason, so that the others go on."""

    name: str
    position: int
    subject: str
    headers: Mapping[str, str]
    body: bytes
    reason: str


class Tracking(Protocol):
    """Positions by tracking name (`<upstream>/<shard>><consumer>`: each consumer its own)."""

    async def commit(self, statements: Iterable[Statement], name: str, position: int, hint: Hint | None = None) -> bool:
        """Do the statements and move the position in one transaction.

        False, and nothing done, when the position was reached before: the message is a duplicate.
        """

    async def position(self, name: str) -> int:
        """Return the last position handled under this name, 0 when there is none."""

    async def hint(self, name: str) -> dict[str, Any] | None:
        """Return the hint of the last commit that had one."""

    async def park(self, message: Parked, hint: Hint | None = None) -> bool:
        """Set a message aside and move past it, in one transaction. False: it was handled before."""

    async def parked(self, name: str | None = None, limit: int = 100) -> list[Parked]:
        """Return messages set aside, oldest position first."""

    async def take(self, name: str, position: int) -> Parked:
        """Remove a parked message and return it, to be handled again. Raises Refusal NOT_FOUND."""


class PostgresTracking:
    """Tracking in a service's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def commit(self, statements: Iterable[Statement], name: str, position: int, hint: Hint | None = None) -> bool:
        async with self._database.transaction() as connection:
            if not await _advance(connection, name, position, hint):
                return False
            await run_async(connection, statements)
        return True

    async def position(self, name: str) -> int:
        row = await self._database.fetch_one(
            "SELECT notification_id AS position FROM notification_tracking WHERE application_name = %s", [name]
        )
        return int(row["position"]) if row else 0

    async def hint(self, name: str) -> dict[str, Any] | None:
        row = await self._database.fetch_one("SELECT hint FROM tracking_hint WHERE name = %s", [name])
        return dict(row["hint"]) if row else None

    async def park(self, message: Parked, hint: Hint | None = None) -> bool:
        headers = json.dumps(dict(message.headers))
        row = (message.name, message.position, message.subject, headers, message.body, message.reason)
        return await self.commit([Statement(_PARK, rows=[row])], message.name, message.position, hint)

    async def parked(self, name: str | None = None, limit: int = 100) -> list[Parked]:
        return await self._database.fetch(
            f"SELECT {_MESSAGE} FROM parked_message WHERE name = coalesce(%s, name)"  # noqa: S608 - a constant
            " ORDER BY name, position LIMIT %s",
            [name, limit],
            into=Parked,
        )

    async def take(self, name: str, position: int) -> Parked:
        sql = f"DELETE FROM parked_message WHERE name = %s AND position = %s RETURNING {_MESSAGE}"  # noqa: S608
        found = await self._database.fetch_one(sql, [name, position], into=Parked)
        if found is None:
            raise _not_parked(name, position)
        return found


async def _advance(
    connection: psycopg.AsyncConnection[dict[str, Any]], name: str, position: int, hint: Hint | None
) -> bool:
    cursor = await connection.execute(_ADVANCE, (name, position))
    if await cursor.fetchone() is None:
        return False
    if hint is not None:
        await connection.execute(_HINT, (name, json.dumps(dict(hint))))
    return True


@dataclass
class MemoryTracking:
    """Tracking without a database: keeps the statements it was given in `done`, executes none."""

    done: list[Statement] = field(default_factory=list)
    _positions: dict[str, int] = field(default_factory=dict)
    _hints: dict[str, dict[str, Any]] = field(default_factory=dict)
    _parked: dict[tuple[str, int], Parked] = field(default_factory=dict)

    async def commit(self, statements: Iterable[Statement], name: str, position: int, hint: Hint | None = None) -> bool:
        if position <= self._positions.get(name, 0):
            return False
        self._positions[name] = position
        self.done.extend(statements)
        if hint is not None:
            self._hints[name] = dict(hint)
        return True

    async def position(self, name: str) -> int:
        return self._positions.get(name, 0)

    async def hint(self, name: str) -> dict[str, Any] | None:
        return self._hints.get(name)

    async def park(self, message: Parked, hint: Hint | None = None) -> bool:
        if not await self.commit((), message.name, message.position, hint):
            return False
        self._parked[message.name, message.position] = message
        return True

    async def parked(self, name: str | None = None, limit: int = 100) -> list[Parked]:
        return [self._parked[key] for key in sorted(self._parked) if name in {None, key[0]}][:limit]

    async def take(self, name: str, position: int) -> Parked:
        found = self._parked.pop((name, position), None)
        if found is None:
            raise _not_parked(name, position)
        return found


def _not_parked(name: str, position: int) -> Refusal:
    message = f"no parked message {position} of {name}"
    return Refusal(RefusalKind.NOT_FOUND, "NOT_PARKED", message)
