"""What every request about a fact of a LIVE says: of which session, under which id, by whom, when."""

import re
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from showfloor.access.actor import ActorKind
from showfloor.api.session.v1 import viewer_pb2
from showfloor.eventstore.store import RECENT, Store
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import Session
from showfloor.session.show.edges.authorizing import is_viewer, session_for

MAX_NAME = 60
GENDERS = ("", "female", "male", "other")
AGE_BANDS = ("", "18-24", "25-34", "35-44", "45-54", "55+")

_REGION = re.compile(r"[A-Z]{2}|")


class Viewer(NamedTuple):
    """Who acts, as far as it is known."""

    ref: str
    name: str
    gender: str
    age_band: str
    region: str
    follower: bool | None

    @property
    def namer(self) -> str:
        """Whose names of facts they are: a viewer's are their own, everybody else's are the session's."""
        return self.ref if is_viewer() else ""


class FactReader(msgspec.Struct, frozen=True):
    """Reads requests about facts of one session. `prefix` leads to the request, such as "facts[3].comment."."""

    session: Session
    now: datetime
    policy: Policy
    prefix: str = ""

    def viewer(self, identity: viewer_pb2.ViewerIdentity) -> Viewer:
        """Read who acts. A viewer acts only in their own name."""
        prefix = f"{self.prefix}viewer."
        ref = checks.request_id(_viewer_of(identity.viewer_ref), f"{prefix}viewer_ref")
        traits = identity.traits
        if traits.gender not in GENDERS:
            raise invalid(f"{prefix}traits.gender", "must be female, male, other or empty")
        if traits.age_band not in AGE_BANDS:
            raise invalid(f"{prefix}traits.age_band", "must be 18-24, 25-34, 35-44, 45-54, 55+ or empty")
        if not _REGION.fullmatch(traits.region):
            raise invalid(f"{prefix}traits.region", "must be an ISO 3166-1 alpha-2 code in capitals, or empty")
        return Viewer(
            ref,
            checks.line(f"{prefix}display_name", identity.display_name, 0, MAX_NAME),
            traits.gender,
            traits.age_band,
            traits.region,
            traits.follower if traits.HasField("follower") else None,
        )

    def common(self, request: Any) -> dict[str, Any]:
        """Return what every command on a fact holds, of a request that may name another time."""
        # Told of another session than the whole request it would count where nobody meant it to.
        if request.session_id and self.needed("session_id", request.session_id) != self.session.session_id:
            raise invalid(f"{self.prefix}session_id", "must be empty, or the session that the whole request names")
        time = checks.when(request, "time", self.prefix)
        if time is not None and is_viewer():
            raise invalid(f"{self.prefix}time", "a viewer names no time: it is now")
        return {"time": time, **self.as_of_now}

    @property
    def as_of_now(self) -> dict[str, Any]:
        """Return the same of one that happens now."""
        return {"session": self.session, "now": self.now, "policy": self.policy}

    def request_id(self, request: Any) -> str:
        """Read the id of a request."""
        return checks.request_id(request.request_id, f"{self.prefix}request_id")

    def needed(self, field: str, value: str) -> UUID:
        """Read an id that must be there."""
        return checks.uuid(self.prefix + field, value)

    def id(self, field: str, value: str) -> UUID | None:
        """Read an id that may be absent."""
        return self.needed(field, value) if value else None


async def reader_for(store: Store, session_id: str, now: datetime, policy: Policy) -> FactReader:
    """Return a reader if the caller may do the current RPC to the session. Raises what `session_for` raises."""
    return FactReader(await session_for(store, session_id, RECENT), now, policy)


def _viewer_of(given: str) -> str:
    """Return who acts: a viewer only ever as the one their token names. Raises PERMISSION."""
    actor = current().actor
    if actor.kind is not ActorKind.VIEWER or actor.viewer is None:
        return given
    if given not in ("", actor.viewer.viewer_ref):
        text = "A viewer acts only in their own name."
        raise Refusal(RefusalKind.DENIED, "PERMISSION", text, {"action": current().method})
    return actor.viewer.viewer_ref
