"""Opens what every service stands on, and closes it in order: store, views, bus, relay, subscriptions, server.

async with opened("polls", config, DECIDERS, VIEWS) as base:
    base.relay(publish)
    base.deadlines(fire)
    yield await base.serve([polls_pb2], [PollCalls(base)])
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from showfloor.access.membership.members import Members
from showfloor.access.membership.tables import DDL, EMPTIED, SCHEMA
from showfloor.access.tokens import Keys, Verifier, keys_in, with_services
from showfloor.eventstore.address import database_in
from showfloor.eventstore.beside import ensure_schema
from showfloor.eventstore.deadlines import Deadline, DeadlineRunner
from showfloor.eventstore.keyring import Keyring, KeyringAway, OtherKeyring
from showfloor.eventstore.lease import leadership
from showfloor.eventstore.runtime import Runtime, open_store
from showfloor.eventstore.sealed_with import keyring_of
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.view import View
from showfloor.kernel.clock import Clock, utc_now
from showfloor.kernel.decider import Decider
from showfloor.messaging.bus import Bus
from showfloor.messaging.nats_bus import NatsBus
from showfloor.messaging.relay import Relay
from showfloor.messaging.subscription import Handle, Subscription
from showfloor.messaging.unpublished import Publish
from showfloor.observability.metrics import histogram
from showfloor.observability.tasks import stop, watched
from showfloor.platform.health import Health
from showfloor.platform.process import listening
from showfloor.platform.settings import ProcessSettings, address_of
from showfloor.platform.startup_error import StartupError
from showfloor.rpc.channel import Channel, connect
from showfloor.rpc.server import Limits, Server, changing
from showfloor.service import grant_uses
from showfloor.service.answering import answered
from showfloor.service.backend import OperatorBackend, OwnPart
from showfloor.service.directory import UPSTREAM, KnownLog, handling, keep_up, own_members
from showfloor.service.following import OwnersLog, TokenOf, own_tokens
from showfloor.service.grant_uses import GrantUses
from showfloor.service.membership_part import MembershipPart
from showfloor.service.operator import grant_service, log_service, operator_service
from showfloor.service.public_log import PublicLog

LATENESS = histogram("deadline_lateness_seconds", "How late deadlines fired, in seconds.")
LIMITS = Limits(drain_s=1.5)

T = TypeVar("T")


class Builder:
    """A service that is being put together. What is added is closed with it, the last first."""

    def __init__(
        self,
        name: str,
        config: ProcessSettings,
        runtime: Runtime,
        bus: Bus,
        clock: Clock,
        stack: AsyncExitStack,
        health: Health | None = None,
        directory: View | None = None,
    ) -> None:
        self.name, self.runtime, self.bus, self.clock = name, runtime, bus, clock
        self.store, self.views, self.database = runtime.store, runtime.views, runtime.database
        self._config, self._stack, self._health = config, stack, health or Health()
        self._relay: Relay | None = None
        self._publish: Publish | None = None
        self._subscriptions: list[Subscription[Statement]] = []
        self._own: list[OwnPart] = []
        self._directory = directory
        if directory is not None:
            self.members = own_members(runtime, directory)
        else:
            self.members = Members(runtime.database, config.membership_stale_s)
        self.uses = GrantUses(runtime.database, clock)
        self.members.log_use = self.uses.note
        self.background(self.uses.run(), "uses of grants")
        self.closing(self.uses.close)

    def closing(self, close: Callable[[], Awaitable[object]]) -> None:
        """Have something closed before everything that was added earlier."""
        self._stack.push_async_callback(close)

    async def enter(self, context: AbstractAsyncContextManager[T]) -> T:
        """Open something that closes itself, before everything that was added earlier."""
        return await self._stack.enter_async_context(context)

    def background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run a loop until the service closes. One that ends before shows as dead on the health port."""
        task = asyncio.create_task(work, name=name)
        self.watch(name, watched(task))
        self._stack.push_async_callback(stop, task)

    def watch(self, part: str, alive: Callable[[], bool]) -> None:
        """Show on the health port when a part that runs by itself has ended."""
        self._health.watch(part, alive)

    def relay(self, publish: Publish) -> Relay:
        """Copy public events to the bus; one process at a time does it.

        It is woken by this process's commits at once, and by those of other replicas when the views learn of them.
        """
        lead = leadership(self._config.database_url, f"showfloor relay {self.name}")
        read_log, letters = self.store.read_log, self.runtime.tracking
        relay = Relay(
            app=self.name, bus=self.bus, leadership=lead, read_log=read_log, publish=publish, dead_letters=letters
        )
        loop = asyncio.get_running_loop()

        def wake(position: int) -> None:
            with suppress(RuntimeError):  # the loop closed: this process is stopping
                loop.call_soon_threadsafe(relay.wake, position)

        self.store.on_commit(wake)
        self.views.on_advance(lambda positions, _page: relay.wake(max(positions.values())))
        self._relay, self._publish = relay, publish
        self.background(relay.run(), "relay")
        return relay

    def follow(
        self,
        upstream: str,
        handle: Handle[Statement],
        *,
        name: str = "",
        channel: Channel | None = None,
        token_of: TokenOf | None = None,
    ) -> None:
        """Handle another service's public events; holes are filled from its log. Raises StartupError.

        The subscription's name is its position's name: by default the service's own; chosen once. Without `channel`
        and `token_of` the service asks at the address that its environment names, with a key of its own.
        """
        self._followed(upstream, handle, name or self.name, channel, token_of)

    def _followed(
        self,
        upstream: str,
        handle: Handle[Statement],
        name: str,
        channel: Channel | None = None,
        token_of: TokenOf | None = None,
        emptied: Sequence[Statement] = (),
    ) -> tuple[Subscription[Statement], OwnersLog]:
        if channel is None:
            channel = connect(address_of(upstream))
            self.closing(channel.close)
        log = OwnersLog(upstream, channel, self.name, token_of or own_tokens(self.name, self._config))
        bus, tracking = self.bus, self.runtime.tracking
        subscription = Subscription(
            bus=bus,
            upstream=upstream,
            name=name,
            handle=handle,
            tracking=tracking,
            read_events=log,
            emptied=emptied,
        )
        self._subscriptions.append(subscription)
        self.background(subscription.run(), subscription.name)
        return subscription, log

    def _follow_the_directory(self) -> MembershipPart:
        """Keep the tables that rights are asked of; return them as operators see them."""
        channel = None
        if address := self._config.gateway_address:
            channel = connect(address)
            self.closing(channel.close)
        subscription, log = self._followed(UPSTREAM, handling(self.runtime.sealing), SCHEMA, channel, emptied=EMPTIED)
        subscription.on_advance(self.members.advanced)
        known = KnownLog(self.database)
        work = keep_up(self.members, subscription, log, known, self._config.membership_stale_s)
        self.background(work, "membership")
        return MembershipPart(self.members, subscription, self._config.database_url)

    def deadlines(self, fire: Callable[[Deadline], Awaitable[object]]) -> None:
        """Fire what is due in the view `deadlines`."""
        runner = DeadlineRunner(self.views, self.database, fire, observe=LATENESS.observe, clock=self.clock)
        runner.start()
        self.closing(runner.close)

    def own(self, part: OwnPart) -> None:
        """Tell operators of a part that this service alone has."""
        self._own.append(part)

    async def serve(
        self,
        contracts: Iterable[ModuleType] = (),
        parts: Sequence[object] = (),
        *,
        keys: Callable[[], Keys] | None = None,
        limits: Limits = LIMITS,
    ) -> int:
        """Answer the services of these generated modules, operators and subscribers; return the port.

        `keys` prove who is asking: by default those that the settings name. Services prove themselves in either case.
        Raises StartupError.
        """
        membership = self._follow_the_directory() if self._directory is None else None
        backend = OperatorBackend(
            self.name, self.runtime, self.bus, self._subscriptions, self._own, self._relay, self._publish, membership
        )
        log = PublicLog(self.store, self._publish)
        common = [operator_service(self.name, backend), log_service(log, self.database), grant_service(self.uses)]
        services = [*answered(contracts, parts), *common]
        self.uses.changing = changing(services)
        known = with_services(keys, self._config.service_jwks) if keys else _public_keys(self._config)
        server = Server(services, Verifier(known), limits, self.members)
        port = await listening(server.start, self._config.listen)
        self.closing(server.stop)
        return port


