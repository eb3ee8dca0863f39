"""The proof behind "ready": a command sent through the REST API comes back as a frame of the live stream."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx

from showfloor.cli import sign_in
from showfloor.platform.embedded.folder import DataFolder
from showfloor.platform.trouble import Trouble

PATIENCE = 20.0  # seconds for the whole round trip


async def prove(folder: DataFolder, url: str) -> None:
    """Post a comment in a practice session and wait for it on the stream. Raises Trouble when it stays away."""
    try:
        async with asyncio.timeout(PATIENCE):
            token = await asyncio.to_thread(sign_in.api_token, folder)
            headers = {"Authorization": f"Bearer {token}"}
            async with httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE) as client:
                await _round_trip(client)
    except TimeoutError:
        raise Trouble(
            f"a comment did not come back on the live stream within {PATIENCE:g} s",
            place=f"{url}/v1/stream",
            next_step="see `showfloor logs session` and `showfloor logs gateway`",
        ) from None


async def _round_trip(client: httpx.AsyncClient) -> None:
    account = (await _ask(client, "GET", "/v1/accounts"))["accounts"][0]["account_id"]
    opened = await _ask(client, "POST", "/v1/sessions", {"account_id": account, "practice": True, "title": "Self-test"})
    session = opened["session"]["session_id"]
    mark = f"ready? {uuid.uuid4()}"
    try:
        async with client.stream("GET", "/v1/stream", params={"topics": f"activity:{session}"}) as stream:
            stream.raise_for_status()
            posting = asyncio.create_task(_ask(client, "POST", f"/v1/sessions/{session}/comments", {"text": mark}))
            async for data in _frames(stream):
                if mark in data:
                    break
            await posting
    finally:
        await _ask(client, "POST", f"/v1/sessions/{session}/end", {})


async def _frames(stream: httpx.Response) -> AsyncIterator[str]:
    """Yield the data of each SSE frame."""
    data: list[str] = []
    async for line in stream.aiter_lines():
        if line.startswith("data:"):
            data.append(line[5:].strip())
        elif not line and data:
            yield "\n".join(data)
            data.clear()


async def _ask(client: httpx.AsyncClient, method: str, path: str, body: object = None) -> dict[str, Any]:
    headers = {} if method == "GET" else {"Idempotency-Key": str(uuid.uuid4())}
    answer = await client.request(method, path, json=body, headers=headers)
    if answer.is_success:
        return dict(answer.json())
    raise Trouble(
        f"the gateway refused the self-test with {answer.status_code}: {answer.text[:300]}",
        place=f"{method} {path}",
        next_step="see `showfloor logs gateway`",
    )
