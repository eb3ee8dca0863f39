"""Answers about a session that many ask for at the same time: read once for all, seen by those who may.

Good for reads that name neither a position nor anything else but the session. Such an answer was read less than half a
second before it is given: numbers come no more often. Whoever must see a change of their own names its position.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from google.protobuf.message import Message

from showfloor.access.actor import Actor
from showfloor.access.policy import authorize
from showfloor.access.resources import Session
from showfloor.gateway.api import transcode
from showfloor.gateway.live.topics import Ask, resource_of
from showfloor.kernel.refusal import Refusal, RefusalKind

FRESH_SECONDS = 0.5
MAX_KEPT = 2_000  # answers, of a few KB each


@dataclass(frozen=True, slots=True)
class _Answer:
    asked_at: float
    of: Session
    body: bytes
    seen_by: dict[str, Actor] = field(default_factory=dict)

    def allow(self, actor: Actor, rpc: str) -> None:
        """Raise Refusal unless an actor may see it. Who is the very same as before has the same rights, too."""
        if self.seen_by.get(actor.subject) is not actor:
            authorize(actor, rpc, self.of)
            self.seen_by[actor.subject] = actor


class Shared:
    """The newest answers of one RPC, whose request is `session_id` and whose answer has the `session`."""

    def __init__(self, ask: Ask, rpc: str, request: Callable[..., Message]) -> None:
        self._ask, self._rpc, self._request = ask, rpc, request
        self._newest: dict[str, _Answer] = {}
        self._reading: dict[str, asyncio.Task[_Answer]] = {}

    async def read(self, session_id: str, actor: Actor, token_of: Callable[[Actor], str]) -> bytes:
        """Return the answer as JSON. Raises Refusal, RemoteDefect."""
        newest = self._newest.get(session_id)
        if newest is None or time.monotonic() - newest.asked_at >= FRESH_SECONDS:
            newest = await self._from_others(session_id)
        if newest is None:
            return (await self._read(session_id, token_of(actor))).body
        newest.allow(actor, self._rpc)
        return newest.body

    async def _from_others(self, session_id: str) -> _Answer | None:
        """Return what somebody else is reading now; None when nobody is, or they may not.

        An outage is everybody's: asking again for each would only add to it.
        """
        reading = self._reading.get(session_id)
        if reading is None:
            return None
        try:
            return await asyncio.shield(reading)
        except Refusal as refusal:
            if refusal.kind is RefusalKind.UNAVAILABLE:
                raise
            return None

    async def _read(self, session_id: str, token: str) -> _Answer:
        reading = asyncio.get_running_loop().create_task(self._asked(session_id, token), name=self._rpc)
        self._reading[session_id] = reading
        try:
            return await asyncio.shield(reading)
        finally:
            if self._reading.get(session_id) is reading:
                del self._reading[session_id]

    async def _asked(self, session_id: str, token: str) -> _Answer:
        asked_at = time.monotonic()
        found: Any = await self._ask(self._rpc, self._request(session_id=session_id), token)
        answer = _Answer(asked_at, resource_of(found.session), msgspec.json.encode(transcode.encode(found)))
        if len(self._newest) >= MAX_KEPT:
            self._newest.clear()
        self._newest[session_id] = answer
        return answer
