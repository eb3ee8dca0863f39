"""PostgreSQL takes no writes for a while under gateway and session service: 503 with Retry-After, then all is well."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from starlette.responses import Response

from showfloor.eventstore.keyring import Keyring
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.query import Database
from showfloor.eventstore.sealing import Sealing
from showfloor.gateway.http.idempotency import Idempotency
from showfloor.gateway.service import MIGRATIONS
from showfloor.kernel.refusal import Refusal
from showfloor.testing.waiting import eventually


@pytest.fixture
def postgres_server(private_postgres: Any) -> Any:
    """A server of the test's own in the place of everybody's: `database` and `gateway` take it."""
    with psycopg.connect(private_postgres.dsn(), autocommit=True) as admin:
        admin.execute("CREATE DATABASE showfloor_template")
    migrate(private_postgres.dsn("showfloor_template"))
    return private_postgres


async def test_a_request_refused_meanwhile_is_done_when_sent_again(gateway: Any, private_postgres: Any) -> None:
    client, first = await gateway.owner()
    account_id = first["account_id"]
    session_id = await gateway.go_live(client, account_id)
    said = f"/v1/sessions/{session_id}/comments"
    sent: list[tuple[str, dict[str, Any], dict[str, str]]] = []

    async def ask(path: str, **body: Any) -> int:
        sent.append((path, body, {"Idempotency-Key": str(uuid4())}))
        answer = await client.post(path, json=body, headers=sent[-1][2])
        assert answer.status_code != 503 or answer.headers["Retry-After"] == "1"
        return int(answer.status_code)

    stop = asyncio.Event()
    seen: set[int] = set()

    async def load() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            seen.add(await ask("/v1/sessions", account_id=account_id, title=f"LIVE {number}"))
            seen.add(await ask(said, viewer={"viewer_ref": "v1"}, text=f"comment {number}"))
            seen.add((await client.get(f"/v1/sessions/{session_id}/board")).status_code)

    tasks = [asyncio.create_task(load()) for _ in range(4)]
    for seconds in (0.3, 1.5):
        before = len(sent)
        await eventually(lambda before=before: len(sent) > before + 8)  # type: ignore[misc]
        with private_postgres.read_only():
            await asyncio.sleep(seconds)
    stop.set()
    await asyncio.gather(*tasks)
    assert seen <= {200, 503}
    assert 503 in seen
    opened: list[str] = []
    for path, body, headers in sent:
        again = await client.post(path, json=body, headers=headers)
        for _ in range(50):  # a key may be about to be settled
            if again.status_code != 409:
                break
            await asyncio.sleep(0.1)
            again = await client.post(path, json=body, headers=headers)
        assert again.status_code == 200, again.text
        if path == "/v1/sessions":
            opened.append(again.json()["session"]["session_id"])
    assert len(set(opened)) == len(opened)
    for _ in range(200):  # the list may be some milliseconds behind
        listed = [row async for row in pages(client)]
        if len(listed) > len(opened):
            break
        await asyncio.sleep(0.05)
    assert len(listed) == len(opened) + 1


async def pages(client: Any) -> AsyncIterator[dict[str, Any]]:
    """Yield every row of the list of sessions."""
    query: dict[str, Any] = {"page_size": 100}
    while True:
        page = (await client.get("/v1/sessions", params=query)).json()
        for row in page["sessions"]:
            yield row
        if not page.get("next_page_token"):
            return
        query["page_token"] = page["next_page_token"]


@pytest.mark.parametrize("status", [200, 503], ids=["an answer to keep", "a key to free"])
async def test_a_request_caught_in_the_middle_is_settled_later(
    postgres_server: Any, database: str, status: int
) -> None:
    """Its key was claimed; then nothing could be written, neither the answer nor that the key is free."""
    migrate(database, MIGRATIONS.folder)
    pool = Database(database)
    await pool.open()
    sealing = Sealing(Keyring())
    here, beside = Idempotency(pool, sealing, 1), Idempotency(pool, sealing, 2)
    asked = ("user:1", "OpenSession", "k-1", b"print")
    done: list[str] = []

    async def work() -> Response:
        done.append("work")
        return Response(b"{}", status)

    async def caught() -> Response:
        window.__enter__()
        return await work()

    window = postgres_server.read_only()
    with psycopg.connect(database, autocommit=True) as alive:  # both show that they live
        for number in (1, 2):
            alive.execute("SELECT pg_advisory_lock(%s, %s)", (0x5F0A, number))
        assert (await here.once(*asked, caught)).status_code == status
        with pytest.raises(Refusal) as refused:
            await here.once(*asked, work)
        assert refused.value.reason == "IDEMPOTENCY_RUNNING"
        window.__exit__(None, None, None)
        await eventually(lambda: not here._working)
        assert (await beside.once(*asked, work)).status_code == status
        assert len(done) == (1 if status == 200 else 2)
    await here.drain()
    await pool.close()


async def test_a_claim_whose_answer_was_lost_is_claimed_again(database: str) -> None:
    """It was sent again, as reads of the pool are: the row is there, of this very process, and nobody works at it."""
    migrate(database, MIGRATIONS.folder)
    pool = Database(database)
    await pool.open()
    here = Idempotency(pool, Sealing(Keyring()), 1)
    claim = here._claims._run

    async def answer_lost(waiting: Any) -> Any:
        await claim(waiting)
        return await claim(waiting)

    here._claims._run = answer_lost  # type: ignore[method-assign]

    async def work() -> Response:
        return Response(b"{}")

    with psycopg.connect(database, autocommit=True) as alive:
        alive.execute("SELECT pg_advisory_lock(%s, %s)", (0x5F0A, 1))
        assert (await here.once("user:1", "OpenSession", "k-1", b"print", work)).status_code == 200
    await pool.close()
