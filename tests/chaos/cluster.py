"""A whole Showfloor whose processes meet through links that a test can break."""

import asyncio
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
from replica import Replica

from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import Postgres
from showfloor.embedded.probes import http_probe
from showfloor.testing.links import Link
from showfloor.testing.nats_noise import Noise
from showfloor.testing.ports import free_port
from showfloor.testing.system import System

PROCESSES = ("postgres", "nats", "session", "events", "gateway")
SERVICES = ("session", "events", "gateway")
NOISY = tuple(f"{service} - nats" for service in SERVICES)
REPLICA = "session, the second"
PATIENCE = 90.0  # seconds until all is well again
KEEP_VIEWS_SECONDS = 4  # that tables of another version stay after it has gone
LAUNCHER = Path(__file__).with_name("launcher.py")
WRONG_CLOCK = Path(__file__).with_name("clock")  # see sitecustomize.py there


class Cluster:
    """Start with `open`, end with `close`; all inside one event loop."""

    def __init__(self, root: Path, chance: random.Random, *, replicas: bool = False) -> None:
        self.system = System(root / "data")
        self.folder: DataFolder = self.system.folder
        self.noises = {link: Noise(chance) for link in NOISY}
        self._sockets = Path(tempfile.mkdtemp(prefix="chaos-"))
        self._web = free_port()
        self._log = root / "up.log"
        self._env = root / "links.json"
        self._clock = root / "clock"
        self.ahead = 0.0  # seconds that the clocks of the services are ahead of ours
        self.links: dict[str, Link] = {}
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._replica = Replica(root) if replicas else None
        self._newcomer = Replica(root, "newcomer", other_version=True)
        self._turns = itertools.cycle((True, False))

    async def open(self) -> None:
        """Lay the links, then start everything."""
        self.step_clock(0)
        environment: dict[str, dict[str, str]] = {service: {} for service in SERVICES}
        for service in SERVICES:
            room = self._sockets / service
            room.mkdir()
            self._lay(f"{service} - postgres", f"{room}/.s.PGSQL.5432", self._postgres)
            passwords = quote(str(self.folder.secrets / f"postgres-{service}_app.pgpass"), safe="")
            url = f"postgresql://{service}_app@/{service}?host={quote(str(room), safe='')}&passfile={passwords}"
            port = free_port()
            link = f"{service} - nats"
            noisy = self.noises[link].filters()
            self._lay(link, f"127.0.0.1:{port}", lambda: self._port("nats", "client"), noisy)
            environment[service] = {
                "SHOWFLOOR_DATABASE_URL": url,
                "SHOWFLOOR_NATS_URL": f"nats://127.0.0.1:{port}",
                "SHOWFLOOR_REPORT_AFTER_S": "1",
                "SHOWFLOOR_KEEP_VIEWS_S": str(KEEP_VIEWS_SECONDS),
                "SHOWFLOOR_RESERVATION_MINUTES": "10080",  # else orders rightly expire when the clock jumps an hour
                "SHOWFLOOR_END_QUIET_MINUTES": "1440",  # and LIVEs end
                "CHAOS_CLOCK": str(self._clock),
                "PYTHONPATH": str(WRONG_CLOCK),
            }
        port = free_port()
        self._lay("gateway - session", f"127.0.0.1:{port}", self._some_session)
        environment["gateway"]["SHOWFLOOR_SESSION_ADDRESS"] = f"127.0.0.1:{port}"
        port = free_port()
        self._lay("browser - gateway", f"127.0.0.1:{port}", lambda: f"127.0.0.1:{self._web}")
        self.url = f"http://127.0.0.1:{port}"
        self._env.write_text(json.dumps(environment))
        for link in self.links.values():
            await link.start()
        await self.up()

    async def up(self) -> None:
        """Start the supervisor, and return when it says that all is ready."""
        words = [sys.executable, str(LAUNCHER), "up", "--no-demo", "--no-link", "--port", str(self._web)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*words, "--data", str(self.folder.root)],
                env={**os.environ, "CHAOS_ENV": str(self._env)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        await self._until(lambda: self._process is not None and self._named() == self._process.pid, "to start")
        await self.well()

    async def close(self) -> None:
        """Stop everything, whatever state it is in."""
        for link in self.links.values():
            link.heal()
        for replica in filter(None, (self._replica, self._newcomer)):
            replica.kill()
        await asyncio.to_thread(self.system.end)
        for link in self.links.values():
            await link.stop()
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
        shutil.rmtree(self._sockets, ignore_errors=True)

    @property
    def replica(self) -> str:
        """Return where the second session service listens; "" when there is none."""
        return f"127.0.0.1:{self._replica.grpc}" if self._replica is not None else ""

    def pid(self, name: str) -> int:
        """Return the process id of a process, of the supervisor, or of the replica."""
        if name == REPLICA:
            assert self._replica is not None
            return self._replica.pid
        found = self.folder.state()["pid"] if name == "supervisor" else self.system.process(name)["pid"]
        if found is None:
            raise KeyError(f"{name} has no process now")
        return int(found)

    async def alive(self, name: str) -> int:
        """Wait until one has a process, ready or not; return its id. One that was killed is none."""

        def living() -> int:
            pid = self.pid(name)
            return 0 if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE else pid

        return int(await self._until(living, f"for {name} to be started"))

    async def kill(self, name: str) -> None:
        """kill -9; the supervisor brings a process back, and is itself brought back by us."""
        if name == REPLICA and self._replica is not None:
            self._replica.kill()  # `well` starts another
            return
        before = self.pid(name)
        os.kill(before, signal.SIGKILL)
        if name == "supervisor":
            assert self._process is not None
            await asyncio.to_thread(self._process.wait)
            await self.up()
        else:
            await self._until(lambda: self.system.process(name)["pid"] not in (None, before), f"for a new {name}")

    async def newcomer_starts(self) -> None:
        """Start a session service of another version, whose views are to be built."""
        self._newcomer.start(await self.alive("session"))

    async def newcomer_serves(self) -> None:
        """Return when it is ready. From then on calls go there, too."""
        end = time.monotonic() + PATIENCE
        while reason := await http_probe(self._newcomer.http, "/readyz"):
            log = self._newcomer.log
            assert self._newcomer.runs, f"the other version has ended\n{log.read_text(errors='replace')[-1500:]}"
            assert time.monotonic() < end, f"the other version is not ready: {reason}\n{self.last_words()}"
            await asyncio.sleep(0.1)
        self._newcomer.welcome = True
        self.links["gateway - session"].end()

    @property
    def newcomer(self) -> str:
        """Return where the session service of another version listens; "" when none serves."""
        return f"127.0.0.1:{self._newcomer.grpc}" if self._newcomer.welcome else ""

    async def newcomer_goes(self, number: int) -> None:
        """End it by a signal."""
        await asyncio.to_thread(self._newcomer.kill, number)

    def definitions(self) -> list[str]:
        """Return the definitions of views of the session service that have tables, as `view digest`."""
        sql = "SELECT view || ' ' || digest FROM view_definition ORDER BY 1"
        return Postgres(self.folder).query(sql, database="session").splitlines()

    def end_connections(self) -> None:
        """Let PostgreSQL end every connection of the services."""
        sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE '%_app'"
        Postgres(self.folder).query(sql)

    def take_writes(self, yes: bool) -> None:
        """Let PostgreSQL refuse every write from now on, as after a failover, or take them again."""
        self._set_database("default_transaction_read_only", "off" if yes else "on")

    def let_idle(self, yes: bool) -> None:
        """Let PostgreSQL end every session that idles inside a transaction for a moment, or none again."""
        self._set_database("idle_in_transaction_session_timeout", "0" if yes else "1")

    def _set_database(self, name: str, value: str) -> None:
        sql = f"ALTER SYSTEM SET {name} = {value}; SELECT pg_reload_conf()"
        Postgres(self.folder).query(f"SET default_transaction_read_only = off; {sql}")

    def step_clock(self, seconds: float) -> None:
        """Set the clocks of the services, which share one, so many seconds on; back when they are less than 0."""
        self.ahead += seconds
        new = self._clock.with_suffix(".new")
        new.write_text(str(self.ahead))
        new.replace(self._clock)

    async def wipe_jetstream(self) -> None:
        """Take away all that NATS has stored, then the process."""
        shutil.rmtree(self.folder.nats / "jetstream", ignore_errors=True)
        await self.kill("nats")

    async def well(self) -> None:
        """Return when every process runs and is ready. A replica that does not run is started."""
        await self._until(
            lambda: (
                self.folder.state().get("status") == "ready"
                and all(one["status"] == "running" for one in self.folder.state()["processes"])
            ),
            "until every process runs",
        )
        ports = {name: self._port_number(name, "http") for name in SERVICES}
        if self._replica is not None:
            if not self._replica.runs:
                self._replica.start(self.pid("session"))
            ports[REPLICA] = self._replica.http
        end = time.monotonic() + PATIENCE
        for name, port in ports.items():
            while reason := await http_probe(port, "/readyz"):
                assert time.monotonic() < end, f"{name} is not ready: {reason}\n{self.last_words()}"
                await asyncio.sleep(0.1)

    def memory(self) -> dict[str, int]:
        """Return the resident bytes of each service and of NATS."""
        return {name: psutil.Process(self.pid(name)).memory_info().rss for name in (*SERVICES, "nats")}

    def reports(self) -> dict[str, int]:
        """Return how often each session's final report was recorded."""
        sql = """SELECT convert_from(state, 'UTF8')::jsonb -> 1 ->> 'session_id', count(*)
                 FROM stored_events WHERE topic LIKE 'report.session_reported:%' GROUP BY 1"""
        rows = Postgres(self.folder).query(sql, database="session").splitlines()
        return {session: int(times) for session, times in (row.split("|") for row in rows)}

    def last_words(self) -> str:
        """Return the end of every log, and what the services said of errors."""
        logs = [self.folder.log(name).read_text(errors="replace").splitlines() for name in SERVICES]
        logs += [self._replica.log.read_text(errors="replace").splitlines()] if self._replica else []
        errors = [line for lines in logs for line in lines if '"level": "error"' in line or '"status": 500' in line]
        return "\n".join([self.system.last_words(), "== errors", *errors[-20:]])

    async def _until(self, good: Any, what: str) -> Any:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                if found := good():
                    return found
            except (OSError, KeyError, ValueError, StopIteration, psutil.NoSuchProcess):
                pass  # state.json is being written, or a process comes or goes
            assert time.monotonic() < end, f"waited in vain {what}\n{self.last_words()}"
            await asyncio.sleep(0.05)

    def _named(self) -> int:
        return int(self.folder.state().get("pid") or 0)

    def _lay(self, name: str, listen: str, target: Any, filters: Any = None) -> None:
        self.links[name] = Link(listen, target, filters)

    def _postgres(self) -> str:
        return f"{self.folder.socket_folder()}/.s.PGSQL.5432"

    def _some_session(self) -> str:
        """Each connection of the gateway goes to the other session service, if there are two."""
        if self.newcomer and next(self._turns):
            return self.newcomer
        if self._replica is not None and self._replica.runs and next(self._turns):
            return self.replica
        return self._port("session", "grpc")

    def _port(self, process: str, name: str) -> str:
        return f"127.0.0.1:{self._port_number(process, name)}"

    def _port_number(self, process: str, name: str) -> int:
        return int(self.system.process(process)["ports"][name])
