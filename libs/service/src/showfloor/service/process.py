"""A service as a process: what `python -m showfloor.<service>` does around the service itself."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from showfloor.platform.health import Health
from showfloor.platform.migrations import Migrations
from showfloor.platform.process import Shutdown
from showfloor.platform.settings import ProcessSettings

C_contra = TypeVar("C_contra", bound=ProcessSettings, contravariant=True)


class Running(Protocol[C_contra]):
    """A service on a migrated database, for as long as the block runs."""

    def __call__(self, config: C_contra, *, health: Health | None = None) -> AbstractAsyncContextManager[Any]: ...


def serving(running: Running[C_contra], migrations: Migrations) -> Callable[[C_contra, Shutdown], Awaitable[None]]:
    """Return the process's main function: it runs the service until it is asked to stop."""

    async def serve(config: C_contra, shutdown: Shutdown) -> None:
        await asyncio.to_thread(migrations.require, config.database_url)
        async with running(config, health=shutdown.health):
            shutdown.health.ready()
            await shutdown.wait()

    return serve
