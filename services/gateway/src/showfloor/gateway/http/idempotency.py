"""Idempotency-Key: a request sent again gets the same answer, also after a restart.

A key belongs to its principal and route for 24 hours. A request claims it for its process and works to its end, also
after its caller has left. The keys of a process that died are free at once, by its sign of life, or else when their
lease ends. The repeat then runs the request again, which the services behind answer as once. When the database takes no
writes as a request ends, the request is settled as soon as it does.

Answers may hold names and texts of people: they lie sealed, all of one day under one key. An answer whose key is
destroyed counts as none.
"""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.responses import Response

from showfloor.eventstore.lease import LIVING
from showfloor.eventstore.outage import is_outage
from showfloor.eventstore.query import Database
from showfloor.eventstore.sealing import Sealing
from showfloor.gateway.http.coalescer import Coalescer
from showfloor.gateway.sweeping import sweep
from showfloor.kernel.personal import ERASED, Whose
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.observability.tasks import stop

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=30)  # longer than any request may take
MAKE_UP = (0.1, 1.0, 15.0)  # seconds: between two tries to settle a request at first, and at most; for how long
DRAIN_SECONDS = 2.0
REFUSED, FAILED = 300, 500  # statuses from here on
NO_RIGHT = (401, 403, 404)
NOT_KEPT = (400, 401, 413, 415, 429)  # nothing was done: a mended request may use the key again
KEPT_HEADERS = ("etag", "content-type")
ANSWERS = "answers"  # the subject of their keys
DAYS = 3  # the scope is the day, of so many in turn: an answer is kept for one, which may end in the next
_KEY = re.compile(r"[A-Za-z0-9._-]{1,64}")

# A lost row loses nothing: the repeat runs again and the services behind answer as once. So no commit here waits for
# the disk.
_QUICK = "set_config('synchronous_commit', 'off', true)"
_CLAIM = f"""
INSERT INTO idempotent_request AS kept (principal, route, key, fingerprint, owner, lease_until, expires_at)
SELECT principal, route, key, fingerprint, %s, now() + %s, now() + %s
FROM unnest(%s::text[], %s::text[], %s::text[], %b::bytea[]) AS asked (principal, route, key, fingerprint)
ON CONFLICT (principal, route, key) DO UPDATE
SET fingerprint = EXCLUDED.fingerprint, owner = EXCLUDED.owner, lease_until = EXCLUDED.lease_until,
    expires_at = EXCLUDED.expires_at, status = NULL, answer = NULL
WHERE kept.expires_at < now()
   OR (kept.status IS NULL AND kept.fingerprint = EXCLUDED.fingerprint
       AND (kept.owner = EXCLUDED.owner OR kept.lease_until < now() OR NOT EXISTS {LIVING.format(owner="kept.owner")}))
RETURNING principal, route, key, {_QUICK}"""  # noqa: S608 - constants
_KEEP = f"""
UPDATE idempotent_request AS kept SET status = done.status, answer = done.answer
FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[])
     AS done (status, answer, principal, route, key)
WHERE (kept.principal, kept.route, kept.key) = (done.principal, done.route, done.key)
RETURNING {_QUICK}"""  # noqa: S608 - constants
_WHICH = "principal = %s AND route = %s AND key = %s"
_LOOK = f"SELECT fingerprint, status, answer FROM idempotent_request WHERE {_WHICH}"  # noqa: S608
# Safe: the request has no answer yet, and its claimant frees it.
_FREE = f"DELETE FROM idempotent_request WHERE {_WHICH} AND status IS NULL RETURNING true"  # noqa: S608
# Safe: the key of this answer is destroyed. The request runs again, and is answered as once.
_DROP = f"DELETE FROM idempotent_request WHERE {_WHICH} AND answer = %s RETURNING true"  # noqa: S608

Which = tuple[str, str, str]
"""Principal, route, key."""


def key_of(headers: Any) -> str:
    """Return the key of a changing request. Raises Refusal INVALID when it is missing or malformed."""
    key = headers.get(HEADER.lower())
    if key is None:
        text = f"{HEADER}: is missing: send a new UUID for each new request, and the same one when sending it again"
        raise Refusal(RefusalKind.INVALID, "IDEMPOTENCY_KEY_MISSING", text, {"field": HEADER})
    if not _KEY.fullmatch(key):
        raise invalid(HEADER, "must be 1 to 64 characters of A-Z a-z 0-9 . _ -")
    return str(key)


