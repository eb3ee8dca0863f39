"""Sends the mails that are due, and has guests told what happens to an event.

What is due follows from the log: nothing else remembers it, so nothing is lost. One process does it at a time. A mail
is taken off after the server has taken it; a process that is killed in between sends it again under the same
Message-ID, by which receivers know it. A server that is away, and an address that is refused for now, are tried again
after ever longer pauses. What fails by itself, a mail, a guest or a notice, holds up no other.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from itertools import islice
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from showfloor.events.invitations.domain.guest_list import (
    GUEST_LIST,
    News,
    NotifyGuests,
    guest_list_stream,
    notify_guests,
)
from showfloor.events.invitations.domain.invitation import INVITATION, Invitation, Mail, Outcome
from showfloor.events.invitations.domain.invitation_rules import QueueNotice, SettleMail, queue_notice, settle_mail
from showfloor.eventstore.store import Store
from showfloor.eventstore.views import Views
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Meta, Recorded
from showfloor.kernel.refusal import Refusal
from showfloor.observability.metrics import counter

OWN: Final = ("invitations", "notices")
VIEWS: Final = (*OWN, "live_event", "event_session")
PAGE: Final = 200  # invitations read, and guests told, at once
AT_ONCE: Final = 4  # mails on their way
IDLE: Final = 30.0  # seconds until the tables are looked at again, whatever was heard
SERVER_PAUSE: Final = (1.0, 300.0)  # seconds without a server: at first, and at most
MAIL_PAUSE: Final = (60.0, 3_600.0)  # seconds until a mail that was put off is tried again
MAX_PAUSED: Final = 10_000

MAILS = counter("mails_total", "Mails of invitations, by what became of them: sent, refused, dropped.", ("outcome",))

_META = Meta(actor="process:mails")
_log = logging.getLogger(__name__)


class MailServerAway(Exception):
    """The mail server cannot be reached, or takes nothing now: no other mail is tried until it is back."""


class MailPutOff(Exception):
    """The server refused this mail for now; others may go."""


class Sent(NamedTuple):
    """What became of a mail, and which sequence of the event it told."""

    outcome: Outcome
    sequence: int


class Notice(NamedTuple):
    """Something that an event's guests are to be told."""

    event_id: UUID
    kind: News
    number: int


class Lease(Protocol):
    """Being the one who sends, as long as it lasts."""

    async def held(self) -> bool:
        """Tell whether we still are."""
        ...


class Tables(Protocol):
    """What is asked of the views."""

    async def notices(self, limit: int) -> Sequence[Notice]:
        """Return what guests are still to be told."""
        ...

    async def guests(self, event_id: UUID, after: UUID | None, limit: int) -> Sequence[UUID]:
        """Return the confirmed invitations of an event, in the order of their ids."""
        ...

    async def waiting(self, after: UUID | None, limit: int) -> Sequence[UUID]:
        """Return invitations of which mails are due, in the order of their ids."""
        ...


Deliver = Callable[[Invitation, Mail], Awaitable[Sent]]
"""Sends a mail unless it is of no more use. Raises MailServerAway, MailPutOff."""


