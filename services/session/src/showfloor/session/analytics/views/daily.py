"""What did each account's sessions of a day come to? The part of the numbers that stays for good (D6, D9).

Taken from the final reports, so that it holds what was told to others. Imported history is not in it: its
sessions are totals already, and stay in the list.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from showfloor.eventstore.statements import Statement
from showfloor.eventstore.upsert import insert
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.metrics.days import reporting_day
from showfloor.session.activity.domain.order import OrderPaid
from showfloor.session.analytics.domain.report import Reading, SessionReported, SessionRestated
from showfloor.session.show.domain.session_events import WentLive

SUMS: Final = ("gmv", "orders", "units_sold", "views", "likes", "comments", "gifts", "new_followers")
"""Metrics of the registry that add up over sessions; each is a column."""

_COLUMNS = "".join(f"    {name} bigint,\n" for name in SUMS)
_DDL = f"""
CREATE TABLE daily_open ( -- sessions on air, or waiting for their report
    session_id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    shop_id uuid NOT NULL,
    day date NOT NULL,
    currency text NOT NULL,
    simulated boolean NOT NULL
);
CREATE TABLE daily_total ( -- a sum that no session knows is NULL
    account_id uuid NOT NULL,
    shop_id uuid NOT NULL,
    day date NOT NULL,
    currency text NOT NULL,
    simulated boolean NOT NULL,
    sessions bigint NOT NULL,
{_COLUMNS}    PRIMARY KEY (account_id, day, shop_id, currency, simulated)
);
CREATE INDEX daily_total_shop ON daily_total (shop_id, day);
CREATE INDEX daily_total_order ON daily_total (day, account_id, shop_id, currency, simulated);
"""

_ADDED = "sessions = t.sessions + EXCLUDED.sessions, " + ", ".join(
    f"{name} = coalesce(t.{name} + EXCLUDED.{name}, t.{name}, EXCLUDED.{name})" for name in SUMS
)
_KEY = "account_id, shop_id, day, currency, simulated"
_STARTED = """
INSERT INTO daily_open SELECT * FROM unnest(
    %s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::text[], %s::boolean[])"""
_SIMULATED = "UPDATE daily_open SET simulated = true WHERE session_id = ANY(%s::uuid[])"
_REPORTED = f"""
WITH reported AS (
    SELECT * FROM unnest(%s::uuid[], %s::boolean[]{", %s::bigint[]" * len(SUMS)})
        AS r (session_id, told_simulated, {", ".join(SUMS)})
), closed AS (
    DELETE FROM daily_open o USING reported r WHERE o.session_id = r.session_id
    RETURNING o.session_id, o.account_id, o.shop_id, o.day, o.currency,
        coalesce(r.told_simulated, o.simulated) AS simulated
)
INSERT INTO daily_total AS t
SELECT {_KEY}, count(*), {", ".join(f"sum({name})::bigint" for name in SUMS)}
FROM closed JOIN reported USING (session_id) GROUP BY {_KEY}
ON CONFLICT (account_id, day, shop_id, currency, simulated) DO UPDATE SET {_ADDED}"""  # noqa: S608 - constants


_RESTATED = f"""
INSERT INTO daily_total AS t ({_KEY}, sessions, {", ".join(SUMS)})
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::date[], %s::text[], %s::boolean[]{", %s::bigint[]" * (len(SUMS) + 1)})
ON CONFLICT (account_id, day, shop_id, currency, simulated) DO UPDATE SET {_ADDED}"""  # noqa: S608


def evolve(page: Sequence[Recorded]) -> Iterable[Statement]:
    """Open sessions as they start, then add up those that are reported: a report always comes after its start."""
    started: list[tuple[Any, ...]] = []
    reported: list[tuple[Any, ...]] = []
    simulated: dict[UUID, None] = {}
    restated: dict[Any, list[int | None]] = {}
    for recorded in page:
        event = recorded.event
        match event:
            case WentLive():
                about = (event.session_id, event.account_id, event.shop_id)
                started.append((*about, reporting_day(event.at), event.currency, event.simulated))
            case OrderPaid(source="simulated"):
                simulated[event.session_id] = None
            case SessionReported():
                reported.append((event.session_id, event.simulated, *_sums(event.readings)))
            case SessionRestated() if event.changed:
                key = (event.account_id, event.shop_id, reporting_day(event.started_at), event.currency)
                old = [None if found is None else -found for found in _sums(event.before)]
                _add(restated, (*key, event.simulated_before), (-1, *old))
                _add(restated, (*key, event.simulated), (1, *_sums(event.readings)))
    yield from insert(_STARTED, started)
    if simulated:
        yield Statement(_SIMULATED, columns=[list(simulated)])
    yield from insert(_REPORTED, reported)
    yield from insert(_RESTATED, [(*key, *row) for key, row in restated.items()])


def _sums(readings: Sequence[Reading]) -> list[int | None]:
    known = {one.metric: one.value for one in readings}
    return [None if (found := known.get(name)) is None else round(found) for name in SUMS]


def _add(rows: dict[Any, list[int | None]], key: tuple[Any, ...], amounts: Sequence[int | None]) -> None:
    """Add to a row; a sum that neither knows stays unknown."""
    row = rows.setdefault(key, [None] * len(amounts))
    for at, amount in enumerate(amounts):
        if amount is not None:
            row[at] = (row[at] or 0) + amount


VIEW = View(name="daily", ddl=_DDL, handles=(WentLive, OrderPaid, SessionReported, SessionRestated), evolve=evolve)
