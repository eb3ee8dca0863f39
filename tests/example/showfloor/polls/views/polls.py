"""The polls of each session."""

from collections.abc import Iterable, Sequence

from showfloor.eventstore.statements import Change
from showfloor.eventstore.upsert import insert
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.polls.domain.poll import PollClosed, PollOpened

_DDL = "CREATE TABLE poll (poll_id uuid PRIMARY KEY, account_id uuid, session_id uuid, question text, open boolean)"
_OPENED = "INSERT INTO poll SELECT *, true FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[])"
_CLOSED = "UPDATE poll SET open = false FROM unnest(%s::uuid[]) AS closed (id) WHERE poll_id = closed.id"


def evolve(page: Sequence[Recorded]) -> Iterable[Change]:
    """Return what a page of events means for the table."""
    opened = (one.event for one in page if isinstance(one.event, PollOpened))
    yield from insert(_OPENED, ((e.poll_id, e.account_id, e.session_id, e.question) for e in opened))
    yield from insert(_CLOSED, ((one.event.poll_id,) for one in page if isinstance(one.event, PollClosed)))


VIEW = View("polls", _DDL, (PollOpened, PollClosed), evolve)