class Outbox:
    """The process; `run` it as a task."""

    def __init__(
        self,
        store: Store,
        views: Views,
        tables: Tables,
        deliver: Deliver,
        leadership: Callable[[], AbstractAsyncContextManager[Lease]],
        clock: Clock,
    ) -> None:
        self._store, self._views, self._tables, self._deliver = store, views, tables, deliver
        self._leadership, self._clock = leadership, clock
        self._woken = asyncio.Event()
        self._paused: dict[UUID, tuple[float, float]] = {}  # loop time of the next try, last pause
        self._server_pause = 0.0
        self.sent = 0  # by this process
        self.problem = ""  # why mails wait, empty when none does
        self._handles = tuple(kind for name in OWN for kind in views.handles(name))
        views.on_advance(self._advanced)

    async def run(self) -> None:
        """Send until cancelled. Whatever fails is tried again."""
        while True:
            try:
                async with self._leadership() as lease:
                    while await lease.held():
                        await self._rest(await self.round(lease))
            except Refusal as outage:
                _log.warning("mails wait: %s", outage.message)
            except Exception:  # nobody else sends them
                _log.exception("mails cannot be sent")
            await asyncio.sleep(SERVER_PAUSE[0])

    async def round(self, lease: Lease) -> float:
        """Do what is due now, as long as we are the one who does; return the seconds after which more may be."""
        self._woken.clear()
        await self._views.wait_for(VIEWS, await self._store.last_position())
        for notice in await self._tables.notices(PAGE):
            try:
                await self._notify(notice)
            except Refusal:
                raise
            except Exception:  # a defect: it is tried again in the next round
                _log.exception("guests of event %s cannot be told", notice.event_id)
        try:
            pause = await self._send_all(lease)
        except MailServerAway as away:
            low, high = SERVER_PAUSE
            self._server_pause = min(max(low, self._server_pause * 2), high)
            _log.warning("the mail server is away, next try in %.0f s: %s", self._server_pause, away)
            self._woken.clear()
            self.problem = f"the mail server is away: {away}"
            return self._server_pause
        self._server_pause = 0.0
        self.problem = f"{len(self._paused)} are put off" if self._paused else ""
        return pause

    def _advanced(self, _positions: Mapping[str, int], page: Sequence[Recorded]) -> None:
        """Look again when a page may have changed the tables: also one without events (a start, a rebuild)."""
        if not page or any(isinstance(one.event, self._handles) for one in page):
            self._woken.set()

    async def _rest(self, pause: float) -> None:
        """Wait for news, `pause` seconds at most; without a server news change nothing."""
        if self._server_pause:
            await asyncio.sleep(pause)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._woken.wait()

    async def _notify(self, notice: Notice) -> None:
        """Have every guest told; again it changes nothing. Who confirms meanwhile gets the newest with that mail."""
        command = QueueNotice(kind=notice.kind, number=notice.number, now=self._clock())
        after: UUID | None = None
        failed: list[BaseException] = []
        while guests := await self._tables.guests(notice.event_id, after, PAGE):
            after = guests[-1]
            queued = (self._store.execute(INVITATION, guest, queue_notice, command, _META) for guest in guests)
            outcomes = await asyncio.gather(*queued, return_exceptions=True)
            failed += [one for one in outcomes if isinstance(one, BaseException)]
        if failed:  # the others are told; the notice stays, for who is not
            raise next((one for one in failed if isinstance(one, Refusal)), failed[0])
        done = NotifyGuests(event_id=notice.event_id, kind=notice.kind, number=notice.number, now=self._clock())
        list_id = guest_list_stream(notice.event_id)
        await self._store.execute(GUEST_LIST, list_id, notify_guests, done, _META)
        await self._views.wait_for(VIEWS, await self._store.last_position())

    async def _send_all(self, lease: Lease) -> float:
        """Send what waits, until somebody else does; return the seconds until one that was put off is due again."""
        after: UUID | None = None
        clock, still = asyncio.get_running_loop().time, set()
        while page := await self._tables.waiting(after, PAGE):
            after = page[-1]
            coming = iter([one for one in page if self._paused.get(one, (0.0, 0.0))[0] <= clock()])
            while some := list(islice(coming, AT_ONCE)):
                if not await lease.held():
                    return 0.0
                outcomes = await asyncio.gather(*map(self._send_due, some), return_exceptions=True)
                for problem in (one for one in outcomes if isinstance(one, BaseException)):
                    raise problem
            still |= self._paused.keys() & set(page)
        self._paused = {one: pause for one, pause in self._paused.items() if one in still}
        await self._views.wait_for(VIEWS, await self._store.last_position())
        first = min((at for at, _ in self._paused.values()), default=clock() + IDLE)
        return max(0.0, min(first - clock(), IDLE))

    async def _send_due(self, invitation_id: UUID) -> None:
        try:
            await self._send_each(invitation_id)
        except MailPutOff as problem:
            self._put_off(invitation_id, str(problem))
        except (MailServerAway, Refusal):
            raise
        except Exception:  # a defect of this mail: others go
            _log.exception("a mail of invitation %s cannot be made", invitation_id)
            self._put_off(invitation_id, "it cannot be made")
        else:
            self._paused.pop(invitation_id, None)

    async def _send_each(self, invitation_id: UUID) -> None:
        state = (await self._store.load(INVITATION, invitation_id)).state
        for mail in state.due:
            sent = await self._deliver(state, mail)
            command = SettleMail(
                kind=mail.kind, number=mail.number, sequence=sent.sequence, outcome=sent.outcome, now=self._clock()
            )
            state = (await self._store.execute(INVITATION, invitation_id, settle_mail, command, _META)).state
            self.sent += sent.outcome == "sent"
            MAILS.labels(sent.outcome).inc()

    def _put_off(self, invitation_id: UUID, problem: str) -> None:
        low, high = MAIL_PAUSE
        last = self._paused.pop(invitation_id, (0.0, 0.0))[1]
        pause = min(max(low, last * 2), high)
        self._paused[invitation_id] = (asyncio.get_running_loop().time() + pause, pause)
        if len(self._paused) > MAX_PAUSED:
            self._paused.pop(next(iter(self._paused)))  # it is tried sooner than it would have been
        _log.warning("a mail of invitation %s is put off for %.0f s: %s", invitation_id, pause, problem)
