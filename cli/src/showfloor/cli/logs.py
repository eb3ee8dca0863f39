"""`showfloor logs`: what the processes wrote."""

import time
from collections import deque
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console
from showfloor.embedded.folder import DataFolder
from showfloor.platform.startup_error import StartupError

WATCH_EVERY = 0.25  # seconds


def logs(
    process: str | None = None,
    *,
    data: Data = DEFAULT_FOLDER,
    follow: Annotated[bool, Parameter(name=["--follow", "-f"], negative="")] = False,
    lines: Annotated[int, Parameter(name=["--lines", "-n"])] = 50,
) -> None:
    """Print the last lines of a process's log, or of all.

    Parameters
    ----------
    process
        postgres, nats, the name of a service, or supervisor; all when left out.
    follow
        Keep printing what is added, until Ctrl-C.
    lines
        How many lines of each log to print first.
    """
    folder = DataFolder(data)
    files = {path.stem: path for path in sorted(folder.logs.glob("*.log"))}
    if process is not None and process not in files:
        raise StartupError(
            f"there is no log of {process}",
            place=str(folder.logs),
            next_step=f"choose one of: {', '.join(files) or 'nothing was started here yet'}",
        )
    chosen = {process: files[process]} if process else files
    for name, path in chosen.items():
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in deque(file, maxlen=lines):
                _print(name, line, several=len(chosen) > 1)
    if follow:
        _follow(chosen)


def _follow(chosen: dict[str, Path]) -> None:
    opened = {name: _at_end(path) for name, path in chosen.items()}
    while True:
        for name, file in opened.items():
            if chosen[name].stat().st_size < file.tell():  # cut by rotation
                file.seek(0)
            for line in file:
                _print(name, line, several=len(chosen) > 1)
        time.sleep(WATCH_EVERY)


def _at_end(path: Path) -> TextIOWrapper:
    file = path.open(encoding="utf-8", errors="replace")
    file.seek(0, 2)
    return file


def _print(name: str, line: str, *, several: bool) -> None:
    console.print(f"{name:>10} | {line.rstrip()}" if several else line.rstrip())
