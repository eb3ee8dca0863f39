"""A whole gateway on a web port: real PostgreSQL, real NATS, and the real session service behind it."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

import showfloor.session.service as session
from showfloor.access.tokens import Signer, publish_keys
from showfloor.events import service as events
from showfloor.events.config import Config as EventsConfig
from showfloor.eventstore.migrations import migrate
from showfloor.gateway import service as gateway_service
from showfloor.gateway.config import Config
from showfloor.gateway.http.rate_limits import BUDGETS
from showfloor.kernel.clock import Clock, utc_now
from showfloor.session.config import Config as SessionConfig
from showfloor.testing.ports import free_port
from showfloor.testing.service import own_key

sys.path.insert(0, str(Path(__file__).parent))  # for the modules that tests share

OPERATOR_KEY = "operator-key-of-this-test"


class RunningGateway:
    """A running gateway, and browsers to it."""

    def __init__(self, url: str, stack: AsyncExitStack, config: Config) -> None:
        self.url, self.config, self._stack = url, config, stack
        self.session_stops: Any = None  # ends the session service behind it
        self.session_database = ""

    def beside(self, **more: Any) -> AbstractAsyncContextManager["RunningGateway"]:
        """Run another replica of this gateway, with other settings if need be."""
        return gateway_at(
            self.config.database_url, self.config.nats_url, self.config.addresses, self.config.data, **more
        )

    async def client(self, token: str = "", **headers: str) -> httpx.AsyncClient:
        """Return a client; with a token it is somebody."""
        if token:
            headers["Authorization"] = f"Bearer {token}"
        made = httpx.AsyncClient(base_url=self.url, headers=headers, timeout=15)
        return await self._stack.enter_async_context(made)

    async def operator(self) -> httpx.AsyncClient:
        """Return a client with the operator key."""
        return await self.client(OPERATOR_KEY)

    async def owner(self) -> tuple[httpx.AsyncClient, dict[str, Any]]:
        """Return a client of the first owner, and the ids of shop, account and user."""
        operator = await self.operator()
        first = (await operator.post("/v1/operator/bootstrap", json={})).json()
        code = (await operator.post("/v1/operator/sign-in-links", json={})).json()["code"]
        anyone = await self.client()
        signed_in = (await anyone.post("/v1/sign-in", json={"code": code})).json()
        return await self.client(signed_in["token"]), first

    async def go_live(self, client: httpx.AsyncClient, account_id: str) -> str:
        """Open a session of an account, take it on air, and return its id."""
        body = {"account_id": account_id, "title": "Friday"}
        made = await client.post("/v1/sessions", json=body, headers={"Idempotency-Key": str(uuid4())})
        session_id = str(made.json()["session"]["session_id"])
        headers = {"Idempotency-Key": str(uuid4())}
        live = await client.post(f"/v1/sessions/{session_id}/live", json={}, headers=headers)
        assert live.status_code == 200, live.text
        return session_id

    async def product_in_bag(self, client: httpx.AsyncClient, session_id: str) -> str:
        """Put a new product of the session's shop into its bag and return its id."""
        session = (await client.get(f"/v1/sessions/{session_id}")).json()["session"]
        price = {"minor": 500, "currency": session["currency"]}
        row = {"reference": uuid4().hex, "title": "Tea", "category": "tea", "price": price, "in_showcase": True}
        kept = await client.post(f"/v1/shops/{session['shop_id']}/products", json={"products": [row]}, headers=_keyed())
        product_id = str(kept.json()["product_ids"][0])
        body = {"source": "showcase", "references": [product_id]}
        added = await client.post(f"/v1/sessions/{session_id}/bag", json=body, headers=_keyed())
        assert added.status_code == 200, added.text
        return product_id

    async def join(self, session_id: str, **body: Any) -> httpx.AsyncClient:
        """Return a new viewer of a session."""
        joined = await (await self.client()).post(f"/v1/watch/{session_id}/join", json=body)
        assert joined.status_code == 200, joined.text
        return await self.client(joined.json()["viewer_token"])


