"""What is kept of an answer whose caller has left."""

import asyncio
from typing import Any

from starlette.responses import Response

from showfloor.eventstore.keyring import Keyring
from showfloor.eventstore.sealing import Sealing
from showfloor.gateway.http.idempotency import Idempotency


class Table:
    """Gives every key away, and is slow to keep answers."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.slow = asyncio.Event()

    async def fetch(self, sql: str, params: Any) -> list[dict[str, Any]]:
        if "INSERT" in sql:
            principals, routes, keys, _ = params[3:]
            return [
                {"principal": principal, "route": route, "key": key}
                for principal, route, key in zip(principals, routes, keys, strict=True)
            ]
        assert "UPDATE" in sql
        self.kept += params[-1]
        await self.slow.wait()
        return []


async def test_a_caller_who_leaves_before_the_answer_is_kept_finds_it() -> None:
    table = Table()
    idempotency = Idempotency(table, Sealing(Keyring()), 1)  # type: ignore[arg-type]
    done: list[str] = []

    def ask(key: str) -> asyncio.Task[Response]:
        async def work() -> Response:
            done.append(key)
            return Response(b"{}")

        return asyncio.create_task(idempotency.once("user:1", "PostComment", key, b"print", work))

    first = ask("a")
    while table.kept != ["a"]:
        await asyncio.sleep(0)
    left, stays = ask("b"), ask("c")
    while len(done) < 3:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.sleep(0)
    table.slow.set()
    await asyncio.gather(first, stays)
    assert sorted(table.kept) == ["a", "b", "c"]


class Keys:
    """A table that remembers which keys are claimed, freed and answered; a claim waits until it may go on."""

    def __init__(self) -> None:
        self.claimed: list[str] = []
        self.freed: list[str] = []
        self.kept: list[str] = []
        self.go_on = asyncio.Event()

    async def fetch(self, sql: str, params: Any) -> list[dict[str, Any]]:
        if "INSERT" in sql:
            principals, routes, keys, _ = params[3:]
            self.claimed += keys
            await self.go_on.wait()
            return [
                {"principal": principal, "route": route, "key": key}
                for principal, route, key in zip(principals, routes, keys, strict=True)
            ]
        (self.kept if "UPDATE" in sql else self.freed).append(params[-1][-1] if "UPDATE" in sql else params[-1])
        return []


async def test_a_caller_who_leaves_during_the_claim_leaves_no_key() -> None:
    table = Keys()
    idempotency = Idempotency(table, Sealing(Keyring()), 1)  # type: ignore[arg-type]

    async def work() -> Response:
        return Response(b"{}")

    asked = asyncio.create_task(idempotency.once("user:1", "PostComment", "a", b"print", work))
    while not table.claimed:
        await asyncio.sleep(0)
    asked.cancel()
    await asyncio.wait([asked])
    table.go_on.set()
    await idempotency.drain()
    assert table.kept == ["a"]


async def test_a_caller_who_leaves_during_the_work_finds_its_outcome() -> None:
    table = Keys()
    table.go_on.set()
    idempotency = Idempotency(table, Sealing(Keyring()), 1)  # type: ignore[arg-type]
    done = asyncio.Event()

    async def refused() -> Response:
        await done.wait()
        return Response(b"{}", 503)

    async def answered() -> Response:
        await done.wait()
        return Response(b"{}", 200)

    both = [
        asyncio.create_task(idempotency.once("user:1", "PostComment", key, b"print", work))
        for key, work in (("a", refused), ("b", answered))
    ]
    while len(table.claimed) < 2:
        await asyncio.sleep(0)
    for asked in both:
        asked.cancel()
    await asyncio.wait(both)
    assert not table.freed and not table.kept, "the requests still run: nobody else may have their keys"
    done.set()
    await idempotency.drain()
    assert (table.freed, table.kept) == (["a"], ["b"])
