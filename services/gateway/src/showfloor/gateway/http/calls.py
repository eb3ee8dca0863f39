"""Answers every route that is an RPC: path, query and body become the message, the RPC is called, its answer becomes
JSON."""

import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from starlette.requests import Request
from starlette.responses import Response

from showfloor.access.actor import Actor
from showfloor.api.session.v1.viewer_pb2 import ViewerIdentity, ViewerTraits
from showfloor.gateway.access.callers import Caller, Callers
from showfloor.gateway.access.viewers import ViewerToken, anonymous
from showfloor.gateway.http import exports, inbound, transcode
from showfloor.gateway.http.clients import Clients
from showfloor.gateway.http.contracts import methods
from showfloor.gateway.http.idempotency import Idempotency, key_of
from showfloor.gateway.http.pictures import Pictures
from showfloor.gateway.http.problems import problem
from showfloor.gateway.http.routes import RpcRoute, Who
from showfloor.gateway.http.rpc_routes import RPC_ROUTES
from showfloor.gateway.http.single_flight import SingleFlight
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid

METHODS = methods()
Before = Callable[[Caller, Any, str], Awaitable[None]]
"""(caller, request message, internal token)"""
MOST_UPLOADS = 2  # large bodies of one caller at a time
_KEY_PLACE = "is not set here: send it as the header Idempotency-Key"
_PATH_PLACE = "is named by the path"


class Calls:
    """The handler of all RPC routes."""

    def __init__(
        self, clients: Clients, callers: Callers, idempotency: Idempotency, before: Mapping[str, Before] = {}
    ) -> None:
        """`before`: by RPC, what the gateway does before it passes a call with a key on."""
        self._clients, self._callers, self._idempotency = clients, callers, idempotency
        self._before = before
        self._uploads: Counter[str] = Counter()
        self._pictures = Pictures()
        self._shared = {
            route.rpc: SingleFlight(
                clients.ask,
                route.rpc,
                GetMessageClass(METHODS[route.rpc].input_type),
                route.max_age_s,
                callers.membership,
            )
            for route in RPC_ROUTES
            if route.max_age_s is not None
        }

    async def watched(self, session_id: str) -> bytes:
        """Return what anybody may see of a session, as GET /v1/watch/{session_id} answers it. Raises Refusal."""
        return await self._shared["WatchSession"].read(session_id, anonymous(session_id), self._callers.internal_token)

    async def answer(
        self, request: Request, route: RpcRoute, path: Mapping[str, str], caller: Caller | None, request_id: str
    ) -> Response:
        """Answer a request to a route. Raises Refusal; a refusal of a service is the answer to a request with a key."""
        if route.max_age_s is not None and inbound.bare(request):
            actor = self._actor(route, path, caller)
            body = await self._shared[route.rpc].read(path["session_id"], actor, self._callers.internal_token)
            return Response(body, media_type=inbound.JSON)
        if route.raw:
            assert caller is not None, "the route authenticates its caller"
            with self._uploading(caller.key):
                return await self._answer(request, route, path, caller, request_id)
        return await self._answer(request, route, path, caller, request_id)

    @contextmanager
    def _uploading(self, who: str) -> Iterator[None]:
        """Hold one of a caller's places for large bodies, which stay in memory until they are answered."""
        if self._uploads[who] >= MOST_UPLOADS:
            text = f"{MOST_UPLOADS} of your files are under way: wait for one of them."
            raise Refusal(RefusalKind.LIMIT, "QUEUE_FULL", text, {"retry_after_s": "5"})
        self._uploads[who] += 1
        try:
            yield
        finally:
            self._uploads[who] -= 1
            if not self._uploads[who]:
                del self._uploads[who]

    async def _answer(
        self, request: Request, route: RpcRoute, path: Mapping[str, str], caller: Caller | None, request_id: str
    ) -> Response:
        key = key_of(request.headers) if route.keyed else ""
        message = await self._message(request, route, path)
        actor = self._actor(route, path, caller)
        if caller is not None and caller.viewer is not None:
            key = _fill(message, caller.viewer, key)
        if route.keyed:
            message.request_id = key
        token = self._callers.internal_token(actor)
        if route.export:
            return exports.answer(
                route.export, path.get("session_id", ""), self._clients.read(route.rpc, message, token)
            )
        if route.media and not route.lasting:
            content = bytes((await self._clients.ask(route.rpc, message, token)).content)  # type: ignore[attr-defined]
            return Response(content, media_type=route.media, headers={"Cache-Control": "no-cache"})
        if route.media:
            return await self._pictures.answer(
                route.media, message, lambda: self._clients.ask(route.rpc, message, token)
            )
        if not route.keyed:
            return self._shown(request, route, await self._clients.ask(route.rpc, message, token))
        assert caller is not None, "keyed routes need a caller"

        async def work() -> Response:
            try:
                if (before := self._before.get(route.rpc)) is not None:
                    await before(caller, message, token)
                return self._shown(request, route, await self._clients.ask(route.rpc, message, token))
            except Refusal as refusal:
                return problem(refusal, request_id)

        print_ = self._idempotency.fingerprint(route.name.encode(), message.SerializeToString(deterministic=True))
        return await self._idempotency.once(caller.key, route.name, key, print_, work)

    async def _message(self, request: Request, route: RpcRoute, path: Mapping[str, str]) -> Any:
        message: Any = GetMessageClass(METHODS[route.rpc].input_type)(**route.sets)
        target = getattr(message, route.body) if route.body else message
        fields = target.DESCRIPTOR.fields_by_name
        closed = {**route.closed, **dict.fromkeys(path, _PATH_PLACE)}
        if "request_id" in fields:
            closed["request_id"] = _KEY_PLACE
        if route.raw:
            setattr(message, route.raw, await inbound.body_of(request, None, route.limit))
            closed[route.raw] = "is the body"
            transcode.decode_query(inbound.query_of(request), message, closed=closed)
            transcode.decode_query(path.items(), message)
            return message
        accepts = (inbound.JSON, inbound.PROTOBUF) if route.body else (inbound.JSON,)
        body = await inbound.body_of(request, accepts)
        query = inbound.query_of(request)
        if route.body and body and inbound.content_type(request) == inbound.PROTOBUF:
            _parse(target, body, path)
        elif route.method in ("POST", "PUT", "PATCH"):
            transcode.decode(transcode.parse(body) if body else {}, target, closed=closed)
        elif body:
            raise invalid("body", f"{route.method} takes no body")
        if query and route.method not in ("GET", "DELETE"):
            raise invalid(transcode.shown(query[0][0]), "is not a parameter of this request: send it in the body")
        transcode.decode_query(query, target, closed=closed)
        transcode.decode_query(path.items(), target)
        if "expected_version" in fields and (version := inbound.expected_version(request)):
            target.expected_version = version
        return message

    @staticmethod
    def _actor(route: RpcRoute, path: Mapping[str, str], caller: Caller | None) -> Actor:
        if route.who is Who.VIEWER:
            assert caller is not None and caller.viewer is not None, "the route authenticates its caller"
            if caller.viewer.session_id != path["session_id"]:
                text = "There is no such session, or it is not yours."
                raise Refusal(RefusalKind.NOT_FOUND, "SESSION_NOT_FOUND", text)
            if caller.viewer.looks_on:
                text = "This is a replay: only what was recorded happens in it."
                raise Refusal(RefusalKind.WRONG_STATE, "SESSION_NOT_LIVE", text, {"session_id": path["session_id"]})
        if route.who is Who.ANYONE and (caller is None or caller.viewer is None):
            return anonymous(path.get("session_id", "")) if caller is None else caller.actor
        assert caller is not None, "the route authenticates its caller"
        return caller.actor

    @staticmethod
    def _shown(request: Request, route: RpcRoute, message: Message) -> Response:
        headers: dict[str, str] = {}
        if (version := _version(message)) is not None:
            headers["ETag"] = etag = f'"{version}"'
            if route.method == "GET" and request.headers.get("if-none-match") == etag:
                return Response(status_code=304, headers=headers)
        body = msgspec.json.encode(transcode.encode(message))
        return Response(body, 200, headers, media_type=inbound.JSON)


