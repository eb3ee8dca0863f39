"""What every request to change a session says: which one, under which request id, of which version."""

from datetime import datetime
from typing import Any, TypeVar

from showfloor.eventstore.store import Store
from showfloor.rpc import checks
from showfloor.session.show.domain.session_rules import Command
from showfloor.session.show.edges.authorizing import session_for

C = TypeVar("C", bound=Command)


async def command_of(store: Store, now: datetime, kind: type[C], request: Any, /, **fields: Any) -> C:
    """Return a command once the caller may give it. `expected_version` is read where there is one.

    Raises INVALID_FIELD, SESSION_NOT_FOUND, PERMISSION.
    """
    checks.request_id(request.request_id)
    if "expected_version" in request.DESCRIPTOR.fields_by_name:
        fields["expected_version"] = checks.position(request.expected_version, "expected_version")
    session = await session_for(store, request.session_id)
    return kind(session_id=session.session_id, now=now, **fields)
