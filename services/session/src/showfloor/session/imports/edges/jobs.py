"""The table of imports: how far each is, what was found, and who is at it. See migrations/0020_imports.sql.

What comes from a file, or names people, lies sealed under a key of the import. The key is destroyed with the row, so no
backup tells of it afterwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.eventstore.sealing import Sealing
from showfloor.kernel.personal import Whose
from showfloor.service.allowing import ShopHome
from showfloor.session.imports.edges.model import Change, Job, Parsed, Problem, Report, State, Upload

T = TypeVar("T", Problem, Change)

KEPT = timedelta(hours=24)  # an import that was not applied: what it would import is kept for so long
REPORTED = timedelta(days=30)  # an import that is over: what was found and done
MOST_READY: Final = 20  # of a shop: checked, and still to be applied or given up
MOST_OVER: Final = 200  # reports of a shop; the oldest go
MOST_LISTED: Final = 50
_SLICE: Final = 1_000  # entries in one statement
_SEALED: Final = ("file_name", "sheet", "mapping", "report")  # of what is shown of every import

_COLUMNS = """
import_id, shop_id, kind, file_name, sheet, mapping, digest, currency, state, report, position, detail, created_at,
expires_at, lease_until >= now() AS held"""
_ADD = f"""
INSERT INTO import_job
    (import_id, shop_id, kind, file_name, sheet, mapping, digest, currency, hosts, content, state,
        expires_at, lease_until)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'checking', now() + %s, now() + %s)
ON CONFLICT DO NOTHING RETURNING {_COLUMNS}"""  # noqa: S608 - constants
# Who begins work on an import of a shop waits for whoever else does, so that both see what the other did.
_ALONE = "SELECT pg_advisory_xact_lock(hashtext('import of ' || %s::text))"
_ALONE_WITH = """
SELECT pg_advisory_xact_lock(hashtext('import of ' || shop_id::text)) FROM import_job WHERE import_id = %s"""
_GET = f"SELECT {_COLUMNS} FROM import_job WHERE import_id = %s AND expires_at > now()"  # noqa: S608
_LIST = f"""
SELECT {_COLUMNS} FROM import_job WHERE shop_id = %s AND expires_at > now()
ORDER BY created_at DESC, import_id LIMIT {MOST_LISTED}"""  # noqa: S608
_RUNNING = f"SELECT {_COLUMNS} FROM import_job WHERE shop_id = %s AND state IN ('checking', 'applying')"  # noqa: S608
_READY = "SELECT count(*) AS ready FROM import_job WHERE shop_id = %s AND state = 'ready' AND expires_at > now()"
_INSIDE = "SELECT content, parsed, hosts FROM import_job WHERE import_id = %s"
# Whose lease ran out is dead, or so slow that it has lost its claim; what it commits all the same, the log tells.
_TAKE = """
UPDATE import_job SET state = %(to)s, lease_until = now() + %(lease)s, detail = ''
WHERE import_id = %(id)s AND state = ANY(%(states)s) AND (state IN ('ready') OR lease_until < now())
    AND NOT EXISTS (SELECT FROM import_job other WHERE other.shop_id = import_job.shop_id
        AND other.import_id <> import_job.import_id AND other.state IN ('checking', 'applying'))
RETURNING 1 AS taken"""
_HOLD = "UPDATE import_job SET lease_until = now() + %s WHERE import_id = %s AND state = %s RETURNING 1 AS held"
_END = """
UPDATE import_job SET state = %(state)s, report = coalesce(%(report)s, report), parsed = %(parsed)s, content = NULL,
    hosts = '',
    position = greatest(position, %(position)s), detail = %(detail)s, expires_at = now() + %(kept)s, lease_until = now()