class Idempotency:
    """The table of requests with a key. `owner`: the number of this process's sign of life. `directory`: how far the
    directory has got, on which rights rest."""

    def __init__(
        self, database: Database, sealing: Sealing, owner: int, directory: Callable[[], int] = lambda: 0
    ) -> None:
        self._database, self._sealing, self._owner, self._directory = database, sealing, owner, directory
        self._swept = -1  # the day on which old keys were destroyed last
        self._running: set[asyncio.Task[Response]] = set()
        self._working: set[Which] = set()  # keys that this process has claimed and not settled yet, and only those
        self._later: set[asyncio.Task[None]] = set()
        self._claims = Coalescer(self._claim_all)
        self._answers = Coalescer(self._keep_all)

    def fingerprint(self, *parts: bytes) -> bytes:
        """Return a digest of a request, which tells it from another under the same key. Only the keyring's holder can
        guess its content."""
        return self._sealing.digest("request", b"".join(len(part).to_bytes(8, "big") + part for part in parts))

    async def once(
        self, principal: str, route: str, key: str, print_: bytes, work: Callable[[], Awaitable[Response]]
    ) -> Response:
        """Return what `work` answers, or answered before. Refusals that may pass are not kept.

        When the directory has moved since a success, the work is done again, to ask for the right anew: whoever does it
        knows the request, and changes nothing. Who may still do it gets the answer of before.

        Raises Refusal: IDEMPOTENCY_KEY_REUSED (another request had the key), IDEMPOTENCY_RUNNING.
        """
        # A task of its own: a caller who leaves does not leave a claimed key behind.
        task = asyncio.create_task(self._once((principal, route, key), print_, work), name="request with a key")
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: "asyncio.Task[Response]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # read here, because the caller may have left

    async def drain(self, seconds: float = DRAIN_SECONDS) -> None:
        """Let running requests end."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        await stop(*self._later)  # what is not settled is free once this process shows no sign of life

    async def _once(self, which: Which, print_: bytes, work: Callable[[], Awaitable[Response]]) -> Response:
        for _ in range(3):  # the row may go between the two queries
            # A row of this process without running work is left from a claim whose answer was lost: claim it again.
            if which not in self._working and await self._claim(which, print_):
                return await self._work(which, work)
            if kept := await self._database.fetch_one(_LOOK, which):
                _is_done(kept, print_)
                (said,) = await self._sealing.open([kept["answer"]])
                if said != ERASED:
                    return await self._again(kept["status"], said, work)
                await self._database.fetch(_DROP, (*which, kept["answer"]))
        raise _running()

    async def _again(self, status: int, said: str, work: Callable[[], Awaitable[Response]]) -> Response:
        body, headers, *at = json.loads(said)
        if status < REFUSED and at != [self._directory()]:
            answer = await work()
            if answer.status_code in NO_RIGHT or answer.status_code in NOT_KEPT or answer.status_code >= FAILED:
                return answer
        return Response(body, status, {**headers, "Idempotent-Replayed": "true"})

    async def sweep(self) -> None:
        """Forget what has expired."""
        await sweep(self._database, "idempotent_request", "expires_at")
        if (today := _today()) != self._swept:
            await self._sealing.destroy(scope=str((today + 1) % DAYS), subjects=[ANSWERS])
            self._swept = today

    async def forget(self) -> None:
        """Make all answers kept so far unreadable: one of them may name a person who is being erased."""
        await self._sealing.destroy(subjects=[ANSWERS])

    async def _work(self, which: Which, work: Callable[[], Awaitable[Response]]) -> Response:
        answer, at = None, self._directory()
        try:
            answer = await work()
            return answer
        finally:
            settled = False
            try:
                settled = await self._settle(which, answer, at)
            finally:
                if settled:
                    self._working.discard(which)
                else:
                    later = asyncio.create_task(self._make_up(which, answer, at), name="request to be settled")
                    self._later.add(later)
                    later.add_done_callback(self._later.discard)

    async def _claim(self, which: Which, print_: bytes) -> bool:
        self._working.add(which)
        claimed = False
        try:
            claimed = await self._claims.add(which, print_)
        finally:
            if not claimed:
                self._working.discard(which)
        return claimed

    async def _settle(self, which: Which, answer: Response | None, at: int) -> bool:
        """Keep the answer, or free the key when it may be used again. False: the database is away."""
        try:
            if answer is None or answer.status_code >= FAILED or answer.status_code in NOT_KEPT:
                await self._database.fetch(_FREE, which)
            else:
                await self._answers.add(which, _kept(answer, at))
        except Refusal as refusal:
            if not is_outage(refusal):
                raise
            return False
        return True

    async def _make_up(self, which: Which, answer: Response | None, at: int) -> None:
        """Settle a request once the database is back, unless its lease may have ended by then."""
        pause, most, patience = MAKE_UP
        late = time.monotonic() + patience
        try:
            while time.monotonic() < late:
                await asyncio.sleep(pause)
                if await self._settle(which, answer, at):
                    return
                pause = min(pause * 2, most)
        finally:
            self._working.discard(which)

    async def _claim_all(self, waiting: Mapping[Which, bytes]) -> Mapping[Which, bool]:
        waiting = dict(sorted(waiting.items()))  # two statements lock rows in one order, so none waits for the other
        columns = [list(column) for column in zip(*waiting, strict=True)]
        rows = await self._database.fetch(_CLAIM, (self._owner, LEASE, KEPT, *columns, list(waiting.values())))
        claimed = {(row["principal"], row["route"], row["key"]) for row in rows}
        return {which: which in claimed for which in waiting}

    async def _keep_all(self, waiting: Mapping[Which, tuple[int, str]]) -> Mapping[Which, bool]:
        waiting = dict(sorted(waiting.items()))
        whose = Whose(str(_today() % DAYS), ANSWERS)
        sealed = await self._sealing.seal([(whose, said) for _, said in waiting.values()])
        answers = [status for status, _ in waiting.values()], sealed
        await self._database.fetch(_KEEP, (*answers, *(list(column) for column in zip(*waiting, strict=True))))
        return dict.fromkeys(waiting, True)


def _today() -> int:
    return datetime.now(UTC).toordinal()


def _kept(answer: Response, at: int) -> tuple[int, str]:
    headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    return answer.status_code, json.dumps([bytes(answer.body).decode(), headers, at], ensure_ascii=False)


def _is_done(kept: dict[str, Any], print_: bytes) -> None:
    """Return when a request has an answer. Raises IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_RUNNING."""
    if bytes(kept["fingerprint"]) != print_:
        text = "This Idempotency-Key was used for another request: choose a new one."
        raise Refusal(RefusalKind.LIMIT, "IDEMPOTENCY_KEY_REUSED", text)
    if kept["status"] is None:
        raise _running()


def _running() -> Refusal:
    text = "The first request with this Idempotency-Key still runs: ask again in a moment."
    return Refusal(RefusalKind.CONFLICT, "IDEMPOTENCY_RUNNING", text, {"retry_after_s": "1"})
