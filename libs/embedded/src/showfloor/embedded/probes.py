"""Probes: short questions to a process. None means well; a text says what is wrong."""

import asyncio
import ssl

import httpx

from showfloor.embedded.postgres import Postgres

PROBE_SECONDS = 3.0
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used on a loopback port: one that is read anew costs 10 ms


async def http_probe(port: int, path: str) -> str | None:
    """GET a path on a loopback port: 200 is well, anything else is told with the first line of the body."""
    try:
        async with (
            asyncio.timeout(PROBE_SECONDS),
            httpx.AsyncClient(trust_env=False, verify=_NO_TLS) as client,
            client.stream("GET", f"http://127.0.0.1:{port}{path}") as answer,
        ):
            if answer.status_code == httpx.codes.OK:
                return None
            body = await anext(answer.aiter_raw(), b"")
    except (TimeoutError, httpx.TimeoutException):
        return f"{path} on port {port} does not answer within {PROBE_SECONDS:g} s"
    except httpx.HTTPError as error:
        return f"{path} on port {port} does not answer: {error or type(error).__name__}"
    reason = body.decode("utf-8", "replace").strip().splitlines()
    return f"{path}: {reason[0][:300]}" if reason else f"{path} on port {port} answers with an error"


async def postgres_probe(postgres: Postgres) -> str | None:
    """SELECT 1 as a client would."""
    try:
        await asyncio.to_thread(postgres.query, "SELECT 1", timeout=PROBE_SECONDS)
    except OSError as error:
        return str(error)
    return None
