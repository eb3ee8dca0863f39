"""Refusals as `google.rpc.Status` with `ErrorInfo`, and back. The only place that knows status codes.

Every kind of refusal has a code of its own, so that nothing is lost on the way. Strings are made valid UTF-8
and cut to the limits below: a status travels in gRPC metadata, which holds a few kilobytes.
"""

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import DecodeError, Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo  # type: ignore[import-untyped]
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from grpc import StatusCode
from grpc.aio import AioRpcError

from showfloor.kernel.refusal import Refusal, RefusalKind

DOMAIN = "showfloor"
DETAILS_KEY = "grpc-status-details-bin"
MAX_MESSAGE = 500  # characters
MAX_ENTRIES = 16
MAX_KEY = 64
MAX_VALUE = 200

_CODES = {
    RefusalKind.INVALID: StatusCode.INVALID_ARGUMENT,
    RefusalKind.NOT_FOUND: StatusCode.NOT_FOUND,
    RefusalKind.DENIED: StatusCode.PERMISSION_DENIED,
    RefusalKind.UNAUTHENTICATED: StatusCode.UNAUTHENTICATED,
    RefusalKind.WRONG_STATE: StatusCode.FAILED_PRECONDITION,
    RefusalKind.CONFLICT: StatusCode.ABORTED,
    RefusalKind.LIMIT: StatusCode.RESOURCE_EXHAUSTED,
    RefusalKind.UNAVAILABLE: StatusCode.UNAVAILABLE,
}
_KINDS = {code.value[0]: kind for kind, code in _CODES.items()}
_BY_NUMBER = {code.value[0]: code for code in StatusCode}


class RemoteDefect(Exception):
    """Another process failed in a way that is nobody's refusal: a defect there, or a call it does not know."""

    def __init__(self, code: str, details: str) -> None:
        super().__init__(f"{code}: {details}")
        self.code = code


def to_status(refusal: Refusal) -> Status:
    """Return the status that carries a refusal: its reason, metadata, and for a bad field its violation."""
    metadata = {clip(k, MAX_KEY): clip(v, MAX_VALUE) for k, v in list(refusal.metadata.items())[:MAX_ENTRIES]}
    message = clip(refusal.message, MAX_MESSAGE)
    details: list[Message] = [ErrorInfo(reason=clip(refusal.reason, MAX_KEY), domain=DOMAIN, metadata=metadata)]
    if refusal.kind is RefusalKind.INVALID and "field" in metadata:
        violation = BadRequest.FieldViolation(field=metadata["field"], description=message)
        details.append(BadRequest(field_violations=[violation]))
    return Status(code=_CODES[refusal.kind].value[0], message=message, details=[_packed(d) for d in details])


def from_status(status: Status) -> Refusal | None:
    """Return the refusal that a status carries, or None when it carries none of ours."""
    kind = _KINDS.get(status.code)
    info = ErrorInfo()
    for detail in status.details:
        if kind and detail.Is(ErrorInfo.DESCRIPTOR) and _parsed(detail.value, info) and info.domain == DOMAIN:
            return Refusal(kind, info.reason, status.message, dict(info.metadata))
    return None


def internal(error_id: str) -> Status:
    """Return the status of a defect. It says nothing but an id to look for in the logs."""
    info = ErrorInfo(reason="INTERNAL", domain=DOMAIN, metadata={"error_id": error_id})
    message = f"Something went wrong on our side. Quote error {error_id}."
    return Status(code=StatusCode.INTERNAL.value[0], message=message, details=[_packed(info)])


def code_of(status: Status) -> StatusCode:
    """Return the code to end a call with."""
    return _BY_NUMBER[status.code]


def from_rpc_error(error: AioRpcError) -> Exception:
    """Return what a failed call means here: the refusal of the other side, or UNAVAILABLE, or a defect."""
    status = Status()
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY and isinstance(value, bytes) and _parsed(value, status):
            refusal = from_status(status)
            if refusal:
                return refusal
    code = error.code()
    if code in (StatusCode.UNAVAILABLE, StatusCode.CANCELLED):  # cancelled, and not by us: the other side is stopping
        return Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", "A service cannot be reached now: try again.")
    if code is StatusCode.DEADLINE_EXCEEDED:
        # Whether it was done is not known: only a resend with the same request id tells.
        return Refusal(RefusalKind.UNAVAILABLE, "DEADLINE_EXCEEDED", "The answer took too long: send it again.")
    if code is StatusCode.RESOURCE_EXHAUSTED:
        return Refusal(RefusalKind.LIMIT, "TOO_LARGE_OR_TOO_MANY", "The call is too large, or there are too many.")
    return RemoteDefect(code.name, error.details() or "")


def clip(text: str, limit: int) -> str:
    """Return `text` as valid UTF-8 of at most `limit` characters."""
    return text[:limit].encode("utf-8", "replace").decode("utf-8")


def _packed(message: Message) -> AnyMessage:
    packed = AnyMessage()
    packed.Pack(message)
    return packed


def _parsed(data: bytes, into: Message) -> bool:
    try:
        into.ParseFromString(data)
    except DecodeError:
        return False
    return True