def _version(message: Message) -> int | None:
    """Return the version of the session or product in an answer, if the answer can fill a form."""
    name, file = message.DESCRIPTOR.name, message.DESCRIPTOR.file.name
    if file.endswith("catalogue_service.proto") and "product" in message.DESCRIPTOR.fields_by_name:
        return int(message.product.version)  # type: ignore[attr-defined]
    if name == "ListBagResponse":
        return int(message.version)  # type: ignore[attr-defined]
    has_session = "session" in message.DESCRIPTOR.fields_by_name and message.HasField("session")
    if has_session and file.endswith("session_service.proto") and name != "WatchSessionResponse":
        return int(message.session.version)  # type: ignore[attr-defined]
    return None


def _parse(batch: Any, body: bytes, path: Mapping[str, str]) -> None:
    try:
        batch.ParseFromString(body)
    except DecodeError:
        raise Refusal(RefusalKind.INVALID, "MALFORMED_PROTOBUF", "The body is not a SignalBatch.") from None
    if batch.session_id not in ("", path["session_id"]):
        raise invalid("session_id", "is another one than the path's")


def _fill(message: Any, viewer: ViewerToken, key: str) -> str:
    """Put the viewer into the message, and make the key the viewer's own: two viewers may choose the same one."""
    fields = message.DESCRIPTOR.fields_by_name
    if "viewer" in fields:
        traits = {
            name: value for name, value in msgspec.structs.asdict(viewer.traits).items() if value not in ("", None)
        }
        identity = ViewerIdentity(viewer_ref=viewer.viewer_ref, display_name=viewer.display_name)
        identity.traits.CopyFrom(ViewerTraits(**traits))
        message.viewer.CopyFrom(identity)
    scoped = "v-" + hashlib.blake2b(f"{viewer.viewer_ref}/{key}".encode(), digest_size=20).hexdigest() if key else ""
    if "reference" in fields:
        message.reference = scoped
    return scoped or key
