"""What did each account's sessions of a day come to? The part of the numbers that stays for good (D6, D9).

Taken from the final reports, so that it holds what was told to others. Imported history is not in it: its
sessions are totals already, and stay in the list.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.metrics import NOT_KNOWN, Value, reporting_day
from showfloor.session.domain.order import OrderPaid
from showfloor.session.domain.report import SessionReported
from showfloor.session.domain.session import LiveStarted
from showfloor.session.views.upsert import insert

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
"""

_KEY = "account_id, shop_id, day, currency, simulated"
_STARTED = """
INSERT INTO daily_open SELECT * FROM unnest(
    %s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::text[], %s::boolean[])"""
_SIMULATED = "UPDATE daily_open SET simulated = true WHERE session_id = ANY(%s::uuid[])"
_REPORTED = f"""
WITH reported AS (
    SELECT * FROM unnest(%s::uuid[]{", %s::bigint[]" * len(SUMS)}) AS r (session_id, {", ".join(SUMS)})
), closed AS (
    DELETE FROM daily_open o USING reported r WHERE o.session_id = r.session_id RETURNING o.*
)
INSERT INTO daily_total AS t
SELECT {_KEY}, count(*), {", ".join(f"sum({name})::bigint" for name in SUMS)}
FROM closed JOIN reported USING (session_id) GROUP BY {_KEY}
ON CONFLICT (account_id, day, shop_id, currency, simulated) DO UPDATE SET
    sessions = t.sessions + EXCLUDED.sessions,
    {", ".join(f"{name} = coalesce(t.{name} + EXCLUDED.{name}, t.{name}, EXCLUDED.{name})" for name in SUMS)}"""  # noqa: S608


class DayRow(msgspec.Struct, frozen=True, kw_only=True):
    """The totals of an account's sessions of one reporting day. None: no session of the day knows it."""

    account_id: UUID
    shop_id: UUID
    day: date
    currency: str
    simulated: bool
    sessions: int
    gmv: int | None
    orders: int | None
    units_sold: int | None
    views: int | None
    likes: int | None
    comments: int | None
    gifts: int | None
    new_followers: int | None

    def values(self) -> dict[str, Value]:
        """Return the sums as metrics of the registry."""
        sums = {name: getattr(self, name) for name in SUMS}
        return {name: NOT_KNOWN if found is None else Value(float(found)) for name, found in sums.items()}


class WantedDays(msgspec.Struct, frozen=True, kw_only=True):
    """Which days: those of `accounts` or `shops` that meet every other condition. None: no condition.

    `before`: the last row of the page before, as account, shop, day, currency, simulated.
    """

    accounts: Sequence[UUID]
    shops: Sequence[UUID]
    only_accounts: Sequence[UUID] | None = None
    from_day: date | None = None
    until_day: date | None = None
    before: tuple[UUID, UUID, date, str, bool] | None = None
    limit: int


def evolve(page: Sequence[Recorded]) -> Iterable[Statement]:
    """Open sessions as they start, then add up those that are reported: a report always comes after its start."""
    started: list[tuple[Any, ...]] = []
    reported: list[tuple[Any, ...]] = []
    simulated: dict[UUID, None] = {}
    for recorded in page:
        event = recorded.event
        match event:
            case LiveStarted():
                about = (event.session_id, event.account_id, event.shop_id)
                started.append((*about, reporting_day(event.at), event.currency, event.simulated))
            case OrderPaid(source="simulated"):
                simulated[event.session_id] = None
            case SessionReported():
                known = {one.metric: one.value for one in event.readings}
                sums = (known.get(name) for name in SUMS)
                reported.append((event.session_id, *(None if found is None else round(found) for found in sums)))
    yield from insert(_STARTED, started)
    if simulated:
        yield Statement(_SIMULATED, columns=[list(simulated)])
    yield from insert(_REPORTED, reported)


VIEW = View(name="daily", ddl=_DDL, handles=(LiveStarted, OrderPaid, SessionReported), evolve=evolve)

_LIST = """
SELECT * FROM (
  SELECT * FROM daily_total WHERE account_id = ANY(%(accounts)s)
  UNION
  SELECT * FROM daily_total WHERE shop_id = ANY(%(shops)s)
) AS mine
WHERE (%(only_accounts)s::uuid[] IS NULL OR account_id = ANY(%(only_accounts)s))
  AND (%(from_day)s::date IS NULL OR day >= %(from_day)s)
  AND (%(until_day)s::date IS NULL OR day < %(until_day)s)
  AND (%(before_day)s::date IS NULL OR (day, account_id, shop_id, currency, simulated)
       < (%(before_day)s, %(before_account)s::uuid, %(before_shop)s::uuid, %(before_currency)s::text,
          %(before_simulated)s::boolean))
ORDER BY day DESC, account_id DESC, shop_id DESC, currency DESC, simulated DESC LIMIT %(limit)s"""


async def list_days(database: Database, wanted: WantedDays) -> list[DayRow]:
    """Return a page of days, newest first."""
    params = msgspec.structs.asdict(wanted)
    account, shop, day, currency, simulated = params.pop("before") or (None,) * 5
    params |= {
        "before_account": account, "before_shop": shop, "before_day": day, "before_currency": currency,
        "before_simulated": simulated,
    }  # fmt: skip
    return await database.fetch(_LIST, params, into=DayRow)
