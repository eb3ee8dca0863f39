"""The embedded system from outside: what PostgreSQL roles and NATS users may do, and who may call services."""

import asyncio
import importlib
import pkgutil
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import grpc
import httpx
import nats
import nats.errors
import psutil
import psycopg
import pytest
from google.protobuf.message_factory import GetMessageClass
from joserfc import jwt
from joserfc.jwk import OKPKey

import showfloor.api
from showfloor.access.actor import Actor, ActorKind
from showfloor.access.tokens import ALGORITHM, AUDIENCE, ISSUER, Signer
from showfloor.embedded.nats import inbox_of
from showfloor.embedded.postgres import Postgres

SERVICES = ("session", "events", "gateway")
PATIENCE_S = 1.0  # a broker on the same machine that means to say no has said so


@pytest.fixture
def postgres(system: Any) -> Postgres:
    return Postgres(system.folder)


def refused(dsn: str, statement: str) -> str:
    """Return the class of error that PostgreSQL answers with; "" when the statement is let through."""
    try:
        with psycopg.connect(dsn) as connection:
            connection.execute(statement)  # type: ignore[arg-type]
            connection.rollback()
    except psycopg.Error as error:
        return type(error).__name__
    return ""


def logs(postgres: Postgres, service: str) -> list[str]:
    """Return the tables of events of a service."""
    found = postgres.query(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE tablename LIKE '%events%'", database=service
    )
    return found.split()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_changes_no_log_and_reaches_no_other_database(postgres: Postgres, service: str) -> None:
    dsn = postgres.url(service, f"{service}_app")
    tables = logs(postgres, service)
    assert tables
    for table in tables:
        assert refused(dsn, f"SELECT count(*) FROM {table}") == ""
        for statement in (
            f"UPDATE {table} SET state = ''",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"DROP TABLE {table}",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        ):
            assert refused(dsn, statement) == "InsufficientPrivilege", statement
    for other in {*SERVICES, "postgres"} - {service}:
        for role in (f"{service}_app", f"{service}_owner"):
            assert refused(postgres.url(other, role), "SELECT 1") == "OperationalError", (role, other)
    assert refused(dsn, f"SET ROLE {service}_owner") == "InsufficientPrivilege"
    assert refused(dsn.replace(f"{service}_app@", f"{service}_owner@"), "SELECT 1") == "OperationalError"
    assert refused(dsn, "CREATE ROLE intruder") == "InsufficientPrivilege"
    assert refused(dsn, "COPY (SELECT 1) TO PROGRAM 'true'") == "InsufficientPrivilege"


def test_postgres_listens_on_a_socket_that_others_cannot_reach(postgres: Postgres) -> None:
    assert postgres.query("SHOW listen_addresses") == ""
    assert stat.S_IMODE(postgres.socket.stat().st_mode) == 0o700


@pytest.mark.parametrize("service", SERVICES)
def test_a_serving_process_does_not_know_the_owners_password(system: Any, service: str) -> None:
    told = repr(psutil.Process(system.process(service)["pid"]).environ())
    assert f"{service}_app" in told and f"{service}_owner" not in told


class Broker:
    """Says what the broker lets a user do."""

    def __init__(self, system: Any, user: str) -> None:
        port = system.process("nats")["ports"]["client"]
        self.url, self.user = f"nats://127.0.0.1:{port}", user
        self.password = (system.folder.secrets / f"nats-{user}.password").read_text().strip()

    async def denied(self, *, publish: str = "", subscribe: str = "") -> bool:
        """Return whether the broker says no."""
        said_no = asyncio.Event()

        async def note(error: Exception) -> None:
            if "permissions violation" in str(error).lower():
                said_no.set()

        client = await nats.connect(
            self.url, user=self.user, password=self.password, error_cb=note, inbox_prefix=inbox_of(self.user)
        )
        try:
            if publish:
                await client.publish(publish, b"", reply=client.new_inbox())
            else:
                await client.subscribe(subscribe)
            await client.flush()
            with suppress(TimeoutError):
                await asyncio.wait_for(said_no.wait(), PATIENCE_S)
        finally:
            await client.close()
        return said_no.is_set()


@pytest.mark.parametrize(
    ("user", "publish"),
    [
        ("gateway", "public.session"),
        ("gateway", "live.board.x"),
        ("gateway", "signals.0"),
        ("gateway", "$JS.API.STREAM.DELETE.PUBLIC_SESSION"),
        ("gateway", "$JS.API.STREAM.PURGE.SIGNALS"),
        ("gateway", "$JS.API.STREAM.CREATE.MINE"),
        ("gateway", "$JS.API.STREAM.PURGE.PUBLIC_SESSION"),
        ("gateway", "$JS.API.CONSUMER.CREATE.SIGNALS"),
        ("gateway", "_INBOX_session.x"),
        ("session", "public.gateway"),
        ("session", "$JS.API.STREAM.DELETE.SIGNALS"),
        ("session", "$JS.API.STREAM.DELETE.PUBLIC_GATEWAY"),
        ("session", "$JS.API.CONSUMER.CREATE.PUBLIC_SESSION"),
        ("session", "$SYS.REQ.SERVER.PING"),
        ("session", "$JS.API.ACCOUNT.PURGE.x"),
        ("session", "anything"),
    ],
)
async def test_a_service_speaks_on_the_bus_only_as_itself(system: Any, user: str, publish: str) -> None:
    assert await Broker(system, user).denied(publish=publish)


