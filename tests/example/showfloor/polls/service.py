"""The poll service, put together: the only module that knows every room."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from showfloor.api.polls.v1 import polls_service_pb2
from showfloor.kernel.clock import Clock, utc_now
from showfloor.platform.health import Health
from showfloor.platform.migrations import Migrations
from showfloor.platform.settings import ProcessSettings
from showfloor.polls.domain.poll import DECIDERS
from showfloor.polls.edges.rpc import PollCalls
from showfloor.polls.edges.subscribe import closing_with_the_live
from showfloor.polls.processes.closing import DEADLINES, close
from showfloor.polls.views.polls import VIEW
from showfloor.service.builder import opened

MIGRATIONS = Migrations("showfloor.polls")


@asynccontextmanager
async def running(config: ProcessSettings, clock: Clock = utc_now, health: Health | None = None) -> AsyncIterator[int]:
    """Run the service on a migrated database while the block runs; yields the gRPC port."""
    async with opened(MIGRATIONS.service, config, DECIDERS, [VIEW, DEADLINES], clock, health) as base:
        base.follow("session", closing_with_the_live(base))
        base.deadlines(lambda due: close(base.store, due.stream, clock))
        yield await base.serve([polls_service_pb2], [PollCalls(base)])
