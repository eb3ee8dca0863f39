"""Asks the tables, and remembers what they said until they change. Says how far they go, and waits until they do."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from showfloor.access.membership.lists import GRANTS, SCOPE, Scope, scope_of
from showfloor.access.membership.relations import About, Relations, Use, relations_of
from showfloor.access.membership.tables import RELATIONS
from showfloor.access.remembered import Remembered
from showfloor.eventstore.query import Database
from showfloor.kernel.refusal import Refusal, RefusalKind

WAIT_S: Final = 1.0  # for what a token says that the gateway knew
KEPT_BYTES: Final = 16 * 1024 * 1024  # of answers: some 20,000 pairs of somebody and a thing
KEPT_SECONDS: Final = 300.0
_ANSWER_BYTES: Final = 700


class Members:
    """The membership of a process. Whoever fills the tables calls `advanced` and `heard`; `wanted` is set when a call
    waits for more than they hold, so that nobody waits for the next look."""

    def __init__(
        self, database: Database, stale_s: float = float("inf"), elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        """`stale_s`: seconds without a word from the directory after which nothing may be changed."""
        self._database, self._stale_s, self._elapsed = database, stale_s, elapsed
        self._position = self._changes = self._named = 0
        self.log_use: Callable[[Use], Awaitable[None]] | None = None  # what keeps the uses of grants
        self._heard_at = elapsed()  # a process that has just started has not been without a word for long
        self._moved, self._again = asyncio.Event(), asyncio.Event()
        self.wanted = asyncio.Event()
        self._known: Remembered[tuple[str, About], Relations] = Remembered(
            KEPT_BYTES, KEPT_SECONDS, lambda _: _ANSWER_BYTES, elapsed
        )
        self._scopes: Remembered[str, Scope] = Remembered(
            KEPT_BYTES, KEPT_SECONDS, lambda scope: _ANSWER_BYTES + 100 * len(scope) + 300 * len(scope.grants), elapsed
        )

    @property
    def position(self) -> int:
        """How much of the directory's log the tables hold."""
        return self._position

    def advanced(self, position: int) -> None:
        """The tables hold more now, or may: forget what they said before."""
        self._position = position
        self._changes += 1
        self._known.clear()
        self._scopes.clear()
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def heard(self, position: int) -> None:
        """The directory has just said that there is nothing beyond this position."""
        self._heard_at = self._elapsed()
        if position > self._position:
            self.advanced(position)
        self._named = self._position
        again, self._again = self._again, asyncio.Event()
        again.set()

    @property
    def silence(self) -> float:
        """Seconds since the directory was last heard."""
        return self._elapsed() - self._heard_at

    @property
    def stale_s(self) -> float:
        """Seconds without a word from the directory after which nothing may be changed."""
        return self._stale_s

    @property
    def lag(self) -> int:
        """How many positions are missing up to the newest that a call has named."""
        return max(0, self._named - self._position)

    async def reached(self, position: int) -> None:
        """Return once the tables hold what the directory knew at a position. Raises Refusal MEMBERSHIP_BEHIND."""
        if position <= self._position:
            return
        self._named = max(self._named, position)
        self.wanted.set()
        try:
            async with asyncio.timeout(WAIT_S):
                while position > self._position:
                    await self._moved.wait()
        except TimeoutError:
            raise _behind() from None

    async def heard_anew(self) -> None:
        """Return once the tables hold all that the directory knows now. Raises Refusal MEMBERSHIP_BEHIND."""
        try:
            async with asyncio.timeout(WAIT_S):
                for _ in range(2):  # the answer under way may be of a question from before
                    self.wanted.set()
                    await self._again.wait()
        except TimeoutError:
            raise _behind() from None

    def must_be_fresh(self) -> None:
        """Raise Refusal MEMBERSHIP_STALE when the directory was not heard for longer than the settings allow."""
        if self.silence > self._stale_s:
            text = "Who may do what could not be asked for too long: reading goes on, changes are refused until it can."
            raise Refusal(RefusalKind.UNAVAILABLE, "MEMBERSHIP_STALE", text)

    async def relations(self, subject: str, about: About) -> Relations:
        """Return what a subject is to a thing. Raises Refusal UNAVAILABLE."""
        key = (subject, about)
        found = self._known.get(key)
        if found is None:
            changes = self._changes
            asked = {name: value or None for name, value in about._asdict().items()}
            row = await self._database.fetch_one(RELATIONS, {"subject": subject, **asked})
            assert row is not None, "the question always has one row"
            found = relations_of(row)
            if changes == self._changes:  # else the answer may be older than the change
                self._known.put(key, found)
        return found

    async def used(self, use: Use) -> None:
        """Log what only a grant allows. Raises Refusal UNAVAILABLE."""
        if self.log_use is not None:
            await self.log_use(use)

    async def scope(self, subject: str) -> Scope:
        """Return whose things a subject may list. Raises Refusal UNAVAILABLE."""
        found = self._scopes.get(subject)
        if found is None:
            changes = self._changes
            asked = {"subject": subject}
            rows = await self._database.fetch(SCOPE, asked)
            found = scope_of(subject, rows, await self._database.fetch(GRANTS, asked))
            if changes == self._changes:
                self._scopes.put(subject, found)
        return found


def _behind() -> Refusal:
    text = "Who may do what is not known here as it is now: send the same request again in a moment."
    return Refusal(RefusalKind.UNAVAILABLE, "MEMBERSHIP_BEHIND", text)
