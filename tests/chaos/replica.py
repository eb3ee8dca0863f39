"""A second session service on the same database and broker, which nobody but the test watches over.

It may be of another version: then its views are defined anew at each start.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from showfloor.testing.ports import free_port

NEXT_VERSION = Path(__file__).with_name("next_version.py")


class Replica:
    """`start` it as often as it was killed; `grpc` and `http` are its ports since."""

    def __init__(self, root: Path, name: str = "replica", *, other_version: bool = False) -> None:
        self.log = root / f"{name}.log"
        self.grpc = self.http = 0
        self.welcome = False  # whether calls may go there
        self._data = root / name
        self._words = [str(NEXT_VERSION)] if other_version else ["-m", "showfloor.session"]
        self._starts = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, first: int) -> None:
        """Start it with the environment of the first, whose process id this is, but with ports of its own."""
        self._data.mkdir(exist_ok=True)
        self.grpc, self.http = free_port(), free_port()
        own = {
            "SHOWFLOOR_LISTEN": f"127.0.0.1:{self.grpc}",
            "SHOWFLOOR_HTTP_LISTEN": f"127.0.0.1:{self.http}",
            "SHOWFLOOR_DATA": str(self._data),
            "CHAOS_VERSION": str(self._starts),
        }
        self._starts += 1
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._words],
                env={**os.environ, **psutil.Process(first).environ(), **own},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def pid(self) -> int:
        """Return its process id."""
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Tell whether it has not ended."""
        return self._process is not None and self._process.poll() is None

    def kill(self, number: int = signal.SIGKILL) -> None:
        """kill -9, or another signal, and wait."""
        self.welcome = False
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait()
