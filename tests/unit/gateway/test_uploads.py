"""How many large bodies of one caller are held at a time."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from showfloor.gateway.http.calls import MOST_UPLOADS, Calls
from showfloor.kernel.refusal import Refusal


async def test_one_callers_large_bodies_are_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing: Any = SimpleNamespace(ask=None, membership=None)
    calls, released, begun = Calls(nothing, nothing, nothing), asyncio.Event(), asyncio.Semaphore(0)

    async def held(*_: Any) -> str:
        begun.release()
        await released.wait()
        return "answered"

    monkeypatch.setattr(calls, "_answer", held)
    route: Any = SimpleNamespace(raw="content", max_age_s=None)

    def send(who: str) -> "asyncio.Task[Any]":
        return asyncio.create_task(calls.answer(None, route, {}, SimpleNamespace(key=who), ""))  # type: ignore[arg-type]

    first = [send("ann") for _ in range(MOST_UPLOADS)]
    for _ in first:
        await begun.acquire()
    with pytest.raises(Refusal) as refused:
        await send("ann")
    assert refused.value.reason == "QUEUE_FULL"
    other = send("bob")
    await begun.acquire()
    released.set()
    assert set(await asyncio.gather(*first, other, send("ann"))) == {"answered"}
