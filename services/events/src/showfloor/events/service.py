"""The events service, put together: the only module that knows every slice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from showfloor.events.config import Config
from showfloor.events.home import service as home
from showfloor.events.invitations import service as invitations
from showfloor.events.schedule import service as schedule
from showfloor.events.suggested_time import service as suggested_time
from showfloor.kernel.clock import Clock, utc_now
from showfloor.platform.health import Health
from showfloor.platform.migrations import Migrations
from showfloor.service.builder import opened
from showfloor.service.slices import Slices, together

MIGRATIONS = Migrations("showfloor.events")
SLICES = Slices("events", "event_id", (schedule.SLICE, invitations.SLICE, suggested_time.SLICE, home.SLICE))
DECIDERS, VIEWS, PUBLIC = SLICES.deciders, SLICES.views, SLICES.public
DEADLINES = SLICES.deadlines(None)  # due times lie in the events: no setting moves them


@asynccontextmanager
async def running(config: Config, clock: Clock = utc_now, health: Health | None = None) -> AsyncIterator[int]:
    """Run the service on a migrated database while the block runs; yields the gRPC port."""
    policy = config.policy()
    async with opened(MIGRATIONS.service, config, DECIDERS, [*VIEWS, DEADLINES], clock, health) as base:
        base.relay(PUBLIC.publish)
        started = together((
            schedule.start(base, policy),
            invitations.start(base, config),
            suggested_time.start(base, config.suggestions(), timedelta(days=config.past_days)),
            home.start(base, config.home_content, timedelta(days=config.checklist_days)),
        ))  # fmt: skip
        base.deadlines(started.fire)
        yield await base.serve(SLICES.contracts, started.parts)
