"""The proof behind "ready": a command sent through the REST API comes back as a frame of the live stream."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx

from showfloor.cli import sign_in
from showfloor.cli.api import Api, ApiRefusal, NotAnswering
from showfloor.cli.directory import ensure_account
from showfloor.embedded.folder import DataFolder
from showfloor.platform.startup_error import StartupError

PATIENCE = 20.0  # seconds for the whole round trip
NAME = "Self-test"  # a user, shop and account of its own: nobody's lists, figures or slots are touched


async def prove(folder: DataFolder, url: str) -> None:
    """Write a comment as the host while practising and wait for it on the stream, else raise StartupError."""
    try:
        async with asyncio.timeout(PATIENCE):
            user, shop = await asyncio.to_thread(sign_in.own_shop, folder, NAME, "USD")
            token = await asyncio.to_thread(sign_in.api_token, folder, user)
            async with Api(url, token, give_up_s=PATIENCE) as api:
                await _round_trip(api, url, token, shop)
    except (TimeoutError, NotAnswering, ApiRefusal, httpx.HTTPError) as error:
        raise StartupError(
            f"the self-test did not come back on the live stream within {PATIENCE:g} s: {error or 'no answer'}",
            place=f"{url}/v1/stream",
            next_step="see `showfloor logs gateway` and `showfloor logs session`",
        ) from error


async def _round_trip(api: Api, url: str, token: str, shop: str) -> None:
    account = await ensure_account(api, shop, NAME)
    opened = await api.post("/sessions", {"account_id": account, "title": NAME})
    session = str(opened["session"]["session_id"])
    await api.post(f"/sessions/{session}/practice", {})
    mark = str(uuid4())
    try:
        async with _stream(url, token, f"activity:{session}") as stream:
            arriving = frames(stream)
            await anext(arriving)  # hello: from here on the stream misses nothing
            await api.post(f"/sessions/{session}/replies", {"text": f"ready? {mark}"})
            async for data in arriving:
                if mark in data:
                    break
    finally:
        await api.delete(f"/sessions/{session}/practice")


@asynccontextmanager
async def _stream(url: str, token: str, topics: str) -> AsyncIterator[httpx.Response]:
    """Open the live stream; its first bytes may take as long as the whole proof."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    async with (
        httpx.AsyncClient(headers=headers, timeout=PATIENCE) as client,
        client.stream("GET", f"{url}/v1/stream", params={"topics": topics}) as response,
    ):
        response.raise_for_status()
        yield response


async def frames(stream: httpx.Response) -> AsyncIterator[str]:
    """Yield the data of each frame of a server-sent event stream."""
    data: list[str] = []
    async for line in stream.aiter_lines():
        if line.startswith("data:"):
            data.append(line[5:].strip())
        elif not line and data:
            yield "\n".join(data)
            data.clear()
