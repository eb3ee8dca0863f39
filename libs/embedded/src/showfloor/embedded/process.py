"""One supervised process: what it is (`Process`), and the supervisor that starts, watches and restarts it."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from showfloor.embedded.child import Command, spawn
from showfloor.platform.startup_error import StartupError

POLL = 0.1  # seconds between looks at a child's exit, and between probes while it starts
PROBE_EVERY = 2.0  # seconds between probes of a healthy process
REASONS = 64  # why a process is not ready: as many are remembered, so that two that alternate are no progress
DISK_FULL = 32 * 1024 * 1024  # bytes: PostgreSQL takes 16 MiB for its next piece of log
CRASH_LOOP = 5  # ends within CRASH_WINDOW seconds
CRASH_WINDOW = 60.0
BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before the n-th restart in a row

Probe = Callable[[], Awaitable[str | None]]
"""Returns None when all is well, else what is wrong."""


@dataclass(frozen=True)
class Process:
    """A process to keep alive. Lower groups start first and stop last; members of a group go together.

    `prepare` blocks and runs before each start; `ready` gates the next group; `alive` is asked afterwards;
    `arranged` blocks and runs once, when the process is ready for the first time.
    """

    name: str
    command: Callable[[], Command]
    ready: Probe
    alive: Probe
    group: int
    prepare: Callable[[], None] = lambda: None
    arranged: Callable[[], None] = lambda: None
    ports: Mapping[str, int] = field(default_factory=dict)
    start_patience: float = 30.0  # seconds from start to ready, while what it waits for does not move
    patience: float = 12.0  # seconds unwell before it is restarted


def full_disk(folder: Path) -> str:
    """Return what to add to the reason of an end when the disk is full: then every other reason follows from it."""
    free = shutil.disk_usage(folder).free
    return "" if free >= DISK_FULL else f"; the disk is full ({free // 1024} KiB left): free some space at {folder}"


class ProcessSupervisor:
    """Keeps one process alive. `changed` is called at every change of status, `report` with news for people."""

    def __init__(
        self, process: Process, log: Path, changed: Callable[[], None], report: Callable[[str, str], None]
    ) -> None:
        self.process = process
        self.log = log
        self.status = "stopped"
        self.problem = ""
        self.restarts = 0
        self.since = time.time()
        self.first_ready = asyncio.Event()
        self._changed = changed
        self._report = report
        self._child: subprocess.Popen[bytes] | None = None
        self._created = 0.0
        self._ends: deque[float] = deque(maxlen=len(BACKOFF))
        self._task: asyncio.Task[None] | None = None

    def start(self) -> asyncio.Task[None]:
        """Begin to keep the process alive; the task ends only by error or `stop`."""
        self._task = asyncio.create_task(self._keep(), name=f"keep {self.process.name}")
        return self._task

    async def stop(self, seconds: float) -> bool:
        """Ask the child to stop, kill it after `seconds`. True when it stopped by itself."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await self._task
        self._set("stopping")
        drained = await self._end_child(seconds)
        self._set("stopped", "" if drained else f"did not stop within {seconds:.1f} s and was killed")
        return drained

    def describe(self) -> dict[str, Any]:
        """Return the process's line of state.json."""
        child = self._child
        return {
            "name": self.process.name,
            "status": self.status,
            "problem": self.problem,
            "pid": child.pid if child is not None and child.returncode is None else None,
            "created": self._created,
            "stop_signal": int(self.process.command().stop_signal),
            "restarts": self.restarts,
            "since": self.since,
            "ports": dict(self.process.ports),
            "log": str(self.log),
        }

    def tail(self, lines: int = 8) -> str:
        """Return the last lines of the process's log: most often the cause of its end."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - 8192))
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return ""
        return "\n".join(text.strip().splitlines()[-lines:])

    async def _keep(self) -> None:
        while True:
            problem = await self._live() + full_disk(self.log.parent)
            self._ends.append(time.monotonic())
            recent = [end for end in self._ends if end > time.monotonic() - CRASH_WINDOW]
            looping = len(recent) >= CRASH_LOOP
            self._set("crash-loop" if looping else "restarting", problem)
            pause = BACKOFF[min(len(recent), len(BACKOFF)) - 1]
            self._report(self.process.name, f"{problem}; starting it again in {pause:g} s (log: {self.log})")
            await self._end_child(2.0)
            await asyncio.sleep(pause)
            self.restarts += 1

    async def _live(self) -> str:
        """Run the process once; return why it must be started again. A first start that a person must help raises."""
        try:
            await asyncio.to_thread(self.process.prepare)
            self._spawn()
            return await self._watch()
        except Exception as error:  # whatever it is, the process is started again: there is nobody else to do it
            if not self.first_ready.is_set() and isinstance(error, StartupError):
                raise
            return str(error) if isinstance(error, StartupError | OSError) else f"{type(error).__name__}: {error}"

    def _spawn(self) -> None:
        self._child = spawn(self.process.command(), self.log)
        with contextlib.suppress(psutil.NoSuchProcess):
            self._created = psutil.Process(self._child.pid).create_time()
        # One that dies again and again stays shown as such until it runs.
        self._set(self.status if self.status == "crash-loop" else "starting", self.problem)

    async def _watch(self) -> str:
        """Return why the child must be started again: it ended, never got ready, or stayed unwell."""
        ended, unwell = asyncio.ensure_future(self._ended()), asyncio.ensure_future(self._unwell())
        try:
            await asyncio.wait((ended, unwell), return_when=asyncio.FIRST_COMPLETED)
            return ended.result() if ended.done() else unwell.result()
        finally:
            ended.cancel()
            unwell.cancel()

    async def _ended(self) -> str:
        code = await self._exit_code(float("inf"))
        assert code is not None
        return f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    async def _unwell(self) -> str:
        reason = await self._probe_until(self.process.ready, self.process.start_patience, self._starting)
        if reason is not None:
            return f"not ready, and no further for {self.process.start_patience:g} s: {reason}"
        if not self.first_ready.is_set():
            await asyncio.to_thread(self.process.arranged)
        self._set("running")
        self.first_ready.set()
        while True:
            await asyncio.sleep(PROBE_EVERY)
            if await self.process.alive() is None:
                continue
            reason = await self._probe_until(self.process.alive, self.process.patience)
            if reason is not None:
                return f"unwell for {self.process.patience:g} s: {reason}"

    async def _probe_until(
        self, probe: Probe, patience: float, moving: Callable[[str], None] | None = None
    ) -> str | None:
        """Probe until well (None) or out of patience (the last reason).

        With `moving`, which is told of it, a reason not seen of late is progress: then patience begins anew.
        """
        end = time.monotonic() + patience
        seen: deque[str] = deque(maxlen=REASONS)
        while (reason := await probe()) is not None:
            if time.monotonic() >= end:
                return reason
            if moving is not None and reason not in seen:
                end = time.monotonic() + patience
                seen.append(reason)
                moving(reason)
            await asyncio.sleep(POLL)
        return None

    def _starting(self, reason: str) -> None:
        if self.status == "starting":
            self._set("starting", reason)

    async def _exit_code(self, seconds: float) -> int | None:
        """Wait for the child's end and return its exit code (minus the signal's number), or None."""
        assert self._child is not None
        end = time.monotonic() + seconds
        every = POLL if seconds == float("inf") else POLL / 4  # a watch that lasts must cost next to nothing
        while True:  # asking beats a waiting thread per child, and works on every system
            if (code := self._child.poll()) is not None or time.monotonic() >= end:
                return code
            await asyncio.sleep(every)

    async def _end_child(self, seconds: float) -> bool:
        child = self._child
        if child is None or child.poll() is not None:
            return True
        child.send_signal(self.process.command().stop_signal)
        if await self._exit_code(seconds) is not None:
            return True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # its own session: the group is the child and its children
        await asyncio.to_thread(child.wait)
        return False

    def _set(self, status: str, problem: str = "") -> None:
        if (status, problem) != (self.status, self.problem):
            self.status, self.problem, self.since = status, problem, time.time()
        self._changed()
