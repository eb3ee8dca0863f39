"""Which product was pinned when?"""

from collections.abc import Iterable, Sequence
from typing import Any

from showfloor.eventstore.statements import Statement
from showfloor.eventstore.upsert import keyed
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.session.show.domain.session_events import ProductPinned, ProductUnpinned, SessionDetailsExpired
from showfloor.session.show.views.expiring import expiring

_DDL = """
CREATE TABLE pin (
    session_id uuid NOT NULL,
    started_at timestamptz NOT NULL,
    product_id uuid NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (session_id, started_at, product_id)
);
"""

_KEEP = """
INSERT INTO pin SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::uuid[], %s::timestamptz[])
ON CONFLICT (session_id, started_at, product_id) DO UPDATE SET ended_at = EXCLUDED.ended_at"""


def evolve(page: Sequence[Recorded]) -> Iterable[Statement]:
    """Open and close intervals. An end names its beginning, so nothing has to be looked up."""
    pins: dict[Any, tuple[Any, ...]] = {}
    for recorded in page:
        event = recorded.event
        assert isinstance(event, ProductPinned | ProductUnpinned)
        started, ended = (event.at, None) if isinstance(event, ProductPinned) else (event.pinned_at, event.at)
        key = (event.session_id, started, event.product_id)
        pins[key] = (*key, ended)
    return keyed(_KEEP, pins)


VIEW = View(
    name="pins",
    ddl=_DDL,
    handles=(ProductPinned, ProductUnpinned, SessionDetailsExpired),
    evolve=expiring(evolve, "pin"),
)
