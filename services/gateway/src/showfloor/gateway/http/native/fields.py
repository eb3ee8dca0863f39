"""Reads fields of requests to native routes, in one form for all of them."""

from uuid import UUID

from showfloor.gateway.http.gateway import NativeRequest
from showfloor.kernel.currencies import EXPONENTS
from showfloor.kernel.ids import derive_id
from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks

OPERATOR_SCOPE = UUID("5b0e7f9e-6a1f-5c0e-9d59-0f3a5f3f7c11")  # ids of what operators add are derived from it
MAX_QUERY = 100  # characters
NAME_MAX = 80  # characters as people see them


def path_id(request: NativeRequest, name: str) -> UUID:
    """Return an id that the path names. Raises INVALID_FIELD."""
    return checks.uuid(name, request.path[name])


def query_id(request: NativeRequest, name: str) -> UUID | None:
    """Return an id that the query may name. Raises INVALID_FIELD."""
    value = request.query.get(name)
    return checks.uuid(name, value) if value else None


def search(request: NativeRequest) -> str:
    """Return the text that names are searched for. Raises INVALID_FIELD."""
    return checks.line("query", request.query.get("query", ""), 0, MAX_QUERY)


def derived_id(request: NativeRequest, kind: str) -> UUID:
    """Return the id of a new thing, derived from caller and key: a resend names the same thing."""
    return derive_id(request.caller.user_id or OPERATOR_SCOPE, kind, request.key)


def line(value: str) -> str:
    """Return a name as it is kept. Raises INVALID_FIELD."""
    return checks.line("name", value, 1, NAME_MAX)


def currency(code: str) -> str:
    """Return the code of a currency. Raises INVALID_FIELD."""
    if code not in EXPONENTS:
        raise invalid("currency", "must be an active code of ISO 4217, such as EUR, USD or CNY")
    return code
