"""The session service, put together: the only module that knows every room."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from showfloor.kernel.clock import Clock, utc_now
from showfloor.platform.health import Health
from showfloor.platform.migrations import Migrations
from showfloor.service.builder import opened
from showfloor.session.analytics.edges.firing import firing
from showfloor.session.analytics.edges.folding import folding
from showfloor.session.analytics.edges.publish import publish
from showfloor.session.analytics.edges.reads import Reads
from showfloor.session.analytics.processes.deadlines import deadlines
from showfloor.session.analytics.views.all_views import VIEWS
from showfloor.session.analytics.views.signs import signs_from
from showfloor.session.config import Config
from showfloor.session.imports.domain.deciders import DECIDERS
from showfloor.session.imports.edges.rpc import CONTRACTS, LIMITS, answering

MIGRATIONS = Migrations("showfloor.session")


@asynccontextmanager
async def running(config: Config, clock: Clock = utc_now, health: Health | None = None) -> AsyncIterator[int]:
    """Run the service on a migrated database while the block runs; yields the gRPC port."""
    policy = config.policy()
    async with opened(MIGRATIONS.service, config, DECIDERS, [*VIEWS, deadlines(policy)], clock, health) as base:
        reads = Reads.of(base, policy)
        signal_stream, settle = await folding(base, reads, policy)
        base.relay(publish)
        signs_of = signs_from(base.database, base.store, base.views, settle)
        base.deadlines(firing(base, reads.names, signs_of, settle, policy))
        yield await base.serve(CONTRACTS, answering(base, config, reads, signal_stream, signs_of), limits=LIMITS)
