"""A process that dies in the middle of a request with a key keeps nobody from sending it again."""

import asyncio
from pathlib import Path
from typing import Any

import psycopg

from showfloor.eventstore.keyring import Keyring
from showfloor.eventstore.lease import SignOfLife
from showfloor.gateway.http.idempotency import ANSWERS
from showfloor.observability.tasks import stop
from showfloor.testing.waiting import PATIENCE

CLAIMED = """
UPDATE idempotent_request SET status = NULL, answer = NULL, owner = %s,
       lease_until = now() + interval '30 seconds' WHERE key = %s"""


async def test_a_request_of_a_dead_process_is_settled_at_once(gateway: Any) -> None:
    client, first = await gateway.owner()
    body = {"account_id": first["account_id"], "title": "Once"}
    keyed = {"Idempotency-Key": "k-1"}
    made = await client.post("/v1/sessions", json=body, headers=keyed)
    life = SignOfLife(gateway.config.database_url)
    task = asyncio.create_task(life.run())
    await life.held.wait()
    with psycopg.connect(gateway.config.database_url, autocommit=True) as database:
        database.execute(CLAIMED, (life.number, "k-1"))

        running = await client.post("/v1/sessions", json=body, headers=keyed)
        assert (running.status_code, running.json()["code"]) == (409, "IDEMPOTENCY_RUNNING")

        await stop(task)  # the process dies
        while database.execute("SELECT FROM pg_locks WHERE objid = %s::oid", (life.number,)).fetchone() is not None:
            await asyncio.sleep(0.01)
    again = await client.post("/v1/sessions", json=body, headers=keyed)
    assert again.status_code == 200
    assert again.json()["session"]["session_id"] == made.json()["session"]["session_id"]


async def test_a_dead_processs_key_is_not_given_to_another_request(gateway: Any) -> None:
    client, first = await gateway.owner()
    keyed = {"Idempotency-Key": "k-2"}
    body = {"account_id": first["account_id"], "title": "Once"}
    await client.post("/v1/sessions", json=body, headers=keyed)
    with psycopg.connect(gateway.config.database_url, autocommit=True) as database:
        database.execute(CLAIMED, (4711, "k-2"))
    other = await client.post("/v1/sessions", json={**body, "title": "Other"}, headers=keyed)
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


async def test_the_gateway_itself_shows_that_it_lives(gateway: Any) -> None:
    with psycopg.connect(gateway.config.database_url, autocommit=True) as database:
        async with asyncio.timeout(PATIENCE):
            locks = "SELECT 1 FROM pg_locks WHERE objsubid = 2 AND locktype = 'advisory'"
            while database.execute(locks).fetchone() is None:
                await asyncio.sleep(0.02)


async def test_a_request_whose_answer_was_erased_runs_again(gateway: Any, tmp_path: Path) -> None:
    client, first = await gateway.owner()
    body, keyed = {"account_id": first["account_id"], "title": "Once"}, {"Idempotency-Key": "k-3"}
    made = await client.post("/v1/sessions", json=body, headers=keyed)
    replayed = await client.post("/v1/sessions", json=body, headers=keyed)
    keys = Keyring(tmp_path / "gateway.sqlite")
    assert keys.destroy(subjects=[ANSWERS]) == 1
    keys.close()
    again = await client.post("/v1/sessions", json=body, headers=keyed)
    assert [one.headers.get("idempotent-replayed") for one in (made, replayed, again)] == [None, "true", None]
    assert again.json()["session"]["session_id"] == made.json()["session"]["session_id"]
