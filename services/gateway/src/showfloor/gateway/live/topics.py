"""Topics of a stream, and the authorization to follow them."""

import time
from collections.abc import Awaitable, Callable
from typing import cast
from uuid import UUID

import msgspec

from showfloor.access.actor import Actor
from showfloor.access.membership.relations import Membership
from showfloor.access.policy import authorize
from showfloor.api.session.v1.session_pb2 import Session
from showfloor.api.session.v1.session_service_pb2 import (
    GetSessionRequest,
    GetSessionResponse,
    WatchSessionRequest,
    WatchSessionResponse,
)
from showfloor.gateway.access.session_resource import must_be_shown, resource_of
from showfloor.gateway.http.clients import Ask
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.rpc import checks

BOARD, ACTIVITY, WATCH = "board", "activity", "watch"
KINDS = (BOARD, ACTIVITY, WATCH)
MAX_TOPICS = 32
KNOWN_SECONDS, MAX_KNOWN = 1.0, 10_000
_ACTIONS = {BOARD: "GetBoard", ACTIVITY: "ListActivity"}


class Topic(msgspec.Struct, frozen=True):
    """One kind of news about one session."""

    kind: str
    session_id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.session_id}"


Authorize = Callable[[Actor, str, list[Topic]], Awaitable[None]]
"""(actor, its internal token, topics). Raises Refusal."""


def parse(text: str) -> list[Topic]:
    """Read "board:<session id>,activity:<session id>"; the same topic twice counts once. Raises Refusal INVALID."""
    given = [part.strip() for part in text.split(",") if part.strip()] if len(text) <= 64 * MAX_TOPICS else []
    if not 1 <= len(given) <= MAX_TOPICS:
        raise invalid("topics", f"must name 1 to {MAX_TOPICS} topics, such as board:<session id>")
    return list(dict.fromkeys(map(_topic, given)))


def _topic(text: str) -> Topic:
    kind, _, session_id = text.partition(":")
    if kind not in KINDS:
        raise invalid("topics", f"must start with one of {', '.join(KINDS)}, then a colon and a session id")
    return Topic(kind, str(checks.uuid("topics", session_id)))


def positions(text: str, feeds: int) -> list[int] | None:
    """Read a Last-Event-ID: one position for each of `feeds` activity topics, or one for all. None: there is none."""
    if not text:
        return None
    parts = text.split(",")
    if not all(part.isascii() and part.isdigit() and len(part) <= 18 for part in parts) or len(parts) not in (1, feeds):
        raise invalid("last_event_id", "must be the id of an event of this stream")
    found = [int(part) for part in parts]
    return found * feeds if len(found) == 1 else found


class Authorizer:
    """Authorizes topics: asks the session service about each session as the caller, and policies about each topic.

    A session is the same for every caller: one answer counts for others for a second. Policies decide for each caller.
    """

    def __init__(self, ask: Ask, membership: Membership) -> None:
        self._ask, self._membership = ask, membership
        self._known: dict[tuple[str, str], tuple[float, Session]] = {}

    async def __call__(self, actor: Actor, token: str, topics: list[Topic]) -> None:
        if actor.viewer is not None:
            _only_theirs(actor.viewer.session_id, topics)
        for session_id in dict.fromkeys(topic.session_id for topic in topics):
            kinds = {topic.kind for topic in topics if topic.session_id == session_id}
            await self._may(actor, token, session_id, kinds)

    async def _may(self, actor: Actor, token: str, session_id: str, kinds: set[str]) -> None:
        if actor.viewer is None and kinds != {WATCH}:
            session = await self._told("GetSession", GetSessionRequest(session_id=session_id), token)
            for kind in kinds & _ACTIONS.keys():
                await authorize(actor, _ACTIONS[kind], resource_of(session), self._membership)
        if actor.viewer is not None or WATCH in kinds:
            session = await self._told("WatchSession", WatchSessionRequest(session_id=session_id), token)
            must_be_shown(session)
            await authorize(actor, "WatchSession", resource_of(session), self._membership)

    async def _told(self, rpc: str, request: GetSessionRequest | WatchSessionRequest, token: str) -> Session:
        key = rpc, request.session_id
        at, known = self._known.get(key, (0.0, None))
        if known is not None and time.monotonic() - at < KNOWN_SECONDS:
            return known
        answer = await self._ask(rpc, request, token)
        found = cast(GetSessionResponse | WatchSessionResponse, answer).session
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[key] = time.monotonic(), found
        return found


def _only_theirs(session_id: str, topics: list[Topic]) -> None:
    if any(topic.kind == BOARD or UUID(topic.session_id) != UUID(session_id) for topic in topics):
        text = "A viewer may only follow what happens in the LIVE that they joined."
        raise Refusal(RefusalKind.DENIED, "PERMISSION", text, {"action": "stream"})
