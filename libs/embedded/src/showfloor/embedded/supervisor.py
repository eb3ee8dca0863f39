"""Starts processes in order, restarts what dies, watches health, and drains everything in reverse order."""

import asyncio
import json
import logging
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import groupby
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import psutil

from showfloor.embedded.folder import DataFolder, write_private
from showfloor.embedded.process import Process, ProcessSupervisor
from showfloor.platform.startup_error import StartupError

STOP_SECONDS = 4.6  # for everything together; the promise is 5
RESERVE = 0.6  # seconds kept back for each group that stops later
GIVE_UP = 3  # ends of a process before it was ever ready: then the start has failed
LOG_LIMIT = 10 * 1024 * 1024  # bytes of one log file
LOG_KEPT = 3  # older files kept beside it
ROTATE_EVERY = 10.0  # seconds

Report = Callable[[str, str], None]
"""Receives (process, news) for people."""


class Supervisor:
    """Runs the processes of one data folder. The caller holds the folder's lock.

    `start` returns when every process is ready, or raises StartupError; `stop` ends all within 5 s. In between dead
    and unwell processes are started again. `state.json` always tells how things are.
    """

    def __init__(self, folder: DataFolder, processes: Sequence[Process], report: Report) -> None:
        self._folder = folder
        self._say = report
        self._log = _own_log(folder.log("supervisor"))
        self._supervisors = [
            ProcessSupervisor(process, folder.log(process.name), self._changed, self._report) for process in processes
        ]
        self._state: dict[str, Any] = {}
        self._rotation: asyncio.Task[None] | None = None
        self._unwritten = ""

    async def start(self, **facts: Any) -> None:
        """Start group after group; `facts` (such as url) go to state.json. Raises StartupError."""
        own = psutil.Process()
        self._state = {"status": "starting", "pid": own.pid, "created": own.create_time(), **facts}
        self._state["started"] = time.time()
        self._changed()
        self._rotation = asyncio.create_task(self._rotate())
        for _, members in groupby(self._by_group(), key=lambda supervisor: supervisor.process.group):
            async with asyncio.TaskGroup() as group:
                for supervisor in members:
                    group.create_task(self._bring_up(supervisor, supervisor.start()))

    def ready(self, **facts: Any) -> None:
        """Write to state.json that the system is ready, with more facts."""
        self._state.update(facts, status="ready", ready=time.time())
        self._changed()

    async def stop(self) -> list[str]:
        """Stop all processes, last group first. Returns the names of those that had to be killed."""
        self._state["status"] = "stopping"
        end = time.monotonic() + STOP_SECONDS
        groups = [list(members) for _, members in groupby(self._by_group(), key=lambda one: one.process.group)]
        killed: list[str] = []
        for later, members in reversed(list(enumerate(groups))):
            seconds = max(0.3, end - time.monotonic() - later * RESERVE)
            drained = await asyncio.gather(*(supervisor.stop(seconds) for supervisor in members))
            killed += [one.process.name for one, ok in zip(members, drained, strict=True) if not ok]
        if self._rotation is not None:
            self._rotation.cancel()
        self._state["status"] = "stopped"
        self._changed()
        return killed

    async def _bring_up(self, supervisor: ProcessSupervisor, keeping: asyncio.Task[None]) -> None:
        """Return when the process is ready for the first time. Raises StartupError when it cannot get there."""
        ready = asyncio.ensure_future(supervisor.first_ready.wait())
        try:
            while not ready.done():
                await asyncio.wait((ready, keeping), timeout=0.1, return_when=asyncio.FIRST_COMPLETED)
                if keeping.done():
                    keeping.result()  # raises what broke it: a StartupError of `prepare`, most likely
                if supervisor.restarts >= GIVE_UP - 1 and supervisor.status in ("restarting", "crash-loop"):
                    raise StartupError(
                        f"{supervisor.process.name} does not start: {supervisor.problem}\n{supervisor.tail()}".rstrip(),
                        place=str(supervisor.log),
                        next_step="read the log above, then run `showfloor doctor`",
                    )
        except StartupError as error:
            self._state["failed"] = str(error)  # stays in state.json: `doctor` says it when nothing runs any more
            raise
        finally:
            ready.cancel()

    def _by_group(self) -> list[ProcessSupervisor]:
        return sorted(self._supervisors, key=lambda supervisor: supervisor.process.group)

    def _report(self, process: str, news: str) -> None:
        self._log.warning("%s: %s", process, news)
        with suppress(OSError, ValueError):  # the terminal is gone or has no such letters, or the disk is full
            self._say(process, news)

    def _changed(self) -> None:
        self._state["processes"] = [supervisor.describe() for supervisor in self._supervisors]
        try:
            write_private(self._folder.state_file, json.dumps(self._state, indent=2) + "\n")
        except OSError as error:  # a full disk must not end the watch over what still runs
            self._cannot_write(self._folder.state_file, error)
        else:
            self._unwritten = ""

    async def _rotate(self) -> None:
        while True:
            await asyncio.sleep(ROTATE_EVERY)
            if self._unwritten:
                self._changed()  # `status` must not show what was true when the disk was full
            for supervisor in self._supervisors:
                try:
                    rotate(supervisor.log)
                except OSError as error:
                    self._cannot_write(supervisor.log, error)

    def _cannot_write(self, path: Path, error: OSError) -> None:
        """Tell once that a file cannot be written: else `status` stands still without a reason."""
        news = f"{path} cannot be written: {error.strerror}; free some space at {path.parent}"
        if self._unwritten != news:
            self._unwritten = news
            self._report("supervisor", news)


