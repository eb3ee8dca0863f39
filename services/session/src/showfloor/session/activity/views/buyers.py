"""Who bought, for the first time or again? By viewer reference only; orders without one count for nobody."""

from collections.abc import Iterable, Sequence
from typing import Any

from showfloor.eventstore.statements import Change, Statement
from showfloor.eventstore.upsert import keyed
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.session.activity.domain.order import OrderPaid
from showfloor.session.show.domain.session_events import SessionDetailsExpired
from showfloor.session.show.views.expiring import expiring

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
-- How many rows of each a session has: counting them for each look at the board would grow with the session.
CREATE TABLE account_buyer_count (session_id uuid PRIMARY KEY, buyers bigint NOT NULL);
CREATE TABLE session_buyer_count (session_id uuid PRIMARY KEY, buyers bigint NOT NULL);
"""


def _counted(table: str, insert: str) -> str:
    """Return the insert into a table with the new rows counted by session."""
    return f"""
WITH new AS ({insert} ON CONFLICT DO NOTHING RETURNING session_id)
INSERT INTO {table}_count AS kept SELECT session_id, count(*) FROM new GROUP BY session_id
ON CONFLICT (session_id) DO UPDATE SET buyers = kept.buyers + EXCLUDED.buyers"""  # noqa: S608 - constants


_ACCOUNT = _counted(
    "account_buyer",
    """
INSERT INTO account_buyer SELECT * FROM unnest(
    %s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::timestamptz[])""",
)
_SESSION = _counted(
    "session_buyer",
    """
INSERT INTO session_buyer SELECT * FROM unnest(
    %s::uuid[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[])""",
)
_FOLLOWER = {None: "", True: "yes", False: "no"}


def evolve(page: Sequence[Recorded]) -> Iterable[Change]:
    """Keep the first of each: within the page here, across pages by the tables' keys.

    A session's buyers expire with its details. Who bought from the account at all stays: it is no detail of
    the session, and without it the next order of such a buyer would count as a first one.
    """
    yield from _of_accounts([recorded for recorded in page if isinstance(recorded.event, OrderPaid)])
    yield from _of_sessions(page)


def _of_accounts(page: Sequence[Recorded]) -> Iterable[Statement]:
    rows: dict[Any, tuple[Any, ...]] = {}
    for event in _known_buyers(page):
        key = (event.account_id, event.viewer_ref)
        rows.setdefault(key, (*key, event.session_id, event.order_id, event.at))
    return keyed(_ACCOUNT, rows)


def _session_buyers(page: Sequence[Recorded]) -> Iterable[Statement]:
    rows: dict[Any, tuple[Any, ...]] = {}
    for event in _known_buyers(page):
        key = (event.session_id, event.viewer_ref)
        rows.setdefault(key, (*key, event.at, event.gender, event.age_band, event.region, _FOLLOWER[event.follower]))
    return keyed(_SESSION, rows)


_of_sessions = expiring(_session_buyers, "session_buyer", "session_buyer_count")


def _known_buyers(page: Sequence[Recorded]) -> Iterable[OrderPaid]:
    return (r.event for r in page if isinstance(r.event, OrderPaid) and r.event.viewer_ref)


VIEW = View(name="buyers", ddl=_DDL, handles=(OrderPaid, SessionDetailsExpired), evolve=evolve)
