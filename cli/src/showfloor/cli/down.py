"""`showfloor down`: ask the supervisor to drain and stop everything, and wait for it."""

import os
import signal
import time

from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.supervisor import end_orphans, supervisor_pid
from showfloor.platform.startup_error import StartupError

PATIENCE = 10.0  # seconds; draining takes 5 at most


def down(*, data: Data = DEFAULT_FOLDER) -> None:
    """Stop Showfloor. Nothing that was acknowledged is lost."""
    folder = DataFolder(data)
    if not folder.running():
        left = end_orphans(folder.state()) if folder.state_file.exists() else []
        console.print(f"stopped what was left: {', '.join(left)}" if left else "Showfloor is not running")
        return
    pid = supervisor_pid(folder.state())
    if pid is None:
        raise StartupError(
            "somebody holds the lock, but not the process that state.json names",
            place=str(folder.lock_file),
            next_step="wait a moment: a start or stop is under way; then try again",
        )
    began = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    while folder.running():
        if time.monotonic() - began > PATIENCE:
            raise StartupError(
                f"the supervisor (pid {pid}) did not stop within {PATIENCE:g} s",
                place=str(folder.log("supervisor")),
                next_step=f"end it with `kill -9 {pid}`: its children end with it, and no data is lost",
            )
        time.sleep(0.05)
    console.print(f"stopped in {time.monotonic() - began:.1f} s")
