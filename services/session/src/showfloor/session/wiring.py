"""Plugs everything together: the only module that knows everyone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from uuid import UUID

from showfloor.access.tokens import Verifier, keys_in
from showfloor.eventstore.deadlines import DeadlineRunner
from showfloor.eventstore.runtime import open_store
from showfloor.kernel.clock import Clock, utc_now
from showfloor.messaging.nats_bus import NatsBus
from showfloor.messaging.signals import SignalLane
from showfloor.observability.metrics import histogram
from showfloor.platform.health import Health
from showfloor.platform.process import Shutdown, listening
from showfloor.platform.startup_error import StartupError
from showfloor.rpc.operator import log_service, operator_service
from showfloor.rpc.server import Limits, Server
from showfloor.session.config import Config
from showfloor.session.domain.deciders import DECIDERS
from showfloor.session.edges.imports.jobs import Jobs
from showfloor.session.edges.imports.model import MAX_FILE
from showfloor.session.edges.imports.runner import Imports
from showfloor.session.edges.machinery import Machinery, PublicLog, relaying, settling
from showfloor.session.edges.offers import CurrentOffers
from showfloor.session.edges.reads import Reads
from showfloor.session.edges.rpc_activity import ActivityWrites
from showfloor.session.edges.rpc_activity_lists import ActivityLists
from showfloor.session.edges.rpc_board import BoardReads
from showfloor.session.edges.rpc_catalogue import CatalogueWrites
from showfloor.session.edges.rpc_catalogue_lists import CatalogueLists
from showfloor.session.edges.rpc_imports import ImportCalls
from showfloor.session.edges.rpc_session_lists import SessionLists
from showfloor.session.edges.rpc_sessions import SessionServicer, watching
from showfloor.session.edges.rpc_signals import SignalCalls
from showfloor.session.edges.rpc_suggestions import SuggestionReads
from showfloor.session.edges.services import services
from showfloor.session.edges.ticks import Ticks
from showfloor.session.edges.viewer_names import ViewerNames
from showfloor.session.migrate import MIGRATIONS
from showfloor.session.processes.deadlines import deadlines, fire
from showfloor.session.signals import rollups
from showfloor.session.signals.fold import Fold
from showfloor.session.signals.ingest import Ingest, times_from
from showfloor.session.views.all_views import VIEWS
from showfloor.session.views.report_numbers import ReportNumbers
from showfloor.session.views.session_list import holding
from showfloor.session.views.signs import signs_from

NAME = "session"
MAX_MESSAGE = MAX_FILE + 2**20  # a file of an import and what comes with it
LATENESS = histogram("deadline_lateness_seconds", "How late deadlines fired, in seconds.")


async def serve(config: Config, shutdown: Shutdown) -> None:
    """Run the service until it is asked to stop."""
    if config.internal_jwks is None:
        raise StartupError("no public keys", place="SHOWFLOOR_INTERNAL_JWKS", next_step="name the gateway's JWKS file")
    await asyncio.to_thread(MIGRATIONS.require, config.database_url)
    async with running(config, Verifier(keys_in(config.internal_jwks)), health=shutdown.health):
        shutdown.health.ready()
        await shutdown.wait()


@asynccontextmanager
async def running(
    config: Config, verifier: Verifier, clock: Clock = utc_now, health: Health | None = None
) -> AsyncIterator[int]:
    """Run the service on a migrated database while the block runs; yields the gRPC port."""
    policy = config.policy()
    async with AsyncExitStack() as stack:
        views = [*VIEWS, deadlines(policy)]
        runtime = await stack.enter_async_context(
            open_store(config.database_url, DECIDERS, views, keep=config.keep_views_s)
        )
        if health is not None:
            health.watch("writer", runtime.store.alive)
            health.watch("views", runtime.views.alive)
            health.wait_for("views", runtime.views.building)
        bus = await NatsBus.connect(
            config.nats_url, name=NAME, user=config.nats_user or None, password=config.nats_password()
        )
        stack.push_async_callback(bus.close)
        names = ViewerNames(runtime.database)
        reads = Reads(runtime.store, runtime.views, runtime.database, names, clock, policy.quiet_after)
        ticks = Ticks(bus, reads, watching(runtime.store, names, policy))
        await ticks.start()
        stack.push_async_callback(ticks.close)
        lane = SignalLane(bus)
        fold = Fold(lane, runtime.database, ticks.on_folded)
        await fold.start()
        stack.push_async_callback(fold.close)
        relay = await stack.enter_async_context(relaying(NAME, config.database_url, runtime, bus))
        numbers = ReportNumbers(runtime.database, runtime.store, runtime.views, clock, settling(bus, fold))

        async def forget(session_id: UUID) -> None:
            await rollups.forget_session(runtime.database, session_id)
            await names.forget(clock() - timedelta(days=policy.detail_days))

        signs_of = signs_from(runtime.database, runtime.store, runtime.views, settling(bus, fold))
        todo = fire(runtime.store, numbers, signs_of, forget, policy, clock)
        runner = DeadlineRunner(runtime.views, runtime.database, todo, observe=LATENESS.observe, clock=clock)
        runner.start()
        stack.push_async_callback(runner.close)
        holders = partial(holding, runtime.database)
        jobs = Jobs(runtime.database, timedelta(seconds=config.import_lease_s))
        imports = Imports(runtime.store, jobs, holders, clock)
        imports.start()
        stack.push_async_callback(imports.close)
        parts = (
            SessionServicer(runtime, names, CurrentOffers(runtime), signs_of, policy, clock),
            ActivityWrites(runtime, names, policy, clock),
            CatalogueWrites(runtime.store, holders, clock),
            ImportCalls(imports),
            SessionLists(reads), ActivityLists(reads), CatalogueLists(reads), BoardReads(reads, policy),
            SuggestionReads(reads, policy),
            SignalCalls(Ingest(lane, times_from(runtime.store), clock)),
        )  # fmt: skip
        common = [operator_service(NAME, Machinery(NAME, runtime, bus, relay, fold)), log_service(PublicLog(runtime))]
        server = Server([*services(parts), *common], verifier, Limits(drain_s=1.5, message_bytes=MAX_MESSAGE))
        bound = await listening(server.start, config.listen)
        stack.push_async_callback(server.stop)
        yield bound
