"""A service as a process: what `python -m showfloor.<service>` does around the service itself."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any, NoReturn, Protocol, TypeVar

from showfloor.platform.health import Health
from showfloor.platform.migrations import Migrations
from showfloor.platform.process import Shutdown, run
from showfloor.platform.settings import ProcessSettings

C_contra = TypeVar("C_contra", bound=ProcessSettings, contravariant=True)


class Running(Protocol[C_contra]):
    """A service on a migrated database, for as long as the block runs."""

    def __call__(self, config: C_contra, *, health: Health | None = None) -> AbstractAsyncContextManager[Any]: ...


def main(running: Running[C_contra], migrations: Migrations, kind: type[C_contra]) -> NoReturn:
    """Be the process of a service: read the settings, and run it until it is asked to stop."""

    async def serve(config: C_contra, shutdown: Shutdown) -> None:
        await asyncio.to_thread(migrations.require, config.database_url)
        async with running(config, health=shutdown.health):
            shutdown.health.ready()
            await shutdown.wait()

    run(serve, migrations.service, kind)
