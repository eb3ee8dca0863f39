"""The numbers of a board, awaited over REST."""

import asyncio

import httpx

from showfloor.testing.waiting import PATIENCE


async def numbers(client: httpx.AsyncClient, session_id: str, **wanted: float) -> dict[str, float]:
    """Return the board's numbers once they are as wanted."""
    values: dict[str, float] = {}
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                core = (await client.get(f"/v1/sessions/{session_id}/board")).json()["core"]
                values = {one["metric"]: one.get("value", 0) for one in core}
                if all(values[name] == value for name, value in wanted.items()):
                    return values
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError({name: values.get(name) for name in wanted}) from None
