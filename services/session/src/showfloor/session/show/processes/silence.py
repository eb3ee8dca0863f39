"""A LIVE without a sign of life ends by itself, at the last sign: a host's crash leaves nothing on air for ever."""

from collections.abc import Iterable
from uuid import UUID

from showfloor.eventstore.deadlines import Cleared, Deadline
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.session.show import commands
from showfloor.session.show.domain import liveness
from showfloor.session.show.domain.liveness import LIVENESS, Seen, SignOfLifeSeen, liveness_stream
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION
from showfloor.session.show.domain.session_events import SessionEnded, WentLive
from showfloor.session.show.domain.session_rules import EndSession, SignsOf, last_sign

SILENCE = "end_quiet_live"

HANDLES: tuple[type[Event], ...] = (WentLive, SessionEnded, SignOfLifeSeen)

_META = Meta(actor="process:silence")


def changes(recorded: Recorded, policy: Policy) -> Iterable[Deadline | Cleared]:
    """Say what becomes due with an event, and what is done by it."""
    match recorded.event:
        case WentLive(at=at, went_at=went_at, session_id=session_id):
            yield Deadline(SILENCE, session_id, (went_at or at) + policy.end_quiet_after)
        case SignOfLifeSeen(at=at, session_id=session_id):
            yield Deadline(SILENCE, session_id, at + policy.end_quiet_after)
        case SessionEnded(session_id=session_id):
            yield Cleared(SILENCE, session_id)


async def end_if_quiet(store: Store, signs_of: SignsOf, session_id: UUID, clock: Clock, policy: Policy) -> None:
    """End a LIVE at its last sign of life when that is long ago; else look again that long after the sign."""
    session = (await store.load(SESSION, session_id)).state
    if session.status != "live":
        return
    signs = await signs_of(session)
    last, now = last_sign(session, signs), clock()
    if last + policy.end_quiet_after > now:
        seen = Seen(session_id=session_id, at=last)
        await store.execute(LIVENESS, liveness_stream(session_id), liveness.keep_sign, seen, _META)
        return
    # A recording ends where it has got to, in its own time.
    end = last if session.source == "live" else None
    command = EndSession(session_id=session_id, now=now, end_time=end, signs=signs, for_silence=True)
    await commands.end_session(store, command, _META)
