"""The data folder: everything an embedded Showfloor keeps, and who may read it.

state.json  ports.json  lock      what runs, on which ports, and the proof that only one `up` runs
operator.key  secrets/  keys/     0600 files in 0700 folders
keyring/                          keys of what people wrote
postgres/   run/                  the cluster and its socket, owned by the account that runs PostgreSQL
nats/  logs/  services/<name>/
"""

import errno
import fcntl
import json
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from showfloor.embedded import condition
from showfloor.platform.settings import MAX_PORT
from showfloor.platform.startup_error import StartupError

SOCKET_PATH_LIMIT = 107  # bytes of a Unix socket's path: sun_path without its final zero
OWN_PORTS = range(20_000, 32_000)  # Linux lends those from 32768 up, others from 49152 up
PORT_TRIES = 200
VOLUME_OWN = "lost+found"  # in the topmost folder of every new volume: such a folder counts as empty
SHARED_LOCK_PATIENCE, SHARED_LOCK_PAUSE = 5.0, 0.002  # seconds
_SOCKET_NAME = "/.s.PGSQL.5432"


class AlreadyRunning(Exception):
    """Another `up` holds the lock of this data folder."""


class DataFolder:
    """One data folder, by its absolute path. `prepare` creates it; nothing else here starts anything."""

    def __init__(self, root: Path) -> None:
        try:
            self.root = root.expanduser().resolve()
        except (OSError, RuntimeError) as error:  # links that lead to each other
            raise StartupError(
                f"the path leads nowhere: {error}", place=ascii(str(root)), next_step="name another folder with --data"
            ) from None
        self.state_file = self.root / "state.json"
        self.ports_file = self.root / "ports.json"
        self.lock_file = self.root / "lock"
        self.operator_key = self.root / "operator.key"
        self.secrets = self.root / "secrets"
        self.keys = self.root / "keys"
        self.signing_key = self.keys / "internal.key.json"  # signs internal tokens: one service alone is told of it
        self.public_keys = self.keys / "internal.jwks.json"  # by which services verify internal tokens
        self.service_keys = self.keys / "services"  # by which they verify tokens that a service signs for itself
        self.postgres = self.root / "postgres"
        self.keyring = self.root / "keyring"  # keys of what people wrote: no part of a backup, but kept beside it
        self.nats = self.root / "nats"
        self.logs = self.root / "logs"
        self.services = self.root / "services"
        self.socket_file = self.root / "socket.path"

    def prepare(self) -> None:
        """Create the folder and its subfolders. Raises StartupError when it cannot, or when it holds other things."""
        if (found := condition.of_folder(self.root)) is not None:
            raise found
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._refuse_foreign()
            self.root.chmod(0o700)
            for subfolder in (self.secrets, self.keys, self.keyring, self.nats, self.logs, self.services):
                subfolder.mkdir(exist_ok=True)
                subfolder.chmod(0o700)
            self._choose_socket_folder()
        except OSError as error:
            raise StartupError(
                f"the data folder cannot be prepared: {error.strerror}",
                place=str(error.filename or self.root),
                next_step="choose a folder you own with --data DIR, or run as the user who made this one",
            ) from None

    def _refuse_foreign(self) -> None:
        """Refuse a folder that holds other things: a slip with --data must neither fill it nor change its mode."""
        held = {entry.name for entry in self.root.iterdir()} - {VOLUME_OWN}
        if held and self.secrets.name not in held:
            raise StartupError(
                "the folder holds other things and was never a data folder",
                place=str(self.root),
                next_step="name an empty or a new folder with --data DIR",
            )

    def socket_folder(self) -> Path:
        """Return the folder of PostgreSQL's socket: `run/`, or a short one elsewhere if clients cannot use that path.

        The other one is chosen once and written down: a backup at night may have another TMPDIR than the start had.
        """
        folder = self.root / "run"
        if _for_clients(folder):
            return folder
        if self.socket_file.exists():
            return Path(self.socket_file.read_text(encoding="utf-8").strip())
        return _elsewhere() / "showfloor-0000000000000000"

    def _choose_socket_folder(self) -> None:
        """Choose a name that others cannot guess: in that place everybody may make folders."""
        if not _for_clients(self.root / "run") and not self.socket_file.exists():
            write_private(self.socket_file, f"{_elsewhere() / f'showfloor-{secrets.token_hex(8)}'}\n")

    def log(self, process: str) -> Path:
        """Return the log file of a process."""
        return self.logs / f"{process}.log"

    def secret(self, path: Path) -> str:
        """Return the secret in a file, made on first use (256 bits, URL-safe); only its owner may read it."""
        if not path.exists():
            write_private(path, secrets.token_urlsafe(32) + "\n")
        return path.read_text(encoding="utf-8").strip()

    def state(self) -> dict[str, Any]:
        """Return what the supervisor last wrote to state.json; empty when nothing was ever started."""
        return read_json(self.state_file)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock while the block runs. Raises AlreadyRunning. A killed holder frees it by dying."""
        try:
            descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except PermissionError:
            raise self._foreign_lock() from None
        try:
            _give_to_owner_of(self.root, descriptor)
            end = time.monotonic() + SHARED_LOCK_PATIENCE
            while not _flock(descriptor, fcntl.LOCK_EX):
                # `running` takes the lock shared for a moment; a holder has it exclusively.
                if not _flock(descriptor, fcntl.LOCK_SH) or time.monotonic() > end:
                    raise AlreadyRunning(str(self.root))
                fcntl.flock(descriptor, fcntl.LOCK_UN)
                time.sleep(SHARED_LOCK_PAUSE)
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
            yield
        finally:
            os.close(descriptor)

    def _foreign_lock(self) -> StartupError:
        return condition.of_folder(self.root) or StartupError(
            "there is no right to read the lock",
            place=str(self.lock_file),
            next_step="run as the user who made the data folder",
        )

    def running(self) -> bool:
        """True while some `up` holds the lock. Looking changes nothing, and keeps nobody from starting."""
        try:
            descriptor = os.open(self.lock_file, os.O_RDONLY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except PermissionError:
            raise self._foreign_lock() from None
        try:
            return not _flock(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)


def _for_clients(folder: Path) -> bool:
    """True when libpq can be told of a socket there: the system bounds the path, and a comma begins another host."""
    return len(os.fsencode(f"{folder}{_SOCKET_NAME}")) <= SOCKET_PATH_LIMIT and "," not in str(folder)


def _elsewhere() -> Path:
    """Return where short-lived things go; of root's in a folder where others can make nothing."""
    return Path("/run") if os.geteuid() == 0 and Path("/run").is_dir() else Path(tempfile.gettempdir())


