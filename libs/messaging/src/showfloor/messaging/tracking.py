"""What a subscription asks of the database that it commits to.

Two answer: `showfloor.eventstore.tracking.PostgresTracking`, whose statements are SQL, and its twin
`showfloor.testing.memory_tracking`.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from showfloor.kernel.clock import utc_now
from showfloor.kernel.tracking import BEGINNING, DeadLetter, StreamPosition
from showfloor.messaging.bus import Delivered
from showfloor.messaging.public import PublicMessage, from_delivered, to_outgoing

MAX_REASON = 1000  # characters kept of an error

S_contra = TypeVar("S_contra", contravariant=True)


class Tracking(Protocol[S_contra]):
    """Where effects and positions are committed. Every method is one transaction.

    `commit` and `add_dead_letter` move the position of a tracking name from `after` to a later one. Those two,
    `start_over` and `settle_dead_letter` raise TrackingConflict and change nothing when things do not stand as the
    caller says: so two runners of one subscription can never both apply an effect.
    """

    async def position(self, name: str) -> tuple[int, StreamPosition]:
        """Return the position of a tracking name and where on the bus it was read; (0, BEGINNING) when it has none."""
        ...

    async def commit(
        self, statements: Sequence[S_contra], name: str, position: int, read: StreamPosition, *, after: int
    ) -> None:
        """Execute the statements and move from `after` to `position`."""
        ...

    async def add_dead_letter(self, name: str, letter: DeadLetter, read: StreamPosition, *, after: int) -> int:
        """Keep the message, move from `after` to its position, and return how many the name has."""
        ...

    async def start_over(self, statements: Sequence[S_contra], name: str, *, after: int) -> None:
        """Execute the statements, which take back all effects, and forget position and dead letters of a name."""
        ...

    async def dead_letters(self, name: str) -> Sequence[DeadLetter]:
        """Return the dead letters, by position."""
        ...

    async def settle_dead_letter(self, statements: Sequence[S_contra], name: str, position: int) -> None:
        """Execute and forget the dead letter at `position`; the tracking position stays."""
        ...


class DeadLetters(Protocol):
    """Where a relay keeps what it cannot publish, under a name of its own. Every method is one transaction."""

    async def keep(self, name: str, letter: DeadLetter) -> int:
        """Keep the message, once however often it is told, and return how many are kept under the name."""
        ...

    async def dead_letters(self, name: str) -> Sequence[DeadLetter]:
        """Return what is kept, by position."""
        ...

    async def forget(self, name: str, position: int) -> None:
        """Forget what is kept at a position; nothing there is no error."""
        ...


def dead_letter(message: PublicMessage, reason: str) -> DeadLetter:
    """Return a message as a dead letter. What no database takes as text is replaced in the reason."""
    wire = to_outgoing(message)
    text = reason[:MAX_REASON].encode("utf-8", "replace").decode().replace("\0", "?")
    return DeadLetter(message.position, wire.subject, wire.headers, wire.body, text, utc_now())


def message_of(letter: DeadLetter) -> PublicMessage:
    """Return the message of a dead letter."""
    return from_delivered(Delivered(letter.subject, letter.body, letter.headers, BEGINNING))
