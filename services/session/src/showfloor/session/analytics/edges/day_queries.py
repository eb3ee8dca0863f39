"""What is asked of the daily totals."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from showfloor.access.membership.lists import Scope, visible
from showfloor.eventstore.query import Database
from showfloor.metrics.model import NOT_KNOWN, Value
from showfloor.session.analytics.views.daily import SUMS


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
    imported: int = 0  # how many of the sessions are imported history

    def values(self) -> dict[str, Value]:
        """Return the sums as metrics of the registry."""
        sums = {name: getattr(self, name) for name in SUMS}
        return {name: NOT_KNOWN if found is None else Value(float(found)) for name, found in sums.items()}


class WantedDays(msgspec.Struct, frozen=True, kw_only=True):
    """Which days: those of `scope` that meet every other condition. None: no condition.

    `before`: the last row of the page before, as account, shop, day, currency, simulated.
    """

    scope: Scope
    only_accounts: Sequence[UUID] | None = None
    from_day: date | None = None
    until_day: date | None = None
    before: tuple[UUID, UUID, date, str, bool] | None = None
    limit: int
    with_imported: bool = False


_MINE = """(
  SELECT * FROM daily_total WHERE account_id = ANY(%(accounts)s)
  UNION
  SELECT * FROM daily_total WHERE shop_id = ANY(%(shops)s)
)"""
_VISIBLE = f"(SELECT * FROM daily_total t WHERE {visible('t.account_id', 't.shop_id')})"  # noqa: S608 - constants
_KEY = "account_id, shop_id, day, currency, simulated"
_TOLD: Final = ("gmv", "units_sold", "views", "likes", "gifts", "new_followers")  # what sources of imports tell
_IMPORTED = f"""
SELECT s.account_id, s.shop_id, (s.started_at AT TIME ZONE 'UTC' - interval '8 hours')::date AS day, s.currency,
    false AS simulated, 1 AS sessions, {", ".join(f"i.{n}" if n in _TOLD else f"NULL::bigint AS {n}" for n in SUMS)},
    1 AS imported
FROM session_import i JOIN session_row s USING (session_id) WHERE {{mine}}"""  # noqa: S608 - constants
_TOGETHER = f"""(
  SELECT {_KEY}, sum(sessions)::bigint AS sessions, {", ".join(f"sum({n})::bigint AS {n}" for n in SUMS)},
      sum(imported)::bigint AS imported
  FROM (SELECT *, 0 AS imported FROM {{rows}} AS reported UNION ALL {_IMPORTED}) AS every_session GROUP BY {_KEY}
)"""  # noqa: S608 - constants
_OWN = "(s.account_id = ANY(%(accounts)s) OR s.shop_id = ANY(%(shops)s))"
_LIST = """
SELECT * FROM {rows} AS mine
WHERE sessions > 0 AND (%(only_accounts)s::uuid[] IS NULL OR account_id = ANY(%(only_accounts)s))
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
    scope: Scope = params.pop("scope")
    params |= {
        **scope.values(),
        "before_account": account, "before_shop": shop, "before_day": day, "before_currency": currency,
        "before_simulated": simulated,
    }  # fmt: skip
    rows = _VISIBLE if scope.many else _MINE
    if wanted.with_imported:
        mine = visible("s.account_id", "s.shop_id") if scope.many else _OWN
        rows = _TOGETHER.format(rows=rows, mine=mine)
    sql = _LIST.format(rows=rows)
    return await database.fetch(sql, params, into=DayRow)
