"""What is kept of an answer whose caller has left."""

import asyncio
from typing import Any

from starlette.responses import Response

from showfloor.gateway.api.idempotency import Idempotency


class Table:
    """Gives every key away, and is slow to keep answers."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.slow = asyncio.Event()

    async def fetch(self, sql: str, params: Any) -> list[dict[str, Any]]:
        if "INSERT" in sql:
            principals, routes, keys, _ = params[2:]
            return [
                {"principal": principal, "route": route, "key": key}
                for principal, route, key in zip(principals, routes, keys, strict=True)
            ]
        assert "UPDATE" in sql
        self.kept += params[-1]
        await self.slow.wait()
        return []


async def test_a_caller_who_leaves_while_the_answer_waits_to_be_kept_finds_it_later() -> None:
    table = Table()
    idempotency = Idempotency(table)  # type: ignore[arg-type]
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
