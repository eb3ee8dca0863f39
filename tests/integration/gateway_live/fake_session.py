"""A session service in a few lines, and a browser's EventSource: what streams are checked against."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from starlette.requests import Request

from showfloor.access.actor import Actor, ActorKind, Role, ViewerScope
from showfloor.api.common.v1.common_pb2 import Watermark
from showfloor.api.session.v1.activity_service_pb2 import ListActivityResponse
from showfloor.api.session.v1.board_service_pb2 import GetBoardResponse
from showfloor.api.session.v1.session_pb2 import SESSION_STATE_LIVE, Activity, Session
from showfloor.api.session.v1.session_service_pb2 import GetSessionResponse, WatchSessionResponse
from showfloor.gateway.access.callers import Caller
from showfloor.gateway.access.viewers import ViewerToken
from showfloor.gateway.http import server
from showfloor.gateway.http.problems import problem
from showfloor.gateway.live.sse import Streams
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.testing.members import Members, somebody
from showfloor.testing.waiting import PATIENCE

ACCOUNT, SHOP = str(uuid4()), str(uuid4())


@dataclass
class FakeSession:
    """One session: its log, its board, and its RPCs as `ask` answers them."""

    session_id: str = field(default_factory=lambda: str(uuid4()))
    log: list[Activity] = field(default_factory=list)
    position: int = 0
    board: int = 0
    told: int | None = None
    asked: list[str] = field(default_factory=list)
    down: bool = False
    refuses: RefusalKind | None = None
    page: int = 500
    hidden: bool = False

    def message(self) -> Session:
        return Session(
            session_id=self.session_id,
            account_id=ACCOUNT,
            shop_id=SHOP,
            title="Evening",
            state=SESSION_STATE_LIVE,
            version=max(1, self.board),
        )

    def write(self, kind: str = "comment", gap: int = 1) -> Activity:
        """Add a line to the log; nobody is told yet."""
        self.position += gap
        line = Activity(position=self.position, kind=kind, subject_id=str(self.position), summary=f"at {self.position}")
        self.log.append(line)
        return line

    def tick(self, lines: list[Activity]) -> bytes:
        """Return the tick that tells of lines; a lost one counts as told."""
        answer = ListActivityResponse(activities=lines, watermark=Watermark(position=self.position))
        if self.told is not None:
            answer.after_position = self.told
        self.told = lines[-1].position
        return answer.SerializeToString()

    def board_tick(self) -> bytes:
        self.board += 1
        return GetBoardResponse(session=self.message(), watermark=Watermark(position=self.position)).SerializeToString()

    async def ask(self, rpc: str, request: Any, token: str) -> Any:
        del token
        await asyncio.sleep(0)
        self.asked.append(rpc)
        if self.down:
            raise Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", "down")
        if self.refuses is not None:
            raise Refusal(self.refuses, "REFUSED", "not now")
        if self.hidden or request.session_id != self.session_id:
            raise Refusal(RefusalKind.NOT_FOUND, "SESSION_NOT_FOUND", "no such session")
        if rpc == "GetSession":
            return GetSessionResponse(session=self.message())
        if rpc == "WatchSession":
            return WatchSessionResponse(session=self.message())
        if rpc == "GetBoard":
            return GetBoardResponse(session=self.message(), watermark=Watermark(position=self.position))
        assert rpc == "ListActivity"
        mark = Watermark(position=self.position)
        if request.newest_first:
            return ListActivityResponse(activities=self.log[-1:], more=len(self.log) > 1, watermark=mark)
        found = [line for line in self.log if line.position > request.after_position]
        size = min(request.page_size, self.page)
        return ListActivityResponse(activities=found[:size], more=len(found) > size, watermark=mark)


class Callers:
    """Tokens: "host", "other" (hosts another account), "viewer"; anything else is nobody's.

    `signed_out` makes them all bad, `demoted` takes the host's role away.
    """

    def __init__(self, session: FakeSession) -> None:
        self.session, self.signed_out, self.demoted, self.sign_in_id = session, False, False, uuid4()
        self.membership = Members()

    async def identify(self, request: Any) -> Caller | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token == "":
            return None
        if self.signed_out or token not in ("host", "other", "viewer"):
            raise Refusal(RefusalKind.UNAUTHENTICATED, "UNAUTHENTICATED", "Sign in first.")
        if token == "viewer":
            scope = ViewerScope(session_id=self.session.session_id, viewer_ref="v-1")
            actor = Actor(subject="viewer:v-1", kind=ActorKind.VIEWER, viewer=scope)
            viewer = ViewerToken(exp=2**40, session_id=self.session.session_id, viewer_ref="v-1")
            return Caller("viewer:v-1", actor, viewer=viewer)
        name, account = ("user:1", ACCOUNT) if token == "host" else ("user:2", str(uuid4()))
        one = somebody(name, accounts={} if self.demoted else {account: Role.HOST})
        self.membership.known[name] = one
        return Caller(name, one.actor, sign_in_id=self.sign_in_id)

    def internal_token(self, actor: Actor) -> str:
        return actor.subject


@asynccontextmanager
async def serving(streams: Streams, callers: Callers) -> AsyncIterator[str]:
    """Serve the streams over HTTP while the block runs; yields the address."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        try:
            stream = await streams.prepare(request, await callers.identify(request))
        except Refusal as refusal:
            await problem(refusal, "test")(scope, receive, send)
            return
        await streams.run(stream, receive, send)

    async with server.serving(app, "127.0.0.1:0") as port:
        yield f"http://127.0.0.1:{port}"


