"""Reads path, query and body of a request, within limits. Every refusal says what would be accepted."""

import re
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote_to_bytes

import msgspec
from starlette.requests import ClientDisconnect, Request

from showfloor.gateway.http import transcode
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid

MAX_BODY = 1024 * 1024
JSON, PROTOBUF = "application/json", "application/x-protobuf"
MAX_PARAMETERS = 300
_BODY = (b"content-length", b"transfer-encoding")
_VERSION = re.compile(r'"(\d{1,18})"')
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<where>[^`]*)`)?$", re.DOTALL)
T = TypeVar("T")


async def body_of(request: Request, accepts: tuple[str, ...] | None, limit: int = MAX_BODY) -> bytes:
    """Return the body, of one of these types; None: of any. Raises Refusal BODY_TOO_LARGE, CONTENT_TYPE."""
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and float(announced) > limit:  # of any number of digits
        raise _too_large(limit)
    whole = bytearray()
    try:
        async for chunk in request.stream():
            whole += chunk
            if len(whole) > limit:
                raise _too_large(limit)
    except ClientDisconnect:
        raise Refusal(RefusalKind.INVALID, "BODY_INCOMPLETE", "The body ended early.") from None
    kind = content_type(request)
    if whole and accepts is not None and kind not in accepts:
        text = f"Send the body as {' or '.join(accepts)}, and say so in Content-Type."
        raise Refusal(RefusalKind.INVALID, "CONTENT_TYPE", text, {"accepts": ", ".join(accepts)})
    return bytes(whole)


def content_type(request: Request) -> str:
    """Return the media type of the body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().casefold()


def query_of(request: Request) -> list[tuple[str, str]]:
    """Return the query parameters in order. Raises Refusal INVALID when there are far too many."""
    raw = request.scope.get("query_string", b"").decode("latin-1")
    try:
        return parse_qsl(raw, keep_blank_values=True, max_num_fields=MAX_PARAMETERS, errors="surrogateescape")
    except ValueError:
        raise invalid("query", f"must have at most {MAX_PARAMETERS} parameters") from None


def check_path(request: Request) -> None:
    """Raises Refusal INVALID for a path that is not UTF-8: no route may see half a character."""
    raw = request.scope.get("raw_path") or b""
    if b"%" in raw:
        try:
            unquote_to_bytes(raw).decode()
        except UnicodeDecodeError:
            raise invalid("path", "is not UTF-8: percent-encode the bytes of UTF-8 text") from None


def bare(request: Request) -> bool:
    """Tell whether a request has neither a query nor a body."""
    return not request.scope["query_string"] and not any(name in _BODY for name, _ in request.scope["headers"])


def only(request: Request, *names: str) -> dict[str, str]:
    """Return the query parameters of a native route. Raises Refusal INVALID for any other."""
    found: dict[str, str] = {}
    for name, value in query_of(request):
        if name not in names:
            raise invalid(transcode.shown(name), "is not a parameter of this request")
        found[name] = value
    return found


def expected_version(request: Request) -> int | None:
    """Return the version that If-Match names; None when it does not say. Raises Refusal INVALID."""
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    found = _VERSION.fullmatch(header.strip())
    if found is None or int(found[1]) == 0:
        raise invalid("If-Match", 'must be an ETag of an answer about it, such as "12"')
    return int(found[1])


def shaped(body: bytes, kind: type[T]) -> T:
    """Return a JSON body as a struct of a native route. Raises Refusal INVALID with the field."""
    value: Any = transcode.parse(body) if body else {}
    try:
        msgspec.json.encode(value)  # what cannot be written again can be neither stored nor hashed
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        found = _PLACE.match(str(error))
        what, where = (found["what"], found["where"] or "") if found else (str(error), "")
        named = re.search(r"field `([^`]+)`", what)
        path = ".".join(part for part in (where, named[1] if named else "") if part)
        raise invalid(transcode.shown(path or "body"), transcode.shown(what[:1].lower() + what[1:])) from None
    except UnicodeEncodeError:
        raise invalid("body", "holds half of a surrogate pair") from None


def _too_large(limit: int) -> Refusal:
    text = f"The body is larger than {limit} bytes: send less at once."
    return Refusal(RefusalKind.LIMIT, "BODY_TOO_LARGE", text, {"limit": str(limit)})