@pytest.mark.parametrize("subject", [">", "public.>", "signals.>", "$SYS.>", "$JS.>", "_INBOX.>"])
async def test_a_service_hears_only_its_inbox_and_ticks(system: Any, subject: str) -> None:
    for user in SERVICES:
        assert await Broker(system, user).denied(subscribe=subject)


@pytest.mark.parametrize(("user", "other"), [("session", "gateway"), ("gateway", "session"), ("events", "session")])
async def test_a_service_hears_no_answer_to_another(system: Any, user: str, other: str) -> None:
    assert await Broker(system, user).denied(subscribe=f"{inbox_of(other)}.>")
    assert not await Broker(system, user).denied(subscribe=f"{inbox_of(user)}.>")


async def test_what_a_service_may_do_is_let_through(system: Any) -> None:
    assert not await Broker(system, "session").denied(publish="live.board.x")
    assert not await Broker(system, "gateway").denied(subscribe="live.>")


@pytest.mark.parametrize(("user", "password"), [("", ""), ("session", "guess"), ("admin", "admin"), ("session", "")])
async def test_nobody_enters_the_bus_without_a_password(system: Any, user: str, password: str) -> None:
    url = Broker(system, "session").url
    with pytest.raises((nats.errors.Error, nats.errors.NoServersError)):
        await nats.connect(url, user=user or None, password=password or None, allow_reconnect=False)


def methods() -> Iterator[tuple[str, Any]]:
    """Yield every RPC of every service, with what it takes."""
    for module in pkgutil.walk_packages(showfloor.api.__path__, "showfloor.api."):
        if module.name.endswith("_service_pb2"):
            for service in importlib.import_module(module.name).DESCRIPTOR.services_by_name.values():
                for method in service.methods:
                    yield f"/{service.full_name}/{method.name}", method


def bad_tokens(system: Any) -> dict[str, str]:
    """Return tokens that no service may take."""
    now = int(time.time())
    key = OKPKey.import_key(httpx_keys(system)[0])
    act = {"subject": "operator:x", "kind": "operator"}
    good = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 60, "act": act}

    def made(key: OKPKey, **claims: Any) -> str:
        return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, {**good, **claims}, key, algorithms=[ALGORITHM])

    return {
        "none": "",
        "nonsense": "a.b.c",
        "audience": made(key, aud="somebody-else"),
        "issuer": made(key, iss="somebody-else"),
        "expired": made(key, iat=now - 120, exp=now - 60),
        "early": made(key, iat=now + 60, exp=now + 120),
        "other key": made(OKPKey.generate_key("Ed25519", parameters={"kid": key.kid or ""}, private=True)),
        "unsigned": "eyJhbGciOiJub25lIn0." + made(key).split(".")[1] + ".",
    }


def httpx_keys(system: Any) -> list[Any]:
    """Return the private keys of a system: what a thief of its folder would have, and nobody else."""
    return list(httpx.Response(200, content=system.folder.signing_key.read_bytes()).json()["keys"])


async def code(channel: grpc.aio.Channel, path: str, method: Any, token: str) -> grpc.StatusCode:
    """Return the status of a call with an empty request."""
    request, answer = GetMessageClass(method.input_type), GetMessageClass(method.output_type)
    metadata = [("authorization", f"Bearer {token}")] if token else []
    ends = {"request_serializer": request.SerializeToString, "response_deserializer": answer.FromString}
    try:
        if method.server_streaming:
            await channel.unary_stream(path, **ends)(request(), metadata=metadata, timeout=10).read()
        else:
            await channel.unary_unary(path, **ends)(request(), metadata=metadata, timeout=10)
    except grpc.aio.AioRpcError as error:
        return error.code()
    return grpc.StatusCode.OK


@pytest.mark.parametrize("service", SERVICES)
async def test_every_rpc_refuses_every_bad_token(system: Any, service: str) -> None:
    address, bad = f"127.0.0.1:{system.process(service)['ports']['grpc']}", bad_tokens(system)
    async with grpc.aio.insecure_channel(address) as channel:
        asked = [(path, name) for path, _ in methods() for name in bad]
        found = await asyncio.gather(*[code(channel, *one, token) for one in methods() for token in bad.values()])
    absent, no = grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.UNAUTHENTICATED
    assert [one for one, status in zip(asked, found, strict=True) if status not in (absent, no)] == []
    assert found.count(no) >= 7 * len(bad)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("kind", [kind for kind in ActorKind if kind is not ActorKind.OPERATOR])
async def test_operators_rpcs_refuse_everybody_else(system: Any, service: str, kind: ActorKind) -> None:
    token = Signer(system.folder.signing_key).sign(Actor(subject="x", kind=kind))
    address = f"127.0.0.1:{system.process(service)['ports']['grpc']}"
    async with grpc.aio.insecure_channel(address) as channel:
        guarded = [one for one in methods() if "OperatorService" in one[0] or "LogService" in one[0]]
        found = await asyncio.gather(*[code(channel, *one, token) for one in guarded])
    assert set(found) == {grpc.StatusCode.PERMISSION_DENIED}
