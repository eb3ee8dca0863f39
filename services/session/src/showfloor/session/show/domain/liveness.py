"""Signs of life of a running LIVE, kept so rarely that they cost nothing: only when its end for silence is due."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id


class SignOfLifeSeen(Event, frozen=True, kw_only=True):
    """The LIVE was to end for silence, and was found alive. `at` is the newest sign, by the real clock."""

    TOPIC: ClassVar[str] = "liveness.sign_seen"

    session_id: UUID


class Liveness(msgspec.Struct, frozen=True):
    """The newest sign that was kept."""

    last: datetime | None = None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A sign that was found."""

    session_id: UUID
    at: datetime


def liveness_stream(session_id: UUID) -> UUID:
    """Return the stream of a session's signs."""
    return derive_id(session_id, "liveness")


def evolve(_: Liveness, event: Event) -> Liveness:
    """Return the signs after the event."""
    assert isinstance(event, SignOfLifeSeen)
    return Liveness(event.at)


def keep_sign(state: Liveness, command: Seen) -> list[Event]:
    """Keep a sign that is newer than the last one kept."""
    if state.last is not None and command.at <= state.last:
        return []
    return [SignOfLifeSeen(at=command.at, session_id=command.session_id)]


LIVENESS: Decider[Liveness] = Decider(
    name="liveness", state_type=Liveness, initial=Liveness, evolve=evolve, events=(SignOfLifeSeen,)
)
