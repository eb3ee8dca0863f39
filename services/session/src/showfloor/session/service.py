"""The session service, put together: the only module that knows every slice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from showfloor.kernel.clock import Clock, utc_now
from showfloor.platform.health import Health
from showfloor.platform.migrations import Migrations
from showfloor.service.builder import opened
from showfloor.service.slices import Slices, together
from showfloor.session.activity import service as activity
from showfloor.session.analytics import service as analytics
from showfloor.session.catalogue import service as catalogue
from showfloor.session.config import Config
from showfloor.session.imports import service as imports
from showfloor.session.show import service as show
from showfloor.session.signals import service as signals

MIGRATIONS = Migrations("showfloor.session")
ALL = (catalogue.SLICE, show.SLICE, activity.SLICE, signals.SLICE, analytics.SLICE, imports.SLICE)
SLICES = Slices("session", "session_id", ALL)
DECIDERS, VIEWS, PUBLIC = SLICES.deciders, SLICES.views, SLICES.public


@asynccontextmanager
async def running(config: Config, clock: Clock = utc_now, health: Health | None = None) -> AsyncIterator[int]:
    """Run the service on a migrated database while the block runs; yields the gRPC port."""
    policy = config.policy()
    async with opened(MIGRATIONS.service, config, DECIDERS, [*VIEWS, SLICES.deadlines(policy)], clock, health) as base:
        names = activity.names_of(base)
        stream, settle = await signals.fold(base, await analytics.tell_boards(base, policy))
        others = analytics.others(base, policy, names, settle)
        base.relay(PUBLIC.publish)
        started = together((
            catalogue.start(base, config), imports.start(base, config.import_lease_s),
            analytics.start(base, policy, settle), signals.start(base, stream, others.is_reported),
            await activity.start(base, policy, names), await show.start(base, policy, others, config.events_address),
        ))  # fmt: skip
        base.deadlines(started.fire)
        yield await base.serve(SLICES.contracts, started.parts, limits=catalogue.LIMITS)
