"""A throwaway PostgreSQL 18 from the wheel: real, on a Unix socket in a temporary folder."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
from psycopg.sql import SQL, Identifier, Literal

from showfloor.embedded.child import Account
from showfloor.embedded.programs import binaries_for

_USER = "pgserver"  # PostgreSQL refuses to run as root; the wheel's own name for the user it makes
_START_SECONDS = 30.0


class PostgresServer:
    """A server in a folder of its own. `durable=False` skips fsync: right for tests, not for benchmarks."""

    def __init__(self, *, durable: bool = False) -> None:
        self._user = _unprivileged_user()
        # As root from a closed folder: a copy of the programs, and no right is given to anybody on the way to them.
        self._bin = binaries_for(Account(self._user.pw_uid, self._user.pw_gid) if self._user else None)
        self.folder = Path(tempfile.mkdtemp(prefix="showfloor-pg-"))
        if self._user:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._data = self.folder / "data"
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "--auth=trust", "--encoding=utf8", "--locale=C", "--no-sync", "-U", "postgres")

    def dsn(self, database: str = "postgres", user: str = "postgres") -> str:
        """Return the connection string of one of its databases."""
        return f"host={self.folder} dbname={database} user={user}"

    def start(self) -> None:
        """Start the server and wait until it answers. Raises RuntimeError with its log when it does not."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "100",
            "shared_buffers": "64MB",
            "fsync": "on" if self._durable else "off",
            "max_wal_size": "2GB" if self._durable else "1GB",
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self._data, *options],
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C on the tests must not take the server from under them
                **self._identity(),  # type: ignore[call-overload]
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")
            time.sleep(0.02)

    def kill(self) -> None:
        """Kill -9 every process of the server, as a power cut would."""
        if self._process is not None:
            # The backends first: each leads a session of its own and would outlive the others by a command.
            parent = psutil.Process(self._process.pid)
            parent.suspend()
            for process in [*parent.children(recursive=True), parent]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self._process.wait()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Take no writes while the block runs, as after a failover, or when a guard finds the disk nearly full.

        Transactions that are open stay as they began; every later one, of any session, is read-only.
        """
        self._set("default_transaction_read_only", "on")
        try:
            yield
        finally:
            self._set("default_transaction_read_only", "off")

    @contextmanager
    def no_idling(self, milliseconds: int = 1) -> Iterator[None]:
        """End every session that idles inside a transaction for so long, while the block runs."""
        self._set("idle_in_transaction_session_timeout", f"{milliseconds}")
        try:
            yield
        finally:
            self._set("idle_in_transaction_session_timeout", "0")

    def _set(self, name: str, value: str) -> None:
        """Change a setting for all sessions, and wait until new ones have it."""
        writing = "-c default_transaction_read_only=off"
        with psycopg.connect(self.dsn(), autocommit=True, options=writing) as admin:
            admin.execute(SQL("ALTER SYSTEM SET {} = {}").format(Identifier(name), Literal(value)))
            admin.execute("SELECT pg_reload_conf()")
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            with psycopg.connect(self.dsn(), autocommit=True) as fresh:
                row = fresh.execute("SELECT setting FROM pg_settings WHERE name = %s", (name,)).fetchone()
            if row == (value,):
                return
            time.sleep(0.005)
        raise RuntimeError(f"{name} did not become {value}")

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # "fast" shutdown
            self._process.wait(timeout=_START_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)  # safe: mkdtemp made it for us

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.dsn(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *args: str) -> None:
        command = [self._bin / program, *args, "-D", self._data]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._identity())  # type: ignore[call-overload]
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")

    def _identity(self) -> dict[str, object]:
        if self._user is None:
            return {"cwd": self.folder}
        return {"cwd": self.folder, "user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Return whom to run as when we are root, made if missing."""
    if os.geteuid() != 0:
        return None
    try:
        user = pwd.getpwnam(_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", _USER], check=True)
        user = pwd.getpwnam(_USER)
    return user
