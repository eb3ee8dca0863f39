"""What is reported to the other services: every minute on air, and the final numbers."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from showfloor.metrics.registry import SESSION_METRICS
from showfloor.session.analytics.edges.report_numbers import ReportNumbers
from showfloor.session.show.domain.session import SESSION as DECIDER

SESSION = UUID(int=1)


async def test_minutes_and_totals(world: Any) -> None:
    await world.live(SESSION)
    await world.order(SESSION, 1, 30, "anna", [(1, 2, 500)])
    await world.comment(SESSION, 1, 100)
    runtime, settled = world.runtime, []

    async def settle() -> None:
        settled.append(True)

    numbers = ReportNumbers(runtime.database, runtime.store, runtime.views, world.reads.clock, settle)
    session = (await runtime.store.load(DECIDER, SESSION)).state
    start = session.started_at.replace(second=0)
    minutes = await numbers.minutes(session, None, start + timedelta(minutes=4), 500)
    assert [time for time, _ in minutes] == [start + timedelta(minutes=at) for at in range(4)]
    found = [{one.metric: one.value for one in readings} for _, readings in minutes]
    assert [row["gmv"] for row in found] == [0, 1_000, 0, 0]
    assert [row["comments"] for row in found] == [0, 0, 1, 0]
    assert "views" not in found[0]
    later = await numbers.minutes(session, start + timedelta(minutes=1), start + timedelta(minutes=4), 1)
    assert [time for time, _ in later] == [start + timedelta(minutes=2)]
    assert not await numbers.minutes(session, start + timedelta(minutes=3), start + timedelta(minutes=4), 500)
    totals = {one.metric: one for one in await numbers.totals(session)}
    assert list(totals) == list(SESSION_METRICS)
    assert (totals["gmv"].value, totals["gmv"].currency, totals["views"].missing) == (1_000, "USD", "not_yet")
    assert settled


async def test_the_last_moments_of_a_session_are_a_minute_of_their_own(world: Any) -> None:
    await world.live(SESSION)
    await world.order(SESSION, 1, 88.7, "anna", [(1, 2, 500)])  # paid at 12:01:59.7
    await world.end(SESSION, datetime(2026, 3, 1, 12, 2, 0, 200_000, UTC))  # 12:02:00.2
    runtime = world.runtime
    numbers = ReportNumbers(runtime.database, runtime.store, runtime.views, world.reads.clock)
    session = (await runtime.store.load(DECIDER, SESSION)).state
    minutes = await numbers.minutes(session, None, world.now, 500)
    assert [time.minute for time, _ in minutes] == [0, 1, 2]
