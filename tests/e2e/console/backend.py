"""A server with the routes and shapes of the public API, for browser tests that need a state which a real one cannot
be put into at will: streams that break, refused sign-ins, sessions of every kind."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import shop
import uvicorn
from backend_answers import problem, reads, writes
from backend_state import Backend, Json
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from showfloor.gateway.console.files import Console
from showfloor.gateway.http.headers import CONTENT, SECURITY, content_policy
from showfloor.kernel.refusal import Refusal

PREFIX = "/tools/showfloor"


async def _stream(state: Backend, request: Request) -> Response:
    if state.streams_refused:
        state.streams_refused -= 1
        refused = problem(*state.refusal, "no stream now")
        refused.headers["Retry-After"] = str(state.retry_after)
        return refused
    since = int(request.headers.get("Last-Event-ID") or 0)
    topic = request.query_params["topics"].split(",")[0].partition(":")[2]
    return StreamingResponse(_frames(state, state.sessions[topic], since), media_type="text/event-stream")


async def _frames(state: Backend, of: Json, since: int) -> AsyncIterator[str]:
    yield "retry: 200\nevent: hello\ndata: {}\n\n"
    told = since or state.position
    dropped = state.dropped
    while not dropped.is_set():
        fresh = [one for one in state.activities if one["position"] > told]
        if fresh:
            told = fresh[-1]["position"]
            yield f"id: {told}\nevent: activity\ndata: {json.dumps({'activities': fresh})}\n\n"
            yield f"event: board\ndata: {json.dumps(shop.board(of, state.scale, told, state.bag))}\n\n"
        await asyncio.sleep(0.05)


def application(state: Backend, static: Path) -> ASGIApp:
    """The API under /v1 and the built console at the root, with the headers that the gateway gives to every answer."""

    async def api(request: Request) -> Response:
        path = [part for part in request.path_params["path"].split("/") if part]
        if path == ["stream"]:
            return await _stream(state, request)
        if not state.signed_in and path[0] not in ("sign-in", "watch", "metrics-registry"):
            return problem(401, "UNAUTHENTICATED", "Sign in first.")
        if request.method == "GET":
            answer = reads(state, request, path)
        else:
            body = json.loads(await request.body() or b"{}")
            state.calls.append((request.method, "/".join(path), dict(request.headers), body))
            answer = writes(state, request.method, path, body)
        if answer is None:
            return problem(404, "SESSION_NOT_FOUND", "not found")
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    async def file(request: Request) -> Response:
        try:
            path = request.path_params["path"]
            answer = console.answer("/" + path, request.headers)
            if session := state.sessions.get(path.removeprefix("watch/")):
                playback = session.get("playback", {})
                answer.headers[CONTENT] = content_policy(playback.get("url", ""), playback.get("poster_url", ""))
            return answer
        except Refusal as refusal:
            return problem(404, refusal.reason, refusal.message)

    console = Console(static)
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    app = Starlette(routes=[Route("/v1/{path:path}", api, methods=methods), Route("/{path:path}", file)])
    # A proxy that gives Showfloor a folder of its own takes the folder off.
    app = Starlette(routes=[Mount(PREFIX, app), Mount("/", app)])

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        await app(scope, receive, sent)

    return guarded


class Served:
    """A backend on a port of its own, in a thread."""

    stands_in = True  # a test that uses it proves no requirement

    def __init__(self, static: Path) -> None:
        self.state = Backend()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        config = uvicorn.Config(
            application(self.state, static), log_level="error", ws="none", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def drop_streams(self, refuse: int = 0) -> None:
        """Break every open stream; the next `refuse` tries are refused."""
        self.state.streams_refused = refuse
        before, self.state.dropped = self.state.dropped, asyncio.Event()
        before.set()

    def close(self) -> None:
        """Stop serving."""
        self.state.dropped.set()
        self._server.should_exit = True
        self._thread.join(5)
        self._socket.close()
