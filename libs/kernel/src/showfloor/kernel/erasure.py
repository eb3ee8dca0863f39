"""Erasures: that somebody had keys of what a person wrote, or is called, destroyed. Each service records its own.

The event says what was erased by its id; the metadata beside it say who did it. An erasure that is repeated is recorded
again: more may have been written in between.
"""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from showfloor.kernel.command import Aside
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id

_SCOPE = UUID("0d8d3c5e-5f0a-5b1c-9a53-6c1f6a5f2c77")

Kind = Literal["viewer", "creator", "account_name", "contact"]


class Erased(Event, frozen=True, kw_only=True):
    """A viewer of an account, a creator, the name of an account, or the address of a contact of one was erased."""

    TOPIC: ClassVar[str] = "erasure.erased"

    erasure_id: UUID
    kind: Kind
    erased: str  # its id; of a viewer <account_id>/<viewer_ref>, of a contact <account_id>/<contact>


class Erasure(msgspec.Struct, frozen=True):
    """The state of the erasures of one thing."""

    times: int = 0


class Erase(msgspec.Struct, frozen=True, kw_only=True):
    """Record that something is erased now."""

    kind: Kind
    erased: str
    now: Aside[datetime]

    @property
    def erasure_id(self) -> UUID:
        """The stream of all erasures of the same thing."""
        return derive_id(_SCOPE, self.kind, self.erased)


def erase(_: Erasure, command: Erase) -> list[Event]:
    """Record an erasure, each time."""
    return [Erased(at=command.now, erasure_id=command.erasure_id, kind=command.kind, erased=command.erased)]


def evolve(state: Erasure, event: Event) -> Erasure:
    """Return the erasures after the event."""
    assert isinstance(event, Erased)
    return Erasure(state.times + 1)


ERASURE: Decider[Erasure] = Decider(
    name="erasure", state_type=Erasure, initial=Erasure, evolve=evolve, events=(Erased,)
)
