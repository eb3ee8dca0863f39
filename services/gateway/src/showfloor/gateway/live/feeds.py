"""Reads of the session service that fill gaps between ticks: the feed as the gateway, snapshots as the caller."""

from collections.abc import Callable
from typing import cast

from google.protobuf.message import Message

from showfloor.access.actor import Actor, ActorKind
from showfloor.api.session.v1.activity_service_pb2 import ListActivityRequest, ListActivityResponse
from showfloor.api.session.v1.board_service_pb2 import GetBoardRequest
from showfloor.api.session.v1.session_service_pb2 import WatchSessionRequest
from showfloor.gateway.http.clients import Ask
from showfloor.gateway.live.topics import BOARD

PAGE = 500  # lines
_READER = Actor(subject="service:gateway", kind=ActorKind.SERVICE, scopes=("feeds",))

TokenOf = Callable[[Actor], str]
"""Returns the internal token of an actor."""


class Feeds:
    """The session service as the hub needs it. All methods raise Refusal, RemoteDefect."""

    def __init__(self, ask: Ask, token_of: TokenOf) -> None:
        self._ask, self._token_of = ask, token_of

    async def end(self, session_id: str) -> int:
        """Return the end of the feed: every line up to it can be read."""
        request = ListActivityRequest(session_id=session_id, newest_first=True, page_size=1)
        answer = await self._list(request)
        newest = answer.activities[0].position if answer.activities else 0
        return max(newest, answer.watermark.position)

    async def after(self, session_id: str, position: int, reached: int = 0) -> ListActivityResponse:
        """Return the next lines after a position, oldest first, once the feed has got to `reached`.

        It returns all lines, practice too: frames leave out what viewers may not see.
        """
        request = ListActivityRequest(
            session_id=session_id, after_position=position, page_size=PAGE, min_position=reached
        )
        return await self._list(request)

    async def snapshot(self, kind: str, session_id: str, token: str) -> Message:
        """Return the current GetBoardResponse or WatchSessionResponse, as the caller may see it."""
        if kind == BOARD:
            return await self._ask("GetBoard", GetBoardRequest(session_id=session_id), token)
        return await self._ask("WatchSession", WatchSessionRequest(session_id=session_id), token)

    async def _list(self, request: ListActivityRequest) -> ListActivityResponse:
        token = self._token_of(_READER)
        return cast(ListActivityResponse, await self._ask("ListActivity", request, token))
