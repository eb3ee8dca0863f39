"""A service that no library has heard of: it greets on a port of its own and needs no broker."""

import asyncio

from showfloor.platform.process import Shutdown, run
from showfloor.platform.settings import Address, ProcessSettings


class Config(ProcessSettings):
    nats_url: str = ""
    hall_listen: Address
    greeting: str


async def serve(config: Config, shutdown: Shutdown) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"{config.greeting} from {config.data.name}, broker {config.nats_url!r}\n".encode())
        writer.close()

    host, _, port = config.hall_listen.rpartition(":")
    async with await asyncio.start_server(greet, host, int(port)):
        shutdown.health.ready()
        await shutdown.wait()


run(serve, "further", Config)
