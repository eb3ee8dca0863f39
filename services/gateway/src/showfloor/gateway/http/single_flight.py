"""Single flight of reads about a session: one request to the service answers all callers who ask meanwhile.

It serves reads that name only the session, no position. The route says how old an answer may be: a board may be half a
second old, because numbers come no more often; a caller who must see their own change names its position. What viewers
see is never older than their request: it waits for the read under way, and shares the next one.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from google.protobuf.message import Message

from showfloor.access.actor import Actor
from showfloor.access.membership.relations import Membership
from showfloor.access.policy import authorize
from showfloor.access.resources import Session
from showfloor.gateway.access.session_resource import resource_of
from showfloor.gateway.http import transcode
from showfloor.gateway.http.clients import Ask
from showfloor.kernel.refusal import Refusal, RefusalKind

MAX_KEPT = 2_000  # answers, of a few KB each


@dataclass(frozen=True, slots=True)
class _Answer:
    asked_at: float
    of: Session
    body: bytes
    seen_by: dict[str, Actor] = field(default_factory=dict)

    async def allow(self, actor: Actor, rpc: str, membership: Membership) -> None:
        """Raise Refusal unless an actor may see the answer. The very same actor as before has the same rights."""
        if self.seen_by.get(actor.subject) is not actor:
            await authorize(actor, rpc, self.of, membership)
            self.seen_by[actor.subject] = actor


class SingleFlight:
    """The newest answers of one RPC, whose request is `session_id` and whose answer has the `session`.

    An answer serves requests until `fresh` seconds after it was read; 0: requests that came before it was read.
    """

    def __init__(
        self, ask: Ask, rpc: str, request: Callable[..., Message], fresh: float, membership: Membership
    ) -> None:
        self._ask, self._rpc, self._request, self._fresh = ask, rpc, request, fresh
        self._membership = membership
        self._newest: dict[str, _Answer] = {}
        self._reading: dict[str, asyncio.Task[_Answer]] = {}

    async def read(self, session_id: str, actor: Actor, token_of: Callable[[Actor], str]) -> bytes:
        """Return the answer as JSON. Raises Refusal, RemoteDefect."""
        oldest = time.monotonic() - self._fresh
        newest = self._newest.get(session_id)
        if newest is None or newest.asked_at <= oldest:
            newest = await self._from_others(session_id, oldest)
        if newest is None:
            return (await self._read(session_id, token_of(actor))).body
        await newest.allow(actor, self._rpc, self._membership)
        return newest.body

    async def _from_others(self, session_id: str, oldest: float) -> _Answer | None:
        """Return the answer of a read under way, or of the next one when that is too old. None: no read is under way,
        or its caller may not read.

        An outage is raised for all: another read for each would only add to it.
        """
        while (reading := self._reading.get(session_id)) is not None and not reading.done():
            try:
                answer = await asyncio.shield(reading)
            except Refusal as refusal:
                if refusal.kind is RefusalKind.UNAVAILABLE:
                    raise
                return None
            if answer.asked_at > oldest:
                return answer
        return None

    async def _read(self, session_id: str, token: str) -> _Answer:
        reading = asyncio.get_running_loop().create_task(self._asked(session_id, token), name=self._rpc)
        self._reading[session_id] = reading
        reading.add_done_callback(lambda _: self._over(session_id, reading))  # before the callers who wait go on
        return await asyncio.shield(reading)

    def _over(self, session_id: str, reading: asyncio.Task[_Answer]) -> None:
        if self._reading.get(session_id) is reading:
            del self._reading[session_id]

    async def _asked(self, session_id: str, token: str) -> _Answer:
        asked_at = time.monotonic()
        found: Any = await self._ask(self._rpc, self._request(session_id=session_id), token)
        answer = _Answer(asked_at, resource_of(found.session), msgspec.json.encode(transcode.encode(found)))
        if self._fresh:
            if len(self._newest) >= MAX_KEPT:
                self._newest.clear()
            self._newest[session_id] = answer
        return answer
