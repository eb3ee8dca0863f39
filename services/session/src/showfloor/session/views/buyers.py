"""Who bought, for the first time or again? By viewer reference only; orders without one count for nobody."""

from collections.abc import Iterable, Sequence
from typing import Any

from showfloor.eventstore.statements import Statement
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.session.domain.order import OrderPaid
from showfloor.session.views.upsert import keyed

_DDL = """
CREATE TABLE account_buyer ( -- the first paid order of a buyer with an account
    account_id uuid NOT NULL,
    viewer_ref text NOT NULL,
    session_id uuid NOT NULL,
    order_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (account_id, viewer_ref)
);
CREATE INDEX account_buyer_session ON account_buyer (session_id);
CREATE TABLE session_buyer ( -- the first paid order of a buyer in a session; '' where nothing is known
    session_id uuid NOT NULL,
    viewer_ref text NOT NULL,
    at timestamptz NOT NULL,
    gender text NOT NULL,
    age_band text NOT NULL,
    region text NOT NULL,
    follower text NOT NULL,
    PRIMARY KEY (session_id, viewer_ref)
);
"""

_ACCOUNT = """
INSERT INTO account_buyer SELECT * FROM unnest(
    %s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::timestamptz[]) ON CONFLICT DO NOTHING"""
_SESSION = """
INSERT INTO session_buyer SELECT * FROM unnest(
    %s::uuid[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[])
ON CONFLICT DO NOTHING"""
_FOLLOWER = {None: "", True: "yes", False: "no"}


def evolve(page: Sequence[Recorded]) -> Iterable[Statement]:
    """Keep the first of each: within the page here, across pages by the tables' keys."""
    of_account: dict[Any, tuple[Any, ...]] = {}
    of_session: dict[Any, tuple[Any, ...]] = {}
    for recorded in page:
        event = recorded.event
        assert isinstance(event, OrderPaid)
        if not event.viewer_ref:
            continue
        of_account.setdefault(
            (event.account_id, event.viewer_ref),
            (event.account_id, event.viewer_ref, event.session_id, event.order_id, event.at),
        )
        traits = (event.gender, event.age_band, event.region, _FOLLOWER[event.follower])
        of_session.setdefault(
            (event.session_id, event.viewer_ref), (event.session_id, event.viewer_ref, event.at, *traits)
        )
    yield from keyed(_ACCOUNT, of_account)
    yield from keyed(_SESSION, of_session)


VIEW = View(name="buyers", ddl=_DDL, handles=(OrderPaid,), evolve=evolve)
