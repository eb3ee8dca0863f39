"""Sets the clock of a process wrong by as many seconds as the file CHAOS_CLOCK says, and follows that file.

Python runs it before the process's own code, because PYTHONPATH names this folder. What measures how long something
takes, `time.monotonic`, goes on as it does: so a clock that is set looks to a process.
"""

import os
import sys
import time
from datetime import datetime, tzinfo
from pathlib import Path

from showfloor.kernel import clock

_real = time.time
_file = os.environ["CHAOS_CLOCK"]
_said: list[tuple[int, int, float]] = [(0, 0, 0.0)]  # the file's inode and time when it was read, and its seconds


def _wrong_by() -> float:
    stat = os.stat(_file)  # noqa: PTH116 - at every look at the clock: the plain call
    if _said[0][:2] != (stat.st_ino, stat.st_mtime_ns):
        _said[0] = stat.st_ino, stat.st_mtime_ns, float(Path(_file).read_text())
    return _said[0][2]


def _time() -> float:
    """Only our own code is told wrong: gRPC hands what it reads to its core, which asks the real clock."""
    ours = sys._getframe(1).f_globals.get("__name__", "").startswith("showfloor")
    return _real() + _wrong_by() if ours else _real()


class _Wrong(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """Return the time by the clock that is wrong."""
        return datetime.fromtimestamp(_real() + _wrong_by(), tz)


time.time = _time
clock.datetime = _Wrong  # type: ignore[misc]
