"""Probes: short questions to a part. None means well; a text says what is wrong."""

import asyncio

from showfloor.embedded.postgres import Postgres

PROBE_SECONDS = 3.0


async def http_probe(port: int, path: str) -> str | None:
    """GET a path on a loopback port: 200 is well, anything else is told with the first line of the body."""
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
                head, _, body = (await reader.read(65536)).partition(b"\r\n\r\n")
            finally:
                writer.close()
    except TimeoutError:
        return f"{path} on port {port} does not answer within {PROBE_SECONDS:g} s"
    except OSError as error:
        return f"{path} on port {port}: {error.strerror or error}"
    if b" 200 " in head.split(b"\r\n", 1)[0] + b" ":
        return None
    reason = body.decode("utf-8", "replace").strip().splitlines()
    return f"{path}: {reason[0][:300]}" if reason else f"{path} on port {port} answers with an error"


async def postgres_probe(postgres: Postgres) -> str | None:
    """SELECT 1 as a client would."""
    try:
        await asyncio.to_thread(postgres.query, "SELECT 1", timeout=PROBE_SECONDS)
    except OSError as error:
        return str(error)
    return None
