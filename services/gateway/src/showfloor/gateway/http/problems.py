"""Refusals as RFC 9457 problem details. The only place that knows HTTP status codes of refusals."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.responses import Response

from showfloor.kernel.refusal import Refusal, RefusalKind

CONTENT_TYPE = "application/problem+json"
TYPES = "https://showfloor.dev/problems/"  # an identifier; docs/refusals.md explains each code
RETRY_SECONDS = 1

_BY_KIND = {
    RefusalKind.INVALID: 400,
    RefusalKind.UNAUTHENTICATED: 401,
    RefusalKind.DENIED: 403,
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.WRONG_STATE: 409,
    RefusalKind.CONFLICT: 409,
    RefusalKind.LIMIT: 422,
    RefusalKind.UNAVAILABLE: 503,
}
_BY_REASON = {
    "REQUEST_TIMEOUT": 408,
    "URL_TOO_LONG": 414,
    "HEAD_TOO_LARGE": 431,
    "BODY_TOO_LARGE": 413,
    "TOO_LARGE": 413,
    "CONTENT_TYPE": 415,
    "METHOD_NOT_ALLOWED": 405,
    "VERSION_CONFLICT": 412,
    "IDEMPOTENCY_KEY_REUSED": 422,
    "RATE_LIMITED": 429,
    "QUEUE_FULL": 503,
}


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal."""
    return _BY_REASON.get(refusal.reason) or _BY_KIND[refusal.kind]


def problem(refusal: Refusal, request_id: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer that says a refusal."""
    status = status_of(refusal)
    body = document(refusal, status, request_id)
    extra = dict(headers or {})
    if status in (429, 503) or "retry_after_s" in refusal.metadata:
        extra["Retry-After"] = refusal.metadata.get("retry_after_s", str(RETRY_SECONDS))
    if status == 413:
        extra["Connection"] = "close"  # the rest of the body is not read
    if status == 401:
        extra["WWW-Authenticate"] = 'Bearer realm="showfloor"'
    return Response(msgspec.json.encode(body), status, extra, media_type=CONTENT_TYPE)


def document(refusal: Refusal, status: int, request_id: str) -> dict[str, Any]:
    """Return a problem details object."""
    body: dict[str, Any] = {
        "type": TYPES + refusal.reason.lower().replace("_", "-"),
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": refusal.message,
        "code": refusal.reason,
        "request_id": request_id,
    }
    if field := refusal.metadata.get("field"):
        body["field"] = field
        body["errors"] = [{"field": field, "problem": refusal.message.removeprefix(f"{field}: ")}]
    if refusal.metadata:
        body["metadata"] = refusal.metadata
    return body


def defect(request_id: str) -> Response:
    """Return the answer to a defect, without its text: the log has it under the request's id."""
    body = {
        "type": TYPES + "internal",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something failed on our side. Nothing more is said here; the log knows the request id.",
        "code": "INTERNAL",
        "request_id": request_id,
    }
    return Response(msgspec.json.encode(body), 500, media_type=CONTENT_TYPE)
