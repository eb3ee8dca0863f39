"""The gateway, put together: the only module that knows every room."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from showfloor.access.policy import require_policies
from showfloor.gateway.access.room import entering, signing
from showfloor.gateway.config import Config
from showfloor.gateway.directory.commands import DECIDERS
from showfloor.gateway.directory.edges.publish import publish
from showfloor.gateway.directory.views import people
from showfloor.gateway.edges import subscribe
from showfloor.gateway.front import open_front
from showfloor.gateway.live.room import live_streams
from showfloor.gateway.own import actions
from showfloor.gateway.parts import app_of
from showfloor.kernel.clock import Clock, utc_now
from showfloor.platform.health import Health
from showfloor.platform.migrations import Migrations
from showfloor.service.builder import opened

MIGRATIONS = Migrations("showfloor.gateway")


@asynccontextmanager
async def running(config: Config, clock: Clock = utc_now, health: Health | None = None) -> AsyncIterator[int]:
    """Run the gateway on a migrated database while the block runs; yields the port of its web server, 0 for none."""
    require_policies(actions())
    async with opened(MIGRATIONS.service, config, DECIDERS, [people.VIEW], clock, health) as base:
        signer = signing(config)
        app = app_of(base, config, await base.enter(entering(base, config, signer)))
        streams = await base.enter(live_streams(base, app))
        base.relay(publish)
        channel, token_of = app.clients.channels[subscribe.UPSTREAM], app.callers.internal_token
        base.follow(subscribe.UPSTREAM, subscribe.handle, channel=channel, token_of=token_of)
        await base.serve(keys=signer.jwks)
        yield await open_front(base, app, streams, signer.jwks)
