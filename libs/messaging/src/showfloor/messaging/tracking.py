"""What a subscription asks of the database that it commits to: `showfloor.eventstore` answers it."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

import msgspec

from showfloor.messaging.bus import BEGINNING, Delivered
from showfloor.messaging.public import PublicMessage, from_delivered, to_outgoing

S_contra = TypeVar("S_contra", contravariant=True)


class Parked(msgspec.Struct, frozen=True):
    """A message set aside as it came off the wire, and why."""

    position: int
    subject: str
    headers: Mapping[str, str]
    body: bytes
    reason: str

    @staticmethod
    def of(message: PublicMessage, reason: str) -> "Parked":
        wire = to_outgoing(message)
        return Parked(message.position, wire.subject, wire.headers, wire.body, reason)

    def message(self) -> PublicMessage:
        return from_delivered(Delivered(self.subject, self.body, self.headers, BEGINNING))


Hint = Mapping[str, str | int]
"""Where on the bus a position was seen: `Mark.to_hint()`. Only ever a short cut."""


class Tracking(Protocol[S_contra]):
    """Where effects and positions are committed. Every method is one transaction.

    `commit` and `park` move the tracking position and must refuse, changing nothing, unless it stands at
    `after`: so two runners of one subscription can never both apply an effect.
    """

    async def position(self, name: str) -> tuple[int, Hint]:
        """Return (position, hint) of a tracking name; (0, {}) when it has none."""
        ...

    async def commit(self, statements: Sequence[S_contra], name: str, position: int, hint: Hint, *, after: int) -> None:
        """Execute the statements and move from `after` to `position`."""
        ...

    async def park(self, name: str, parked: Parked, hint: Hint, *, after: int) -> int:
        """Keep the message, move to its position, and return how many are parked under the name."""
        ...

    async def parked(self, name: str) -> Sequence[Parked]:
        """Return what is parked, by position."""
        ...

    async def unpark(self, statements: Sequence[S_contra], name: str, position: int) -> None:
        """Execute and forget the parked message at `position`; the tracking position stays."""
        ...
