"""The wiring of the gateway: the only module that knows every layer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from showfloor.access.policy import require_policies
from showfloor.gateway.access.wiring import entering
from showfloor.gateway.app import open_app
from showfloor.gateway.config import Config
from showfloor.gateway.directory.domain.deciders import DECIDERS
from showfloor.gateway.directory.edges import membership
from showfloor.gateway.directory.edges.publish import publish
from showfloor.gateway.directory.views import directory
from showfloor.gateway.http.wiring import open_clients, open_gateway
from showfloor.gateway.live.wiring import live_streams
from showfloor.gateway.native_routes import actions
from showfloor.gateway.watch import subscribe
from showfloor.gateway.watch.wiring import signal_batcher
from showfloor.kernel.clock import Clock, utc_now
from showfloor.platform.health import Health
from showfloor.platform.migrations import Migrations
from showfloor.service.builder import opened

MIGRATIONS = Migrations("showfloor.gateway")
VIEWS = (directory.VIEW, membership.VIEW)


@asynccontextmanager
async def running(config: Config, clock: Clock = utc_now, health: Health | None = None) -> AsyncIterator[int]:
    """Run the gateway on a migrated database while the block runs; yields the port of its web server, 0 for none."""
    require_policies(actions())
    async with opened(MIGRATIONS.service, config, DECIDERS, VIEWS, clock, health, membership.VIEW) as base:
        access, clients = await base.enter(entering(base, config)), open_clients(base, config)
        gateway = open_gateway(base, config, access, clients, signal_batcher(clients, access, base.clock))
        streams = await base.enter(live_streams(base, gateway))
        base.relay(publish)
        channel, token_of = clients.channel(subscribe.UPSTREAM), gateway.callers.internal_token
        base.follow(subscribe.UPSTREAM, subscribe.handle, channel=channel, token_of=token_of)
        await base.serve(keys=access.signer.jwks)
        yield await open_app(base, gateway, streams, access.signer.jwks)