def _flock(descriptor: int, how: int) -> bool:
    """Take a lock in this mode without waiting; True when it is taken."""
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Ports:
    """Ports of this data folder: free ones chosen once, remembered, chosen again only when taken."""

    def __init__(self, folder: DataFolder) -> None:
        self._file = folder.ports_file
        kept = read_json(folder.ports_file).items()
        self._chosen = {name: port for name, port in kept if type(port) is int and 0 < port <= MAX_PORT}
        self._used: set[int] = set()
        self.changed: list[str] = []

    def take(self, name: str, *, wanted: int | None = None, preferred: int | None = None) -> int:
        """Return the port for `name`. `wanted` must be free (else StartupError); `preferred` is only tried."""
        if wanted is not None and not self._free(wanted):
            raise StartupError(
                f"port {wanted} is in use by another program",
                place=f"127.0.0.1:{wanted}",
                next_step="choose another with --port, or leave it out to get a free one",
            )
        remembered = self._chosen.get(name)
        port = wanted or next((p for p in (remembered, preferred) if p and self._free(p)), None) or self._any_free()
        hoped = remembered or preferred
        if wanted is None and hoped not in (None, port):
            self.changed.append(f"{name}: {hoped} is taken by another program, now {port}")
        self._used.add(port)
        self._chosen[name] = port
        write_private(self._file, json.dumps(self._chosen, indent=2) + "\n")
        return port

    def _free(self, port: int) -> bool:
        return port not in self._used and port_is_free(port)

    def _any_free(self) -> int:
        """Return a free port below those that systems give to outgoing connections, and no other name's.

        One of those could be lent to any client while our process is down for a moment, and then never comes up again.
        """
        for _ in range(PORT_TRIES):
            port = OWN_PORTS.start + secrets.randbelow(len(OWN_PORTS))
            if self._free(port) and port not in self._chosen.values():
                return port
        raise StartupError(
            f"no free port found between {OWN_PORTS.start} and {OWN_PORTS.stop}",
            place="127.0.0.1",
            next_step="end programs that hold many ports, then start again",
        )


def port_is_free(port: int) -> bool:
    """True when a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def write_private(path: Path, text: str) -> None:
    """Replace a file at once (readers see the old or the new, never half), readable by its owner only.

    It belongs to whom its folder belongs to, when we are root and may say so. A link in its place is replaced.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            _give_to_owner_of(path.parent, descriptor)
            file.write(text)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)  # safe: our own random name, which no other process knows
        raise


def _give_to_owner_of(folder: Path, descriptor: int) -> None:
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object from a file; empty when there is none. Raises StartupError when it is not one."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except PermissionError:
        raise StartupError(
            "there is no right to read the file", place=str(path), next_step="run as the user who made it"
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise StartupError(
            f"the file cannot be read: {error}", place=str(path), next_step="delete it: it is written again"
        ) from None
    return value if isinstance(value, dict) else {}
