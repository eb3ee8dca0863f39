"""Small helpers of the routes that the gateway answers itself: bodies in, JSON out."""

from typing import Any, TypeVar
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from showfloor.gateway.access.callers import Caller
from showfloor.kernel.event import Meta
from showfloor.kernel.ids import new_id
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.observability.tracing import current_traceparent
from showfloor.rpc import checks

MAX_BODY = 16_384  # bytes
T = TypeVar("T", bound=msgspec.Struct)


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a request may hold. A misspelt field is refused, never ignored."""


async def body(request: Request, into: type[T]) -> T:
    """Return the JSON body. Raises Refusal CONTENT_TYPE, BODY_TOO_LARGE, INVALID_FIELD, MALFORMED_JSON."""
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().casefold()
    if kind != "application/json":  # also keeps out forms, which any web page may send with our cookie
        raise Refusal(RefusalKind.INVALID, "CONTENT_TYPE", "Send the body as application/json.")
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            raise Refusal(RefusalKind.LIMIT, "BODY_TOO_LARGE", f"The body may have {MAX_BODY} bytes.")
    try:
        return msgspec.json.decode(raw or b"{}", type=into)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$.")
        raise invalid(path.rstrip("`") or "body", problem) from None
    except (msgspec.DecodeError, RecursionError):
        raise Refusal(RefusalKind.INVALID, "MALFORMED_JSON", "The body is not JSON in UTF-8.") from None


def answer(value: Any, status: int = 200) -> Response:
    """Return a JSON answer that no cache keeps."""
    return Response(msgspec.json.encode(value), status, {"Cache-Control": "no-store"}, "application/json")


def request_key(request: Request) -> str:
    """Return what names this change: the Idempotency-Key, else something new. Raises INVALID_FIELD."""
    key = request.headers.get("idempotency-key")
    return str(new_id()) if key is None else checks.request_id(key, "Idempotency-Key")


def path_id(request: Request, name: str) -> UUID:
    """Return an id of the path. Raises INVALID_FIELD."""
    return checks.uuid(name, request.path_params[name])


def line(field: str, value: str, maximum: int) -> str:
    """Return a text of one line, 1 to `maximum` characters, without outer spaces. Raises INVALID_FIELD."""
    clean = checks.text(field, value.strip(), 1, maximum)
    if "\n" in clean:
        raise invalid(field, "must be one line")
    return clean


def meta_of(caller: Caller, request_id: str) -> Meta:
    """Return what is recorded beside the events of a caller's request."""
    return Meta(actor=caller.actor.subject, request_id=request_id, traceparent=current_traceparent())
