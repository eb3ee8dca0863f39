"""The session service and the gateway as processes, on servers of their own, for as long as a block runs."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from bench.servers import Servers
from showfloor.access.tokens import Signer, publish_keys
from showfloor.eventstore.migrations import migrate
from showfloor.gateway.access.viewers import Traits, ViewerToken, ViewerTokens
from showfloor.gateway.service import MIGRATIONS as GATEWAY
from showfloor.session.service import MIGRATIONS as SESSION
from showfloor.testing.nats import NatsServer
from showfloor.testing.service import own_key
from showfloor.testing.system import Rest

OPERATOR_KEY = "operator-key-of-benchmarks"
START_S = 90.0
_SMALL = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


@dataclass(frozen=True)
class LiveSession:
    """A LIVE with a product in its bag, and who owns it."""

    account: str
    session: str
    product: str
    user: str
    token: str


class Services:
    """Everything behind one gateway process; no limit of rates is in the way."""

    def __init__(self) -> None:
        self._held = ExitStack()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.dsns: dict[str, str] = {}
        self.url = self.session_address = self.nats_url = ""
        self.keyring = Path()  # of the session service

    def __enter__(self) -> Self:
        try:
            self._start(Path(self._held.enter_context(tempfile.TemporaryDirectory())))
        except BaseException:
            self._held.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()

    def live_session(self) -> LiveSession:
        """Start a LIVE of a new account."""
        first = self._operator.post("/operator/bootstrap")
        token = self.sign_in(first["user_id"])
        owner = Rest(self.url, token)
        shop, account = first["shop_id"], first["account_id"]
        price = {"minor": 1999, "currency": owner.get("/shops")["shops"][0]["currency"]}
        product = {"reference": "p", "title": "Lamp", "category": "home", "price": price, "in_showcase": True}
        (product_id,) = owner.post(f"/shops/{shop}/products", {"products": [product]})["product_ids"]
        session = owner.post("/sessions", {"account_id": account, "title": "Bench"})["session"]["session_id"]
        owner.post(f"/sessions/{session}/bag", {"source": "showcase", "references": [product_id]})
        owner.post(f"/sessions/{session}/live")
        return LiveSession(account, session, product_id, first["user_id"], token)

    def hosts(self, account: str, count: int) -> list[str]:
        """Return the tokens of so many users who host an account."""
        tokens = []
        for number in range(count):
            user = self._operator.post("/users", {"name": "Host", "email": f"host{number}@example.com"})["user_id"]
            self._operator.put(f"/accounts/{account}/members/{user}", {"role": "host"})
            tokens.append(self.sign_in(user))
        return tokens

    def stranger(self) -> str:
        """Return the token of somebody who is nothing to anybody."""
        user = self._operator.post("/users", {"name": "Stranger", "email": "stranger@example.com"})["user_id"]
        return self.sign_in(user)

    def viewers(self, live: LiveSession, count: int, *, looks_on: bool = False) -> list[str]:
        """Return the tokens of so many viewers of a LIVE, the same ones each time; none of them has joined."""
        passes = ViewerTokens(self._folder / "gateway/viewers.key")
        before = [ViewerToken(exp=0, session_id="", viewer_ref=f"v-{number}") for number in range(count)]

        def token(one: ViewerToken) -> str:
            return passes.issue(
                live.session, "", "feed", Traits(), before=one, account_id=live.account, looks_on=looks_on
            )[0]

        return [token(one) for one in before]

    def sign_in(self, user: str) -> str:
        """Return a new token of a user."""
        code = self._operator.post("/operator/sign-in-links", {"user_id": user})["code"]
        self._anyone.http.cookies.clear()
        return str(self._anyone.post("/sign-in", {"code": code})["token"])

    @cached_property
    def _operator(self) -> Rest:
        return Rest(self.url, OPERATOR_KEY)

    @cached_property
    def _anyone(self) -> Rest:
        return Rest(self.url)

    def _start(self, folder: Path) -> None:
        self._folder, self.keyring = folder, folder / "session.sqlite"
        servers = self._held.enter_context(Servers())
        broker = NatsServer(folder / "nats")
        broker.start()
        self._held.callback(broker.stop)
        self.nats_url = broker.url
        self.signer, keys = Signer(folder / "key.json"), folder / "jwks.json"
        publish_keys(self.signer, keys)
        (folder / "operator.key").write_text(OPERATOR_KEY)
        self.session_address, web = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        self.url = f"http://{web}"
        gateway = f"127.0.0.1:{free_port()}"
        common = {"nats_url": broker.url, "internal_jwks": str(keys), "log_level": "info"}
        common |= {name: str(path) for name, path in own_key(folder).items()} | {"gateway_address": gateway}
        for name, migrations, more in (
            ("session", SESSION.folder, {"listen": self.session_address, "keyring": str(self.keyring)}),
            (
                "gateway",
                GATEWAY.folder,
                {
                    "listen": gateway,
                    "session_address": self.session_address,
                    "web_listen": web,
                    "signing_key_file": str(folder / "key.json"),
                    "operator_key_file": str(folder / "operator.key"),
                    "keyring": str(folder / "gateway.sqlite"),
                    "user_rate": "1000000",
                },
            ),
        ):
            dsn = self.dsns[name] = servers.database(name, migrated=False)
            migrate(dsn, migrations)
            self._run(name, folder, {**common, "database_url": dsn, "data": str(folder / name), **more})

    def _run(self, name: str, folder: Path, settings: dict[str, Any]) -> None:
        health = free_port()
        settings["http_listen"] = f"127.0.0.1:{health}"
        (folder / name).mkdir()
        env = {**os.environ, **_SMALL, **{f"SHOWFLOOR_{key.upper()}": value for key, value in settings.items()}}
        log = self._held.enter_context((folder / f"{name}.log").open("wb"))
        process = subprocess.Popen([sys.executable, "-m", f"showfloor.{name}"], env=env, stdout=log, stderr=log)
        self._held.callback(_stop, process)
        self.processes[name] = process
        try:
            answering(health, "/readyz", process)
        except RuntimeError as error:
            raise RuntimeError(f"{name} {error}: {(folder / f'{name}.log').read_text()[-2000:]}") from None


def answering(port: int, path: str, process: "subprocess.Popen[bytes]") -> None:
    """Return as soon as a process answers. Raises RuntimeError when it ends, or takes too long."""
    end = time.monotonic() + START_S
    while not _well(port, path):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("did not start")
        time.sleep(0.05)


def _well(port: int, path: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}").is_success
    except httpx.TransportError:
        return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
