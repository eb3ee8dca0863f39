"""A real nats-server for tests: free port, temporary folder, and it can be killed in the middle of things."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from showfloor.embedded.nats import MEMORY_TARGET, binary
from showfloor.testing.ports import free_port

START_TIMEOUT = 15.0  # seconds


class NatsServer:
    """A server with JetStream in `folder`: bounds of memory as shipped, every acknowledged message on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._config = folder / "nats.conf"
        self._config.write_text(
            f'listen: "127.0.0.1:{self.port}"\n'
            f'jetstream {{ store_dir: "{folder / "data"}", sync_interval: always, '
            "max_memory_store: 64MB, max_file_store: 64GB }\n"
            "max_payload: 8MB\n"
        )

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start on the same port and folder as before; returns when the server takes connections."""
        with (self.folder / "nats.log").open("ab") as output:
            self._process = subprocess.Popen(
                [binary(), "-c", self._config],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "GOMEMLIMIT": MEMORY_TARGET},
            )
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                probe.settimeout(0.2)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError(f"nats-server did not start: {(self.folder / 'nats.log').read_text()[-2000:]}")

    def kill(self) -> None:
        """kill -9: nothing is flushed, nobody is told."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """kill -9 and start again with what is on disk."""
        self.kill()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            os.kill(process.pid, how)
            process.wait(10)


@pytest.fixture(scope="session")
def nats_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one server for the whole run. Tests share it: use stream names of your own."""
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def nats_server(tmp_path: Path) -> Iterator[NatsServer]:
    """A server of the test's own, to kill and restart."""
    server = NatsServer(tmp_path / "nats")
    server.start()
    yield server
    server.stop()