class FakeBatcher:
    """Takes signs of life, and remembers how many rows came of which session."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []

    def mark(self, viewer: ViewerToken) -> tuple[bytes, int]:
        return viewer.viewer_ref.encode().ljust(8), 0

    async def still_here(self, session_id: str, marks: bytes, channels: bytes, ages_ms: Sequence[int]) -> None:
        assert len(marks) == 8 * len(channels) == 8 * len(ages_ms)
        self.told.append((session_id, len(ages_ms)))


@dataclass
class Event:
    name: str
    data: Any
    id: str = ""
    retry: str = ""


class Browser:
    """Reads one stream and remembers its events and the last id, like EventSource."""

    def __init__(self, client: httpx.AsyncClient, topics: str, token: str = "host") -> None:
        self._client, self._topics, self._token = client, topics, token
        self.events: list[Event] = []
        self.raw = bytearray()
        self.last_id = ""
        self.status = 0
        self.ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> "Browser":
        opened = asyncio.Event()
        self._task = asyncio.create_task(self._read(opened))
        await asyncio.wait_for(opened.wait(), PATIENCE)
        return self

    async def close(self) -> None:
        assert self._task is not None
        self._task.cancel()
        with suppress(asyncio.CancelledError, httpx.HTTPError):
            await self._task

    def named(self, name: str) -> list[Event]:
        return [event for event in self.events if event.name == name]

    def positions(self) -> list[int]:
        return [one["position"] for event in self.named("activity") for one in event.data["activities"]]

    async def until(self, condition: Callable[[], object], within: float = PATIENCE) -> None:
        deadline = asyncio.get_running_loop().time() + within
        while not condition():
            assert asyncio.get_running_loop().time() < deadline, [e.name for e in self.events]
            await asyncio.sleep(0.005)

    async def _read(self, opened: asyncio.Event) -> None:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if self.last_id:
            headers["Last-Event-ID"] = self.last_id
        async with self._client.stream("GET", "/v1/stream", params={"topics": self._topics}, headers=headers) as answer:
            self.status = answer.status_code
            self.headers = answer.headers
            buffer = b""
            async for chunk in answer.aiter_raw():
                self.raw += chunk
                buffer += chunk
                while b"\n\n" in buffer:
                    block, _, buffer = buffer.partition(b"\n\n")
                    self._take(block.decode())
                    opened.set()
            if self.status != 200:
                self.problem = json.loads(buffer)
            opened.set()
        self.ended.set()

    def _take(self, block: str) -> None:
        fields: dict[str, str] = {}
        for line in block.split("\n"):
            if not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value
        if "id" in fields:
            self.last_id = fields["id"]
        event = Event(fields["event"], json.loads(fields["data"]), fields.get("id", ""), fields.get("retry", ""))
        self.events.append(event)
