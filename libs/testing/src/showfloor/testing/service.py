"""One service on real PostgreSQL and NATS, with callers to ask it:

async with served(running, Config, MIGRATIONS, polls_pb2) as polls:
    answer = await polls.caller(actor).OpenPoll(request)

Register with `pytest_plugins = ["showfloor.testing.service"]` in tests/conftest.py.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from showfloor.access.actor import Actor, ActorKind, follower
from showfloor.access.tokens import Signer, keys_in, publish_keys, with_services
from showfloor.api.common.v1 import log_service_pb2, operator_service_pb2
from showfloor.eventstore.migrations import migrate
from showfloor.platform.migrations import Migrations
from showfloor.rpc import channel
from showfloor.testing.directory import Directory, directory
from showfloor.testing.members import Somebody, write_members
from showfloor.testing.nats import NatsServer

Serve = Callable[..., AbstractAsyncContextManager["Served"]]
"""`serve(running, Config, MIGRATIONS, *contracts, **settings)`: `served` on this test's database and broker."""


class Now:
    """A clock that can be moved."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) + self.ahead


class Caller:
    """Somebody with a token. `await caller.PlaceOrder(request)`; refusals come back as Refusal."""

    def __init__(self, methods: dict[str, Any], token: str) -> None:
        self._methods, self._token = methods, token

    def __getattr__(self, method: str) -> Callable[[Any], Awaitable[Any]]:
        remote = self._methods[method]

        async def ask(request: Any) -> Any:
            return await channel.call(remote, request, timeout=10, token=self._token)

        return ask

    def stream(self, method: str, request: Any) -> AsyncIterator[Any]:
        """Yield the answers of a streaming call."""
        return channel.stream(self._methods[method], request, timeout=30, token=self._token)


class Served:
    """A service that answers at an address, wherever it runs. `now` is the clock that it goes by in this process."""

    def __init__(
        self,
        address: str,
        signer: Signer,
        *contracts: ModuleType,
        clock: Now | None = None,
        database: str = "",
        directory: Directory | None = None,
    ) -> None:
        """`database` takes what somebody is to whom; `directory` is the one that the service follows."""
        self.address, self._signer, self.now = address, signer, clock or Now()
        self._database, self.directory = database, directory or Directory()
        self._link = channel.connect(address)
        self.methods: dict[str, Any] = {}
        for module in (*contracts, log_service_pb2, operator_service_pb2):
            for service in module.DESCRIPTOR.services_by_name.values():
                self.methods |= channel.methods(self._link, service)

    def caller(self, who: Actor | Somebody) -> Caller:
        """Return who may ask as this actor for a minute; of somebody the service knows what they hold."""
        if isinstance(who, Actor):
            return Caller(self.methods, self._signer.sign(who))
        write_members(self._database, [who])
        followed = bool(self.directory.address)
        position = self.directory.tell() if followed else 0  # what it remembers of them is old when it hears of this
        return Caller(self.methods, self._signer.sign(msgspec.structs.replace(who.actor, directory_position=position)))

    def operator(self) -> Caller:
        """Return somebody who looks after the service's parts."""
        return self.caller(Actor(subject="operator", kind=ActorKind.OPERATOR))

    def reader(self) -> Caller:
        """Return another service, which reads the log of public events."""
        return self.caller(follower("x"))

    async def close(self) -> None:
        """Hang up."""
        await self._link.close()


@asynccontextmanager
async def served_at(
    database: str,
    nats_url: str,
    folder: Path,
    running: Callable[..., AbstractAsyncContextManager[int]],
    kind: Callable[..., Any],
    migrations: Migrations,
    *contracts: ModuleType,
    **settings: Any,
) -> AsyncIterator[Served]:
    """Run a service on a fresh database and a broker while the block runs."""
    migrate(database, migrations.folder)
    signer, clock, keys = Signer(folder / "key.json"), Now(), folder / "jwks.json"
    publish_keys(signer, keys)
    settings = {"keyring": folder / "keyring.sqlite", **own_key(folder), **settings}
    config = kind(database_url=database, nats_url=nats_url, data=folder, internal_jwks=keys, **settings)
    known = with_services(keys_in(keys), config.service_jwks)
    async with AsyncExitStack() as stack:
        followed = await stack.enter_async_context(directory(known))
        config = config.model_copy(update={"gateway_address": config.gateway_address or followed.address})
        port = await stack.enter_async_context(running(config, clock))
        address = f"127.0.0.1:{port}"
        service = Served(address, signer, *contracts, clock=clock, database=database, directory=followed)
        try:
            yield service
        finally:
            await service.close()


def own_key(folder: Path) -> dict[str, Path]:
    """Return the settings by which a service signs for itself."""
    return {"service_key_file": folder / "service.key.json", "service_jwks": folder / "services"}


@pytest.fixture
def served(database: str, nats_server: NatsServer, tmp_path: Path) -> Serve:
    """Runs one service on this test's own database and broker."""
    return partial(served_at, database, nats_server.url, tmp_path)
