"""The health port speaks for every part that runs by itself, the broker's client among them."""

from functools import partial

from showfloor.access.membership.tables import SCHEMA
from showfloor.platform.health import Health
from showfloor.service.directory import UPSTREAM
from showfloor.session.config import Config
from showfloor.session.service import MIGRATIONS, running
from showfloor.testing.service import Serve


async def test_each_part_that_runs_by_itself_is_watched(served: Serve) -> None:
    health = Health()
    async with served(partial(running, health=health), Config, MIGRATIONS):
        follows = {f"{UPSTREAM}>{SCHEMA}", "membership"}
        assert set(health._alive) == {"writer", "views", "bus", "fold", "relay", "uses of grants"} | follows
        assert health.answer("/healthz")[0] == 200
