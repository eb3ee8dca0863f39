"""Imports through REST, as curl and browsers send them: the file is the body, hosts get their accounts."""

import asyncio
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from showfloor.testing.waiting import PATIENCE

HEAD = "session,host,started_at,duration_s,gmv_eur,views\n"


def past(reference: str, host: str = "Ana", gmv: str = "10.50") -> str:
    return f"{reference},{host},2026-03-01T20:00:00+07:00,3600,{gmv},7\n"


async def sent(
    client: Any,
    shop: str,
    content: str | bytes,
    *,
    kind: str = "history",
    key: str = "",
    name: str = "p.csv",
    **headers: str,
) -> Any:
    return await client.post(
        f"/v1/shops/{shop}/imports",
        params={"kind": kind, "file_name": name},
        content=content,
        headers={"Idempotency-Key": key or str(uuid4()), **headers},
    )


async def announced(gateway: Any, client: Any, shop: str, size: int) -> int:
    """Return the status for a body that is announced and never sent."""
    parts = urlsplit(gateway.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = (
        f"POST /v1/shops/{shop}/imports?kind=history&file_name=x HTTP/1.1\r\nHost: x\r\nIdempotency-Key: k\r\n"
        f"Authorization: {client.headers['Authorization']}\r\nContent-Length: {size}\r\n\r\n"
    )
    writer.write(head.encode())
    async with asyncio.timeout(PATIENCE):
        line = await reader.readline()
    writer.close()
    return int(line.split()[1])


async def settled(client: Any, answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    job = answer.json()["import"]
    async with asyncio.timeout(PATIENCE):
        while job["state"] in ("checking", "applying"):
            await asyncio.sleep(0.05)
            job = (await client.get(f"/v1/imports/{job['import_id']}")).json()["import"]
    return job


async def applied(client: Any, job: Any, *, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return await client.post(f"/v1/imports/{job['import_id']}/application", json=body, headers=headers)


async def accounts(client: Any, shop: str) -> dict[str, str]:
    found = (await client.get("/v1/accounts", params={"shop_id": shop})).json()["accounts"]
    return {one["name"]: one["account_id"] for one in found}


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/csv", "application/octet-stream", ""])
async def test_the_body_is_the_file_whatever_its_type(gateway: Any, kind: str) -> None:
    owner, first = await gateway.owner()
    headers = {"Content-Type": kind} if kind else {}
    job = await settled(owner, await sent(owner, first["shop_id"], HEAD + past("1"), **headers))
    assert (job["state"], job["created"], job["file_name"]) == ("ready", 1, "p.csv")


async def test_new_hosts_get_accounts_once_the_file_is_good_and_meant(gateway: Any) -> None:
    owner, first = await gateway.owner()
    shop, before = first["shop_id"], await accounts(owner, first["shop_id"])
    bad = await settled(owner, await sent(owner, shop, HEAD + past("1", "Zoe\u0301") + past("2", "Bea", "x")))
    assert bad["state"] == "refused"
    assert (await applied(owner, bad)).json()["code"] == "IMPORT_WRONG_STATE"
    page = (await owner.get(f"/v1/imports/{bad['import_id']}/problems")).json()["problems"]
    assert [(one["line"], one["column"], one["value"]) for one in page] == [(3, "gmv_eur", "x")]
    job = await settled(
        owner, await sent(owner, shop, HEAD + past("1", "Zoe\u0301") + past("2", "Bea") + past("3", "Zo\u00e9"))
    )
    assert [one["name"] for one in job["new_hosts"]] == ["Bea", "Zo\u00e9"]
    assert await accounts(owner, shop) == before
    done = [await applied(owner, job, key="a") for _ in range(2)]
    assert [one.json()["import"]["state"] for one in done] == ["applied"] * 2, done[0].text
    after = await accounts(owner, shop)
    assert after.keys() - before.keys() == {"Bea", "Zo\u00e9"}
    listed = (await owner.get("/v1/sessions", params={"min_position": done[0].json()["import"]["position"]})).json()
    hosts = sorted(one["session"]["account_id"] for one in listed["sessions"])
    assert hosts == sorted([after["Bea"], after["Zo\u00e9"], after["Zo\u00e9"]])
    again = await settled(owner, await sent(owner, shop, HEAD + past("4", "Bea")))
    assert again["new_hosts"] == []


async def test_a_correction_that_is_not_meant_makes_no_host(gateway: Any) -> None:
    owner, first = await gateway.owner()
    shop = first["shop_id"]
    await applied(owner, await settled(owner, await sent(owner, shop, HEAD + past("1"))))
    before = await accounts(owner, shop)
    job = await settled(owner, await sent(owner, shop, HEAD + past("1", gmv="9") + past("2", "Bea")))
    refused = await applied(owner, job)
    assert (refused.status_code, refused.json()["code"]) == (409, "CORRECTION_NEEDED")
    assert await accounts(owner, shop) == before
    assert (await applied(owner, job, correct=True)).json()["import"]["state"] == "applied"


async def test_a_file_too_large_a_wrong_word_and_a_stranger(gateway: Any) -> None:
    owner, first = await gateway.owner()
    shop = first["shop_id"]
    assert await announced(gateway, owner, shop, 8 * 2**20 + 1) == 413
    wide = await sent(owner, shop, b"x" * (7 * 2**20), kind="catalogue")  # other routes take one MiB
    assert wide.status_code == 200
    for params in (
        {"kind": "both", "file_name": "x"},
        {"kind": "history", "file_name": "x", "hosts": "y"},
        {"file_name": "x"},
    ):
        answer = await owner.post(
            f"/v1/shops/{shop}/imports", params=params, content=b"x", headers={"Idempotency-Key": str(uuid4())}
        )
        assert answer.status_code == 400, answer.text
    body = await applied(owner, {"import_id": str(uuid4())}, hosts=[])
    assert (body.status_code, body.json()["field"]) == (400, "hosts")
    unknown = await applied(owner, {"import_id": str(uuid4())})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "IMPORT_NOT_FOUND")
    nobody = await (await gateway.client()).post(f"/v1/shops/{shop}/imports", content=b"x")
    assert nobody.status_code == 401
    strange = await sent(owner, str(uuid4()), HEAD)
    assert (strange.status_code, strange.json()["code"]) == (404, "SHOP_NOT_FOUND")


async def test_one_caller_sends_so_many_files(gateway: Any) -> None:
    owner, first = await gateway.owner()
    async with gateway.beside(import_rate="1/h burst 2") as slow:
        token = owner.headers["Authorization"].removeprefix("Bearer ")
        client = await slow.client(token)
        codes = [(await sent(client, first["shop_id"], "", kind="catalogue")).status_code for _ in range(3)]
    assert codes == [400, 400, 429]


async def test_a_host_whose_name_was_erased_is_imported_again(gateway: Any) -> None:
    owner, first = await gateway.owner()
    shop = first["shop_id"]
    job = await settled(owner, await sent(owner, shop, HEAD + past("1", "Canary")))
    assert (await settled(owner, await applied(owner, job)))["state"] == "applied"
    host = (await accounts(owner, shop))["Canary"]
    headers = {"Idempotency-Key": str(uuid4())}
    assert (await owner.delete(f"/v1/accounts/{host}/name", headers=headers)).status_code == 200
    again = await settled(owner, await sent(owner, shop, HEAD + past("2", "Canary")))
    assert (await settled(owner, await applied(owner, again)))["state"] == "applied"
    assert (await accounts(owner, shop))[""] == host, "what is erased stays erased"
