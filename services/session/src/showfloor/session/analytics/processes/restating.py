"""What is told after a session's final report changes its numbers: they are given anew, a few minutes later at most."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from showfloor.eventstore.deadlines import Cleared, Deadline
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.session.activity.domain.comment import CommentPosted
from showfloor.session.activity.domain.follow import AccountFollowed
from showfloor.session.activity.domain.gift import GiftGrown, GiftSent
from showfloor.session.activity.domain.order import OrderPaid, OrderRefunded
from showfloor.session.analytics.domain import report_rules
from showfloor.session.analytics.domain.report import REPORT, SessionRestated, report_stream
from showfloor.session.analytics.domain.report_rules import Numbers
from showfloor.session.analytics.processes.report import SessionNumbers
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION

RESTATE = "restate"
MOST_TURNS = 5  # of one deadline: facts that keep coming set the next one

_FACTS = (CommentPosted, AccountFollowed, GiftSent, GiftGrown, OrderPaid, OrderRefunded)
HANDLES: tuple[type[Event], ...] = (*_FACTS, SessionRestated)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_META = Meta(actor="process:restating")


def changes(recorded: Recorded, policy: Policy) -> Iterable[Deadline | Cleared]:
    """Say what becomes due with an event, and what is done by it. All that is told in one span is due together."""
    match recorded.event:
        case SessionRestated(session_id=session_id):
            yield Cleared(RESTATE, session_id)
        case fact if isinstance(fact, _FACTS) and fact.late and fact.told_at is not None:
            yield Deadline(RESTATE, fact.session_id, _next(fact.told_at, policy.restate_every))


async def restate(store: Store, numbers: SessionNumbers, session_id: UUID, clock: Clock) -> None:
    """Give a session's numbers anew. What is told between counting and writing is counted in the next turn."""
    stream = report_stream(session_id)
    session = (await store.load(SESSION, session_id)).state
    command = await _counted(store, numbers, session_id, clock)
    for _ in range(MOST_TURNS):
        done = await store.execute(REPORT, stream, report_rules.restate_session, command, _META)
        command = await _counted(store, numbers, session_id, clock)
        settled = (done.state.readings, done.state.simulated) == (command.readings, command.simulated)
        if not done.state.reported or session.details != "kept" or settled:
            return


async def _counted(store: Store, numbers: SessionNumbers, session_id: UUID, clock: Clock) -> Numbers:
    session = (await store.load(SESSION, session_id)).state
    readings = await numbers.totals(session)
    return Numbers(session=session, now=clock(), readings=readings, simulated=await numbers.simulated(session))


def _next(moment: datetime, every: timedelta) -> datetime:
    """Return the end of the span that a moment lies in."""
    return _EPOCH + ((moment - _EPOCH) // every + 1) * every
