"""A prepared PostgreSQL of a data folder, running for a test."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from showfloor.embedded.child import spawn
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import Postgres


@contextmanager
def running(server: Postgres, folder: DataFolder) -> Iterator[None]:
    """Run a prepared server while the block runs."""
    process = spawn(server.command(), folder.log("postgres"))
    try:
        while True:
            try:
                server.query("SELECT 1")
                break
            except OSError:
                assert process.poll() is None, folder.log("postgres").read_text()
                time.sleep(0.02)
        yield
    finally:
        process.send_signal(server.command().stop_signal)
        process.wait(30)