WHERE import_id = %(id)s AND state = ANY(%(states)s) RETURNING 1 AS ended"""
# Safe: what one check of a file found; another check of the same file takes its place in the same transaction.
_CLEAR = "DELETE FROM import_entry WHERE import_id = %s"
_ENTER = "INSERT INTO import_entry SELECT %s, %s, * FROM unnest(%s::int[], %s::bytea[])"
_ENTRIES = "SELECT nr, body FROM import_entry WHERE import_id = %s AND kind = %s AND nr > %s ORDER BY nr LIMIT %s"
# Safe: reports of ours alone: what an import did stands in the event log. One that is under way is left alone.
_FORGET = """
DELETE FROM import_job WHERE import_id IN (
    SELECT import_id FROM import_job WHERE expires_at < now() AND state NOT IN ('checking', 'applying') LIMIT 100)
RETURNING import_id"""
_CROWD = f"""
DELETE FROM import_job WHERE import_id IN (
    SELECT import_id FROM import_job WHERE shop_id = %s AND state IN ('refused', 'applied', 'discarded', 'failed')
    ORDER BY created_at DESC OFFSET {MOST_OVER})
RETURNING import_id"""  # noqa: S608


class Jobs:
    """Reads and writes the table. All methods raise Refusal UNAVAILABLE while the database is away."""

    def __init__(self, database: Database, sealing: Sealing, lease: timedelta) -> None:
        """`lease`: a process that is at an import says so more often than that; a dead one no longer does."""
        self._database, self._sealing, self.lease = database, sealing, lease

    def digest(self, upload: Upload) -> bytes:
        """Return by what a file that is sent again is recognised."""
        words = [upload.kind.encode(), upload.file_name.encode(), upload.sheet.encode(), upload.content]
        if upload.mapping:  # last: an upload without one has the digest that it always had
            words.append(msgspec.msgpack.encode(upload.mapping))
        return self._sealing.digest("import", b"\0".join(words))

    async def add(
        self, job_id: UUID, shop: ShopHome, upload: Upload, digest: bytes, hosts: Mapping[str, Sequence[UUID]]
    ) -> Job | None:
        """Add an import that is being checked from now on; None when it is there, or another of the shop runs."""
        mapped = msgspec.msgpack.encode(upload.mapping)
        said = (upload.file_name.encode(), upload.sheet.encode(), mapped, msgspec.msgpack.encode(hosts), upload.content)
        name, sheet, mapping, told, content = await self._sealing.seal_bytes(_whose(job_id), said)
        home = shop.shop_id
        row = (job_id, home, upload.kind, name, sheet, mapping, digest, shop.currency, told, content, KEPT, self.lease)
        async with self._database.transaction() as connection:
            await connection.execute(_ALONE, (home,))
            crowd = await (await connection.execute(_CROWD, (home,))).fetchall()
            added = await (await connection.execute(_ADD, row)).fetchone()
        await self._forgotten(crowd)
        return await self._job(added)

    async def get(self, job_id: UUID) -> Job | None:
        """Return an import."""
        return await self._job(await self._database.fetch_one(_GET, (job_id,)))

    async def of_shop(self, shop_id: UUID) -> list[Job]:
        """Return a shop's imports, newest first."""
        return await self._jobs(await self._database.fetch(_LIST, (shop_id,)))

    async def running(self, shop_id: UUID) -> Job | None:
        """Return the import of a shop that is under way."""
        return await self._job(await self._database.fetch_one(_RUNNING, (shop_id,)))

    async def ready(self, shop_id: UUID) -> int:
        """Return how many imports of a shop wait to be applied."""
        row = await self._database.fetch_one(_READY, (shop_id,))
        return int(row["ready"]) if row else 0

    async def inside(self, job_id: UUID) -> tuple[bytes | None, Parsed | None, dict[str, list[UUID]]]:
        """Return the file, what it would import, and the hosts that are known: each while it is kept."""
        row = await self._database.fetch_one(_INSIDE, (job_id,))
        if row is None:
            return None, None, {}
        content, parsed, hosts = await self._opened([row["content"], row["parsed"], row["hosts"]])
        return (
            content,
            msgspec.msgpack.decode(parsed, type=Parsed) if parsed else None,
            msgspec.msgpack.decode(hosts, type=dict[str, list[UUID]]) if hosts else {},
        )

    async def take(self, job_id: UUID, states: Sequence[State], to: State) -> bool:
        """Begin work on an import that nobody is at. False: somebody is, or it is in another state."""
        params = {"id": job_id, "states": list(states), "to": to, "lease": self.lease}
        async with self._database.transaction() as connection:
            await connection.execute(_ALONE_WITH, (job_id,))
            taken = await connection.execute(_TAKE, params)
            return await taken.fetchone() is not None

    async def hold(self, job_id: UUID, state: State) -> bool:
        """Say that somebody is still at it."""
        return await self._database.fetch_one(_HOLD, (self.lease, job_id, state)) is not None

    async def end(
        self, job_id: UUID, states: Sequence[State], state: State, *, report: Report | None = None,
        parsed: Parsed | None = None, position: int = 0, detail: str = "",
    ) -> None:  # fmt: skip
        """Note what became of an import. What it would import is kept only while it is ready."""
        said = [one for one in (report, parsed) if one is not None]
        sealed = iter(await self._sealing.seal_bytes(_whose(job_id), [msgspec.msgpack.encode(one) for one in said]))
        params = {
            "id": job_id, "states": list(states), "state": state, "position": position, "detail": detail,
            "report": next(sealed) if report is not None else None,
            "parsed": next(sealed) if parsed is not None else None,
            "kept": KEPT if state == "ready" else REPORTED,
        }  # fmt: skip
        await self._database.fetch(_END, params)

    async def enter(self, job_id: UUID, problems: Iterable[Problem], changes: Iterable[Change]) -> None:
        """Keep the problems and changes of an import, in place of those of an earlier check."""
        async with self._database.transaction() as connection:
            await connection.execute(_CLEAR, (job_id,))
            for kind, entries in (("problem", iter(problems)), ("change", iter(changes))):
                first = 1
                while part := [msgspec.msgpack.encode(one) for one in islice(entries, _SLICE)]:
                    numbers = list(range(first, first + len(part)))
                    sealed = await self._sealing.seal_bytes(_whose(job_id), part)
                    await connection.execute(_ENTER, (job_id, kind, numbers, sealed))
                    first += len(part)

    async def entries(self, job_id: UUID, kind: str, of: type[T], after: int, limit: int) -> list[tuple[int, T]]:
        """Return a page of problems or changes with their numbers."""
        rows = await self._database.fetch(_ENTRIES, (job_id, kind, after, limit))
        bodies = await self._opened([row["body"] for row in rows])
        return [
            (row["nr"], msgspec.msgpack.decode(body, type=of)) for row, body in zip(rows, bodies, strict=True) if body
        ]

    async def sweep(self) -> None:
        """Forget reports whose time is over."""
        while gone := await self._database.fetch(_FORGET):
            await self._forgotten(gone)

    async def _forgotten(self, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            await self._sealing.destroy(subjects=[_whose(row["import_id"]).subject for row in rows])

    async def _opened(self, sealed: Sequence[bytes | None]) -> list[bytes | None]:
        opened = iter(await self._sealing.open_bytes([bytes(one) for one in sealed if one]))
        return [next(opened) if one else None for one in sealed]

    async def _job(self, row: dict[str, Any] | None) -> Job | None:
        return None if row is None else (await self._jobs([row]))[0]

    async def _jobs(self, rows: Sequence[dict[str, Any]]) -> list[Job]:
        opened = iter(await self._opened([row[name] for row in rows for name in _SEALED]))
        return [_shown(row, *(next(opened) for _ in _SEALED)) for row in rows]


def _whose(job_id: UUID) -> Whose:
    return Whose("import", f"import/{job_id}")


def _shown(
    row: dict[str, Any], name: bytes | None, sheet: bytes | None, mapping: bytes | None, report: bytes | None
) -> Job:
    shown = {
        "file_name": (name or b"").decode(),
        "sheet": (sheet or b"").decode(),
        "mapping": msgspec.msgpack.decode(mapping, type=tuple[str, ...]) if mapping else (),
        "report": msgspec.msgpack.decode(report, type=Report) if report else Report(),
        "digest": bytes(row["digest"]),
    }
    return Job(**{**row, **shown})