def _public_keys(config: ProcessSettings) -> Callable[[], Keys]:
    if config.internal_jwks is None:
        raise StartupError("no public keys", place="SHOWFLOOR_INTERNAL_JWKS", next_step="name the gateway's JWKS file")
    return keys_in(config.internal_jwks, config.service_jwks)


def _keyring(config: ProcessSettings, deciders: Iterable[Decider[Any]]) -> Keyring | None:
    """Open the keys of a service whose events hold what people wrote."""
    if not any(event.PERSONAL for decider in deciders for event in decider.events):
        return None
    if config.keyring is None:
        text = "it is not known where the keys of what people wrote lie"
        raise StartupError(text, place="SHOWFLOOR_KEYRING", next_step="name a file; all replicas share it")
    try:
        return keyring_of(config.database_url, config.keyring, config.lost_keyring)
    except OtherKeyring as other:
        raise _other_keyring(config, config.keyring, other) from None
    except (KeyringAway, OSError) as error:
        step = "see that the file can be read and written by this service's account"
        raise StartupError(str(error), place=f"SHOWFLOOR_KEYRING={config.keyring}", next_step=step) from error


def _other_keyring(config: ProcessSettings, file: Path, other: OtherKeyring) -> StartupError:
    return StartupError(
        str(other),
        place=f"SHOWFLOOR_KEYRING={file}, database {database_in(config.database_url)}",
        next_step="put the right file back; a copy lies beside every backup, as "
        f"showfloor-keys-{other.wanted}.sqlite (`showfloor restore BACKUP --keys FOLDER`). Nothing was changed."
        f" When it is lost for good, start once with SHOWFLOOR_LOST_KEYRING={other.wanted}:"
        " what people wrote up to now then stays unreadable for ever",
    )


