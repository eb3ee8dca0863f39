"""Ports for servers that tests start: nobody else on the machine takes one between its choice and its use."""

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path
from typing import Final

# Below the ports that systems give to outgoing connections (from 32768), above those that servers are known by.
PORTS: Final = range(20_000, 32_000)
_ROOM: Final = Path(tempfile.gettempdir()) / f"showfloor-test-ports-{os.getuid()}"
_kept: dict[int, int] = {}  # descriptors of the files that are locked, to the end of this process


def free_port() -> int:
    """Return a TCP port that nobody listens on, and that no other process of tests is given while this one lives."""
    _ROOM.mkdir(mode=0o700, exist_ok=True)
    for port in random.sample(PORTS, len(PORTS)):
        if port not in _kept and _kept_here(port):
            return port
    raise OSError(f"every port from {PORTS.start} to {PORTS.stop} is taken")


def _kept_here(port: int) -> bool:
    lock = os.open(_ROOM / str(port), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OSError:
        os.close(lock)
        return False
    _kept[port] = lock
    return True
