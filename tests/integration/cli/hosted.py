"""A process that hosts services, for tests: started, looked at through its state file, stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from showfloor.embedded.folder import DataFolder
from showfloor.testing.waiting import PATIENCE

HERE = Path(__file__).parent
STARTED_WITHIN = 120.0
HEALED_WITHIN = 25.0


class Hosted:
    """A hosting process and its data folder."""

    def __init__(
        self, folder: DataFolder, prefix: tuple[str, ...] = (), program: str = "host_dummies.py", *path: Path
    ) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [*prefix, sys.executable, str(HERE / program), str(folder.root)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (HERE, *path)))},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        wait_for(self.ready, STARTED_WITHIN, self.process)

    def ready(self) -> bool:
        state = self.folder.state()
        return state.get("pid") == self.process.pid and state.get("status") == "ready"

    def described(self, name: str) -> dict[str, Any]:
        return next(process for process in self.folder.state()["processes"] if process["name"] == name)

    def stop(self, number: signal.Signals = signal.SIGINT) -> str:
        """Stop it as Ctrl-C would; return all it printed."""
        self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=PATIENCE)
        return output


def wait_for(reached: Callable[[], bool], seconds: float, process: subprocess.Popen[str] | None = None) -> None:
    end = time.monotonic() + seconds
    while not reached():
        if process is not None and process.poll() is not None:
            pytest.fail(f"it ended: {process.stdout.read() if process.stdout else ''}")
        assert time.monotonic() < end, f"not reached within {seconds} s"
        time.sleep(0.05)
