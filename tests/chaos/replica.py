"""A second session service on the same database and broker, which nobody but the test watches over."""

import os
import subprocess
import sys
from pathlib import Path

import psutil

from showfloor.testing.system import free_port


class Replica:
    """`start` it as often as it was killed; `grpc` and `http` are its ports since."""

    def __init__(self, root: Path) -> None:
        self.log = root / "replica.log"
        self.grpc = self.http = 0
        self._data = root / "replica"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, first: int) -> None:
        """Start it with the environment of the first, whose process id this is, but with ports of its own."""
        self._data.mkdir(exist_ok=True)
        self.grpc, self.http = free_port(), free_port()
        own = {
            "SHOWFLOOR_LISTEN": f"127.0.0.1:{self.grpc}",
            "SHOWFLOOR_HTTP_LISTEN": f"127.0.0.1:{self.http}",
            "SHOWFLOOR_DATA": str(self._data),
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "showfloor.session"],
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

    def kill(self) -> None:
        """kill -9, and wait."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
