"""Runs a process: one uvloop, logs, health port, graceful drain, and a plain message when it fails.

run(serve, "name", Config)      # async def serve(config: Config, shutdown: Shutdown) -> None
"""

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

import uvloop

from showfloor.observability import logging as logs
from showfloor.observability import tracing
from showfloor.platform.health import Health, serve_health
from showfloor.platform.settings import PREFIX, ProcessSettings, load
from showfloor.platform.startup_error import StartupError, port_error
from showfloor.platform.step import EXIT_FAILED, EXIT_NOT_DRAINED, EXIT_OK, EXIT_STARTUP_ERROR, explain, unexpected

DRAIN_SECONDS = 3.0  # per process: the whole system has 5 s, PostgreSQL needs the rest


class Shutdown:
    """Tells a process's main function when to stop.

    `health` shows on the HTTP port: call `shutdown.health.ready()` when the process takes work.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.reason = ""
        self.health = Health()

    def request(self, reason: str) -> None:
        """Ask the process to drain and stop. The first reason is kept."""
        if not self._event.is_set():
            self.reason = reason
            self.health.waiting("shutdown", reason)
            self._event.set()

    async def wait(self) -> None:
        """Return once somebody asked the process to stop."""
        await self._event.wait()


Config = TypeVar("Config", bound=ProcessSettings)
Main = Callable[[Config, Shutdown], Awaitable[None]]


def run(main: Main[Config], name: str, kind: type[Config]) -> NoReturn:
    """Read the settings and run `main` until it returns or SIGTERM/SIGINT.

    After a signal `main` has DRAIN_SECONDS to finish; then it is cancelled. Exit codes: 0 drained, 1 failed
    unexpectedly, 2 a person must act (StartupError), 3 did not drain in time.
    """
    try:
        settings = load(kind)
    except StartupError as error:
        explain(name, error)
        sys.exit(EXIT_STARTUP_ERROR)
    logs.configure(name, settings.log_level, json=settings.log_format == "json")
    if settings.otlp_endpoint or settings.span_file:
        tracing.configure(name, otlp_endpoint=settings.otlp_endpoint, span_file=settings.span_file)
    gc.freeze()  # what is imported by now stays: a full collection that walks it all holds everybody up for 100 ms
    try:
        code = uvloop.run(_live(main, name, settings))
    finally:
        tracing.shutdown()
    sys.exit(code)


async def listening(start: Callable[[str, int], Awaitable[int]], address: str) -> int:
    """Start the gRPC server at SHOWFLOOR_LISTEN; return the port. Raises StartupError when it cannot."""
    host, _, port = address.rpartition(":")
    try:
        return await start(host.strip("[]"), int(port))
    except OSError as error:
        raise port_error(error, f"{PREFIX}LISTEN", address) from None


async def _live(main: Main[Config], name: str, settings: Config) -> int:
    log = logs.get_logger(name)
    shutdown = Shutdown()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, shutdown.request, signal.Signals(number).name)
    try:
        async with serve_health(shutdown.health, settings.http_listen) as port:
            log.info("process started", http_port=port)
            drained = await _until_done(main(settings, shutdown), shutdown)
    except StartupError as error:
        explain(name, error)
        return EXIT_STARTUP_ERROR
    except Exception as error:  # last line of defence: say what, where and what next, then let go
        log.exception("process failed")
        explain(name, unexpected(error, "the traceback is above; the supervisor starts the process again"))
        return EXIT_FAILED
    log.info("process stopped", reason=shutdown.reason, drained=drained)
    return EXIT_OK if drained else EXIT_NOT_DRAINED


async def _until_done(main: Awaitable[None], shutdown: Shutdown) -> bool:
    """Await main; True if it finished by itself or within the drain time after a request to stop."""
    work = asyncio.ensure_future(main)
    asked = asyncio.ensure_future(shutdown.wait())
    try:
        await asyncio.wait((work, asked), return_when=asyncio.FIRST_COMPLETED)
        done, _ = await asyncio.wait((work,), timeout=DRAIN_SECONDS)
        if done:
            await work  # raises what main raised
            return True
        return False
    finally:
        asked.cancel()
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await asyncio.wait_for(asyncio.shield(asyncio.gather(work, return_exceptions=True)), 0.5)
