"""A gateway of two rooms, access and directory, on a real PostgreSQL, and browsers to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

import showfloor.gateway
from showfloor.access.tokens import Signer
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.runtime import open_store
from showfloor.gateway.access import routes as access_routes
from showfloor.gateway.access.oidc import Oidc
from showfloor.gateway.access.room import Access, open_access
from showfloor.gateway.access.viewers import Passes
from showfloor.gateway.api.problems import problem
from showfloor.gateway.directory import routes as directory_routes
from showfloor.gateway.directory.commands import DECIDERS
from showfloor.gateway.directory.views.people import VIEW
from showfloor.kernel.clock import Clock, utc_now
from showfloor.kernel.refusal import Refusal

KEY = "operator-key-of-this-test"
URL = "http://gateway.test"
PASSWORD = "correct horse battery"


class World:
    """One replica. `client()` is a browser without cookies, `user()` somebody with a bearer token."""

    def __init__(self, access: Access, signer: Signer, stack: AsyncExitStack) -> None:
        self.access, self.signer, self._stack = access, signer, stack
        self.app = Starlette(
            routes=[*access_routes.routes(access), *directory_routes.routes(access)],
            exception_handlers={Refusal: _refused},
        )

    async def client(self, token: str = "", **headers: str) -> httpx.AsyncClient:
        if token:
            headers["Authorization"] = f"Bearer {token}"
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        client = httpx.AsyncClient(transport=transport, base_url=URL, headers=headers)
        return await self._stack.enter_async_context(client)

    async def operator(self) -> httpx.AsyncClient:
        return await self.client(KEY)

    async def token(self, user_id: str | None = None) -> str:
        """Sign a user (or the first one) in by a link."""
        operator = await self.operator()
        made = await operator.post("/v1/operator/sign-in-links", json={"user_id": user_id} if user_id else {})
        assert made.status_code == 200, made.text
        used = await operator.post("/v1/sign-in", json={"code": made.json()["code"]}, headers={"Authorization": ""})
        assert used.status_code == 200, used.text
        return str(used.json()["token"])

    async def user(self, user_id: str | None = None) -> httpx.AsyncClient:
        return await self.client(await self.token(user_id))

    async def add_user(self, email: str, password: str = "", **body: Any) -> str:
        """Add a user as the operator; with a password they can sign in by it."""
        made = await (await self.operator()).post("/v1/users", json={"email": email, "name": "Ana", **body})
        assert made.status_code == 201, made.text
        user_id = str(made.json()["user_id"])
        if password:
            done = await (await self.user(user_id)).post("/v1/me/password", json={"password": password})
            assert done.status_code == 204, done.text
        return user_id


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return problem(refusal, "test")


Make = Callable[..., Awaitable[World]]


@pytest.fixture
async def make(database: str, tmp_path: Path) -> AsyncIterator[Make]:
    """Start replicas of one gateway on one database."""
    migrate(database, Path(showfloor.gateway.__path__[0]) / "migrations")
    async with AsyncExitStack() as stack:

        async def start(oidc: Oidc | None = None, clock: Clock = utc_now) -> World:
            signer = Signer(tmp_path / "signing.jwks")
            runtime = await stack.enter_async_context(open_store(database, DECIDERS, [VIEW]))
            opened = open_access(
                runtime,
                signer,
                Passes(tmp_path / "watch.key"),
                operator_key=KEY,
                public_url=URL,
                oidc=oidc,
                clock=clock,
            )
            return World(await stack.enter_async_context(opened), signer, stack)

        yield start


@pytest.fixture
async def world(make: Make) -> World:
    return await make()
