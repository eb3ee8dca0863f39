"""An installation for the doctor: real PostgreSQL and NATS, and a service that tells what a test has it tell."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from showfloor.access.tokens import Signer, publish_keys
from showfloor.cli.backups import cluster
from showfloor.cli.checks.finding import Patient
from showfloor.cli.services import services
from showfloor.embedded.child import spawn
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.topology import System, build
from showfloor.eventstore.migrations import migrate

HERE = Path(__file__).parent
WELL = [
    {"kind": "view", "name": "session_list", "position": 9, "state": "running"},
    {"kind": "relay", "name": "public", "position": 9, "state": "running"},
    {"kind": "subscription", "name": "session>gateway", "position": 9, "state": "running"},
    {"kind": "membership", "name": "directory", "position": 9, "state": "running"},
    {"kind": "fold", "name": "signals", "position": 9, "state": "running"},
]
DEADLINES = """
CREATE SCHEMA view_deadlines_1; CREATE TABLE view_deadlines_1.deadline (name text, stream uuid, due_at timestamptz);
INSERT INTO view_definition (schema, view, digest) VALUES ('view_deadlines_1', 'deadlines', '1')"""


def until(reached: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, "not reached"
        time.sleep(0.02)


class Installation:
    """A data folder that looks as if `up` ran in it. `state` is written with `tell`."""

    def __init__(self, system: System) -> None:
        self.system, self.folder, self.postgres = system, system.folder, system.postgres
        self.own = self.folder.services / "session"
        me = psutil.Process()
        self.state: dict[str, Any] = {"pid": me.pid, "created": me.create_time(), "status": "ready", "processes": []}
        self.state["started"] = time.time() - 60
        self.answer()

    def process(self, name: str, running: "subprocess.Popen[bytes] | None" = None, **ports: int) -> dict[str, Any]:
        """Return a process as the supervisor would describe it."""
        created = psutil.Process(running.pid).create_time() if running else 0.0
        said = {"name": name, "status": "running", "problem": "", "restarts": 0, "log": f"{name}.log", "ports": ports}
        return {**said, "pid": running.pid if running else None, "created": created}

    def tell(self, **changes: Any) -> None:
        """Write state.json."""
        self.folder.state_file.write_text(json.dumps({**self.state, **changes}))

    def answer(self, parts: list[dict[str, Any]] | None = None, **more: Any) -> None:
        """Have the service tell operators this; without arguments that all is well."""
        self.own.mkdir(exist_ok=True)
        (self.own / "told.json").write_text(json.dumps({"parts": WELL if parts is None else parts, **more}))

    def worse(self, kind: str, **changes: Any) -> None:
        """Have the service tell that one kind of part is unwell."""
        grows = changes.pop("grows", 0)
        self.answer([{**part, **changes} if part["kind"] == kind else part for part in WELL], grows=grows)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Nobody holds the lock while the block runs."""
        self.release()
        try:
            yield
        finally:
            self.hold()

    def hold(self) -> None:
        self._lock = ExitStack()
        self._lock.enter_context(self.folder.locked())

    def release(self) -> None:
        self._lock.close()

    def patient(self) -> Patient:
        return Patient(self.folder)

    def query(self, sql: str, database: str = "session") -> str:
        return self.postgres.query(sql, database=database)


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = DataFolder(tmp_path_factory.mktemp("doctor") / "data")
    folder.prepare()
    publish_keys(Signer(folder.signing_key), folder.public_keys)
    system = build(folder, services())
    setup = Installation(system)
    with ExitStack() as stack:
        setup.hold()
        stack.callback(setup.release)
        system.postgres.prepare()
        stack.enter_context(cluster.out_of_service(folder))
        system.postgres.create_databases([service.name for service in services()])
        for service in services():
            migrations = HERE.parents[2] / f"services/{service.name}/src/showfloor/{service.name}/migrations"
            migrate(system.postgres.url(service.name, f"{service.name}_owner"), migrations, f"{service.name}_app")
        setup.query(DEADLINES)
        system.nats.prepare()
        nats = stack.enter_context(ended(spawn(system.nats.command(), folder.log("nats"))))
        http = next(process.ports["http"] for process in system.processes if process.name == "session")
        env = {
            **os.environ,
            "SHOWFLOOR_DATABASE_URL": "unused",
            "SHOWFLOOR_NATS_URL": "unused",
            "SHOWFLOOR_DATA": str(setup.own),
            "SHOWFLOOR_INTERNAL_JWKS": str(folder.public_keys),
            "SHOWFLOOR_HTTP_LISTEN": f"127.0.0.1:{http}",
        }
        with folder.log("session").open("wb") as log:
            words = [sys.executable, str(HERE / "operated_service.py")]
            session = stack.enter_context(ended(subprocess.Popen(words, env=env, stdout=log, stderr=log)))
        until((setup.own / "port").exists)
        until((setup.own / "port").read_text)
        grpc = int((setup.own / "port").read_text())
        setup.state["processes"] = [
            setup.process("nats", nats, client=system.nats.port, monitor=system.nats.monitor_port),
            setup.process("session", session, grpc=grpc, http=http),
        ]
        setup.tell()
        yield setup


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    try:
        yield process
    finally:
        process.kill()
        process.wait()
