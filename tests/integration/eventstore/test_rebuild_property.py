"""Whatever the history, and however it was cut into commits, a rebuild gives the rows that are live."""

import asyncio
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from showfloor.eventstore.runtime import open_store
from showfloor.testing.ledger import BALANCES, JOURNAL, LEDGER, close, deposit
from showfloor.testing.waiting import PATIENCE

history = st.lists(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=30), min_size=1, max_size=6
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history)
def test_rebuild_equals_live(database, bursts):
    asyncio.run(compare(database, bursts))


async def compare(dsn: str, bursts: list[list[tuple[int, int]]]) -> None:
    base = uuid4().int >> 8 << 8
    async with open_store(dsn, [LEDGER], [BALANCES, JOURNAL]) as engine:
        for burst in bursts:
            calls = [
                engine.store.execute(LEDGER, UUID(int=base + account), deposit, amount)
                if amount
                else engine.store.execute(LEDGER, UUID(int=base + account), close, None)
                for account, amount in burst
            ]
            await asyncio.gather(*calls, return_exceptions=True)
        await engine.views.wait_for(["balances", "journal"], await engine.store.last_position(), timeout=PATIENCE)
        for name in ("balances", "journal"):
            live = await engine.views.fingerprint(name)
            await engine.views.rebuild(name)
            assert await engine.views.fingerprint(name) == live