def rotate(log: Path, limit: int = LOG_LIMIT) -> None:
    """Move a log that is too long aside. Copy and cut: the child keeps appending to the same file."""
    if not log.exists() or log.stat().st_size < limit:
        return
    for number in range(LOG_KEPT, 1, -1):
        older = log.with_name(f"{log.name}.{number - 1}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number}"))
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)  # safe: it was copied just now, and what is said meanwhile is lines for people


def end_orphans(state: dict[str, Any], extra: Iterable[int] = (), patience: float = 5.0) -> list[str]:
    """Stop what an earlier supervisor left behind, by the pids of its state file. Returns the names.

    On Linux the kernel has told them to stop already; here we wait for them, and kill after `patience` s.
    A pid counts only with the creation time that was written down: pids are used again.
    """
    found: list[tuple[str, psutil.Process]] = []
    for told in state.get("processes", ()):
        process = _same(told.get("pid"), told.get("created", 0.0))
        if process is not None:
            found.append((str(told["name"]), process))
            with suppress(psutil.NoSuchProcess):  # it was about to end anyway
                process.send_signal(signal.Signals(int(told.get("stop_signal", signal.SIGTERM))))
    for pid in extra:
        with suppress(psutil.NoSuchProcess):
            if pid not in {process.pid for _, process in found}:
                found.append((f"process {pid}", psutil.Process(pid)))
                found[-1][1].send_signal(signal.SIGINT)
    _, alive = psutil.wait_procs([process for _, process in found], timeout=patience)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=2)
    return [name for name, _ in found]


def supervisor_pid(state: dict[str, Any]) -> int | None:
    """Return the pid of the supervisor that wrote this state, if it still runs."""
    process = _same(state.get("pid"), state.get("created", 0.0))
    return None if process is None else process.pid


def _same(pid: int | None, created: float) -> psutil.Process | None:
    """Return the process that had this pid at this creation time, if it still runs."""
    try:
        process = psutil.Process(pid) if pid else None
        if process is None or abs(process.create_time() - created) > 1.0:
            return None
        return None if process.status() == psutil.STATUS_ZOMBIE else process
    except psutil.NoSuchProcess:
        return None


def _own_log(path: Path) -> logging.Logger:
    log = logging.getLogger("showfloor.supervisor")
    handler = RotatingFileHandler(path, maxBytes=LOG_LIMIT, backupCount=LOG_KEPT, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.raiseExceptions = False  # on a full disk there is nowhere to complain
    log.handlers[:] = [handler]
    log.propagate = False
    log.setLevel(logging.INFO)
    return log
