"""Runs the embedded system in this process: what `showfloor up` does between its first and its last word."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Sequence

from showfloor.access.tokens import Signer, publish_keys
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.service import Service
from showfloor.embedded.supervisor import Report, Supervisor, end_orphans
from showfloor.embedded.topology import System, build

Hook = Callable[[System], Awaitable[None]]


async def host(
    folder: DataFolder,
    services: Sequence[Service],
    *,
    report: Report,
    probe: Hook,
    when_ready: Hook,
    stopping: asyncio.Event | None = None,
) -> list[str]:
    """Run the system until SIGINT, SIGTERM or SIGHUP, or until the caller sets `stopping`. The caller has prepared
    and locked the folder.

    `probe` decides when it is ready, by using it; `when_ready` runs afterwards beside it. Returns the names
    of processes that had to be killed at the end.
    Raises StartupError when the start fails; all is stopped then.
    """
    stopping = stopping or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stopping.set)
    left = await asyncio.to_thread(end_orphans, folder.state())
    if left:
        report("supervisor", f"stopped what an earlier run left behind: {', '.join(left)}")
    publish_keys(Signer(folder.signing_key), folder.public_keys)
    system = build(folder, services)
    for change in system.ports_changed:
        report("ports", change)
    supervisor = Supervisor(folder, system.processes, report)
    try:
        await _unless(stopping, _begin(supervisor, system, probe))
        await _unless(stopping, _beside(when_ready(system), stopping))
    finally:
        killed = await supervisor.stop()
    return killed


async def _begin(supervisor: Supervisor, system: System, probe: Hook) -> None:
    began = time.monotonic()
    await supervisor.start(url=system.url)
    await probe(system)
    supervisor.ready(seconds_to_ready=round(time.monotonic() - began, 2))


async def _beside(work: Awaitable[None], stopping: asyncio.Event) -> None:
    await work
    await stopping.wait()


async def _unless(stopping: asyncio.Event, work: Awaitable[None]) -> None:
    """Do the work, but drop it as soon as somebody asks to stop."""
    doing, asked = asyncio.ensure_future(work), asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait((doing, asked), return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            doing.result()
    finally:
        asked.cancel()
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
