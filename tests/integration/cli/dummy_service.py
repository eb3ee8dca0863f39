"""A tiny service for the supervisor's tests: healthy, drains at once, can be told to turn unwell."""

from showfloor.platform.process import Shutdown, run
from showfloor.platform.settings import ProcessSettings


async def serve(config: ProcessSettings, shutdown: Shutdown) -> None:
    if (config.data / "broken").exists():
        raise RuntimeError("told to break")
    shutdown.health.ready()
    await shutdown.wait()


run(serve, "dummy", ProcessSettings)