@asynccontextmanager
async def gateway_at(
    dsn: str, nats_url: str, addresses: dict[str, str], folder: Path, clock: Clock = utc_now, **more: Any
) -> AsyncIterator[RunningGateway]:
    """Run a gateway on a migrated database."""
    key_file = folder / "operator.key"
    key_file.write_text(OPERATOR_KEY)
    config = Config(
        database_url=dsn,
        nats_url=nats_url,
        addresses=addresses,
        web_listen="127.0.0.1:0",
        signing_key_file=folder / "internal.key.json",
        internal_jwks=folder / "internal.jwks.json",
        operator_key_file=key_file,
        data=folder,
        service_jwks=folder / "services",
        keyring=folder / "gateway.sqlite",
        **{"viewer_rate": 1000.0, "anonymous_rate": 1000.0, **dict.fromkeys(BUDGETS, "10000/s"), **more},
    )
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(gateway_service.running(config, clock))
        yield RunningGateway(f"http://127.0.0.1:{port}", stack, config)


RunGateway = Callable[..., AbstractAsyncContextManager[RunningGateway]]


@pytest.fixture
def run_gateway(postgres_server: Any, database: str, nats_server: Any, tmp_path: Path) -> RunGateway:
    """Runs a gateway with a session service behind it: by a clock, with settings of its own."""
    return partial(gateway_and_session, postgres_server, database, nats_server.url, tmp_path)


@pytest.fixture
async def gateway(run_gateway: RunGateway) -> AsyncIterator[RunningGateway]:
    """A gateway with a session service behind it."""
    async with run_gateway() as gateway:
        yield gateway


@asynccontextmanager
async def gateway_and_session(
    postgres_server: Any,
    database: str,
    nats_url: str,
    tmp_path: Path,
    clock: Clock = utc_now,
    *,
    with_events: bool = False,
    **more: Any,
) -> AsyncIterator[RunningGateway]:
    """Run a gateway, with settings of its own if need be, and a session service behind it; both go by one clock.

    `with_events`: an events service, too.
    """
    signer = Signer(tmp_path / "internal.key.json")
    keys = tmp_path / "internal.jwks.json"
    publish_keys(signer, keys)
    other = database_beside(postgres_server)
    migrate(other, session.MIGRATIONS.folder)
    migrate(database, gateway_service.MIGRATIONS.folder)
    ring = tmp_path / "keyring.sqlite"
    address = f"127.0.0.1:{free_port()}"
    behind = SessionConfig(
        database_url=other, nats_url=nats_url, internal_jwks=keys, keyring=ring, report_after_s=0.5,
        gateway_address=address, **own_key(tmp_path),
    )  # fmt: skip
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(AsyncExitStack())
        port = await service.enter_async_context(session.running(behind, clock))
        addresses = {"session": f"127.0.0.1:{port}"}
        if with_events:
            addresses["events"] = await stack.enter_async_context(
                _events_beside(postgres_server, behind, addresses["session"], clock)
            )
        gateway = await stack.enter_async_context(
            gateway_at(database, nats_url, addresses, tmp_path, clock, listen=address, **more)
        )
        gateway.session_stops, gateway.session_database = service.aclose, other
        yield gateway


@asynccontextmanager
async def _events_beside(server: Any, beside: SessionConfig, session: str, clock: Clock) -> AsyncIterator[str]:
    """Run an events service on a database of its own, by the same keys; yield its address."""
    dsn = database_beside(server)
    migrate(dsn, events.MIGRATIONS.folder)
    shared = ("nats_url", "internal_jwks", "gateway_address", "service_key_file", "service_jwks")
    assert beside.keyring is not None
    own = {"keyring": beside.keyring.with_name("events.sqlite"), "data": beside.keyring.parent / "events"}
    config = EventsConfig(database_url=dsn, **own, **{name: getattr(beside, name) for name in shared})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOWFLOOR_SESSION_ADDRESS", session)
        async with events.running(config, clock) as port:
            yield f"127.0.0.1:{port}"


def database_beside(server: Any) -> str:
    """Return the DSN of another fresh database."""
    name = f"session_{uuid4().hex}"
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return str(server.dsn(name))


def _keyed() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}