@asynccontextmanager
async def opened(
    name: str,
    config: ProcessSettings,
    deciders: Iterable[Decider[Any]],
    views: Iterable[View] = (),
    clock: Clock = utc_now,
    health: Health | None = None,
    directory: View | None = None,
) -> AsyncIterator[Builder]:
    """Open store, views and bus on a migrated database; close them, and what is added to them, with the block.

    Who may do what is asked of tables that follow the gateway's directory. `directory`: the view that holds these
    tables in the service that owns it.
    """
    async with AsyncExitStack() as stack:
        deciders = tuple(deciders)
        keyring = await asyncio.to_thread(_keyring, config, deciders)
        if keyring is not None:
            stack.callback(keyring.close)
        beside = () if directory else (SCHEMA,)
        for schema, ddl in (*((one, DDL) for one in beside), (grant_uses.SCHEMA, grant_uses.DDL)):
            await asyncio.to_thread(ensure_schema, config.database_url, schema, ddl)
        runtime = await stack.enter_async_context(
            open_store(config.database_url, deciders, views, keep=config.keep_views_s, keyring=keyring, beside=beside)
        )
        if health is not None:
            health.watch("writer", runtime.store.alive)
            health.watch("views", runtime.views.alive)
            health.wait_for("views", runtime.views.building)
        user, password = config.nats_user or None, config.nats_password()
        bus = await NatsBus.connect(config.nats_url, name=name, user=user, password=password)
        if health is not None:
            health.watch("bus", bus.alive)
        stack.push_async_callback(bus.close)
        yield Builder(name, config, runtime, bus, clock, stack, health, directory)
