"""The wired app of a gateway on a real PostgreSQL; nothing asked here reaches another service. And browsers to it."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

import showfloor.gateway
from showfloor.access.tokens import Signer
from showfloor.eventstore.keyring import Keyring
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.runtime import Runtime, open_store
from showfloor.gateway.access.oidc import Oidc
from showfloor.gateway.access.viewers import ViewerTokens
from showfloor.gateway.access.wiring import Access, open_access
from showfloor.gateway.app import App
from showfloor.gateway.config import Config
from showfloor.gateway.directory.domain.deciders import DECIDERS
from showfloor.gateway.directory.edges.membership import VIEW as MEMBERSHIP
from showfloor.gateway.http.clients import Clients
from showfloor.gateway.http.gateway import Gateway
from showfloor.gateway.http.idempotency import Idempotency
from showfloor.gateway.http.rate_limits import BUDGETS
from showfloor.gateway.live.presence import Beats
from showfloor.gateway.live.wiring import opened_streams
from showfloor.gateway.service import VIEWS
from showfloor.gateway.watch.signals import SignalBatcher
from showfloor.kernel.clock import Clock, utc_now
from showfloor.service.directory import own_members
from showfloor.service.grant_uses import GrantUses
from showfloor.testing.memory_bus import MemoryBus

sys.path.insert(0, str(Path(__file__).parent))

from principals_cast import Cast

KEY = "operator-key-of-this-test"
URL = "http://gateway.test"
PASSWORD = "correct horse battery"


class Replica:
    """One replica. `client()` is a browser without cookies, `user()` somebody with a bearer token."""

    ana: str

    def __init__(self, access: Access, signer: Signer, app: App, stack: AsyncExitStack) -> None:
        self.access, self.signer, self._app, self._stack = access, signer, app, stack

    async def client(self, token: str = "", **headers: str) -> httpx.AsyncClient:
        if token:
            headers["Authorization"] = f"Bearer {token}"
        transport = httpx.ASGITransport(self._app)
        hooks = {"request": [_keyed]}
        client = httpx.AsyncClient(transport=transport, base_url=URL, headers=headers, event_hooks=hooks)
        return await self._stack.enter_async_context(client)

    async def operator(self) -> httpx.AsyncClient:
        return await self.client(KEY)

    async def token(self, user_id: str | None = None) -> str:
        """Sign a user (or the first one) in by a link."""
        operator = await self.operator()
        made = await operator.post("/v1/operator/sign-in-links", json={"user_id": user_id} if user_id else {})
        assert made.status_code == 200, made.text
        used = await (await self.client()).post("/v1/sign-in", json={"code": made.json()["code"]})
        assert used.status_code == 200, used.text
        return str(used.json()["token"])

    async def user(self, user_id: str | None = None) -> httpx.AsyncClient:
        return await self.client(await self.token(user_id))

    async def add_user(self, email: str, password: str = "", **body: Any) -> str:
        """Add a user as the operator; with a password they can sign in by it."""
        made = await (await self.operator()).post("/v1/users", json={"email": email, "name": "Ana", **body})
        assert made.is_success, made.text
        user_id = str(made.json()["user_id"])
        if password:
            done = await (await self.user(user_id)).post("/v1/me/password", json={"password": password})
            assert done.is_success, done.text
        return user_id


async def _keyed(request: httpx.Request) -> None:
    request.headers.setdefault("Idempotency-Key", str(uuid4()))


async def _app(stack: AsyncExitStack, runtime: Runtime, access: Access, signer: Signer, folder: Path) -> App:
    config = Config(
        database_url="unused:",
        nats_url="unused:",
        addresses={"session": "127.0.0.1:9"},
        signing_key_file=folder / "signing.jwks",
        anonymous_rate=10_000.0,
        **dict.fromkeys(BUDGETS, "10000/s"),
    )
    clients = Clients(config.addresses)
    stack.push_async_callback(clients.close)

    async def no_signals(_: Any) -> object:
        raise AssertionError("nobody watches here")

    signals = SignalBatcher(no_signals, access.viewer_tokens.secret, access.clock)
    live = opened_streams(MemoryBus(), clients.ask, access.callers, Beats(signals), 10)
    streams = await stack.enter_async_context(live)
    idempotency, uses = Idempotency(runtime.database, runtime.sealing, 1), GrantUses(runtime.database, access.clock)
    gateway = Gateway(config, access.clock, runtime, access, clients, idempotency, signals, uses)
    return App(gateway, streams, signer.jwks)


Make = Callable[..., Awaitable[Replica]]


@pytest.fixture
async def make(database: str, tmp_path: Path) -> AsyncIterator[Make]:
    """Start replicas of one gateway on one database."""
    migrate(database, Path(showfloor.gateway.__path__[0]) / "migrations")
    async with AsyncExitStack() as stack:

        async def start(oidc: Oidc | None = None, clock: Clock = utc_now) -> Replica:
            signer, passes = Signer(tmp_path / "signing.jwks"), ViewerTokens(tmp_path / "watch.key")
            keyring = Keyring(tmp_path / "keyring.sqlite")
            stack.callback(keyring.close)
            runtime = await stack.enter_async_context(open_store(database, DECIDERS, VIEWS, keyring=keyring))
            members = own_members(runtime, MEMBERSHIP)
            access = await stack.enter_async_context(
                open_access(
                    runtime,
                    members,
                    signer,
                    passes,
                    operator_key=KEY,
                    public_url=URL,
                    oidc=oidc,
                    clock=clock,
                )
            )
            return Replica(access, signer, await _app(stack, runtime, access, signer, tmp_path), stack)

        yield start


@pytest.fixture
async def replica(make: Make) -> Replica:
    return await make()


@pytest.fixture
async def cast(replica: Replica) -> Any:
    """A shop's owner, a creator and an agency's owner."""
    return await Cast(replica).come()
