"""Who may be given a look into an account, who gives it, and how it ends: over the real routes."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from principals_cast import Cast, give, made, refused, until

pytestmark = pytest.mark.requirement("D5")


async def account_of(cast: Cast) -> str:
    return str((await made(cast.sam, "POST", "/accounts", name="Tea live", shop_id=cast.shop))["account_id"])


async def bind(cast: Cast) -> str:
    offer = await made(cast.pat, "POST", f"/partners/{cast.partner}/shops", shop_id=cast.shop)
    await made(cast.sam, "POST", f"/bindings/{offer['binding_id']}/accept")
    return str(offer["binding_id"])


async def listed(client: Any, account: str, **query: Any) -> dict[str, Any]:
    answer = await client.get(f"/v1/accounts/{account}/grants", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def states(client: Any, account: str) -> list[str]:
    return [one["state"] for one in (await listed(client, account))["grants"]]


async def test_an_owner_gives_a_user_a_grant_and_takes_it_back(cast: Cast) -> None:
    account = await account_of(cast)
    later = datetime.now(UTC) + timedelta(days=2)
    given = await give(cast.sam, account, until_time=f"{later:%Y-%m-%dT%H:%M:%S}+00:00", user_id=cast.ids["cleo"])
    assert given["until_time"] == f"{later:%Y-%m-%dT%H:%M:%S}Z"
    (row,) = (await listed(cast.sam, account))["grants"]
    assert (row["state"], row["user_id"], row["given_by_user_id"]) == ("active", cast.ids["cleo"], cast.ids["sam"])
    assert row["until_time"] == given["until_time"] and row["given_time"].endswith("Z")
    await refused(cast.pat, "DELETE", f"/grants/{row['grant_id']}", "GRANT_NOT_FOUND")
    await refused(cast.pat, "GET", f"/accounts/{account}/grants", "ACCOUNT_NOT_FOUND")
    await refused(cast.cleo, "DELETE", f"/grants/{row['grant_id']}", "PERMISSION")  # she sees the account now
    await refused(cast.cleo, "GET", f"/accounts/{account}/grants", "PERMISSION")
    for _ in range(2):
        assert (await made(cast.sam, "DELETE", f"/grants/{row['grant_id']}"))["state"] == "revoked"
    assert await states(cast.sam, account) == ["revoked"]


async def test_only_who_owns_the_account_gives_grants(cast: Cast) -> None:
    account = await account_of(cast)
    body = {"scope": "read", "until_time": until(), "user_id": cast.ids["cleo"]}
    staff = await cast.replica.add_user("staff@example.com")
    await made(cast.operator, "PUT", f"/shops/{cast.shop}/members/{staff}", role="staff")
    path = f"/accounts/{account}/grants"
    await refused(await cast.replica.user(staff), "POST", path, "PERMISSION", **body)
    await refused(cast.operator, "POST", path, "PERMISSION", **body)
    await refused(cast.cleo, "POST", path, "ACCOUNT_NOT_FOUND", **body)
    await made(cast.operator, "PUT", f"/accounts/{account}/members/{staff}", role="host")
    await made(await cast.replica.user(staff), "POST", path, **body)
    own = (await made(cast.cleo, "POST", f"/creators/{cast.creator}/accounts", name="C", currency="EUR"))["account_id"]
    await give(cast.cleo, own, user_id=cast.ids["sam"])
    (row,) = (await listed(cast.operator, own))["grants"]
    assert (await made(cast.operator, "DELETE", f"/grants/{row['grant_id']}"))["state"] == "revoked"


async def test_a_partner_gets_grants_of_whom_it_is_bound_to(cast: Cast) -> None:
    account, path = await account_of(cast), "/accounts/{}/grants"
    body = {"scope": "moderate", "until_time": until()}
    for partner in (cast.partner, str(uuid4())):
        await refused(cast.sam, "POST", path.format(account), "PARTNER_NOT_BOUND", **body, partner_id=partner)
    await bind(cast)
    assert (await give(cast.sam, account, **body, partner_id=cast.partner))["scope"] == "moderate"
    (row,) = (await listed(cast.sam, account))["grants"]
    assert (row["partner_id"], row["partner_name"], row["state"]) == (cast.partner, "Agency", "active")
    own = (await made(cast.cleo, "POST", f"/creators/{cast.creator}/accounts", name="C", currency="EUR"))["account_id"]
    await refused(cast.cleo, "POST", path.format(own), "PARTNER_NOT_BOUND", **body, partner_id=cast.partner)


async def test_a_partners_grants_end_with_its_binding_for_good(cast: Cast) -> None:
    account = await account_of(cast)
    binding = await bind(cast)
    await give(cast.sam, account, partner_id=cast.partner)
    await give(cast.sam, account, user_id=cast.ids["pat"])
    await made(cast.pat, "DELETE", f"/bindings/{binding}")
    assert await states(cast.sam, account) == ["active", "unbound"]  # Pat's own holds
    await bind(cast)
    assert await states(cast.sam, account) == ["active", "unbound"]
    await refused(cast.sam, "POST", f"/accounts/{account}/grants", "INVALID_FIELD", scope="read", until_time=until())


@pytest.mark.parametrize("days", [-1, 90.1])
async def test_a_grant_holds_90_days_at_most(cast: Cast, days: float) -> None:
    account = await account_of(cast)
    body = {"scope": "read", "until_time": until(days), "user_id": cast.ids["cleo"]}
    await refused(cast.sam, "POST", f"/accounts/{account}/grants", "GRANT_PERIOD", **body)


@pytest.mark.parametrize("when", ["2026-06-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", ""])
async def test_the_end_of_a_grant_names_its_zone(cast: Cast, when: str) -> None:
    account = await account_of(cast)
    body = {"scope": "read", "until_time": when, "user_id": cast.ids["cleo"]}
    await refused(cast.sam, "POST", f"/accounts/{account}/grants", "INVALID_FIELD", **body)


async def test_grants_come_in_pages(cast: Cast) -> None:
    account = await account_of(cast)
    ids = [(await give(cast.sam, account, user_id=str(uuid4())))["grant_id"] for _ in range(5)]
    got, token = [], ""
    while True:
        page = await listed(cast.sam, account, page_size=2, **({"page_token": token} if token else {}))
        got += [one["grant_id"] for one in page["grants"]]
        assert len(page["grants"]) <= 2
        if not (token := page["next_page_token"]):
            break
    assert got == ids[::-1]
    other = await account_of(cast)
    first = await listed(cast.sam, account, page_size=1)
    for bad in ({"page_token": "x"}, {"page_size": "x"}, {"page_size": 201}):
        await refused(cast.sam, "GET", f"/accounts/{account}/grants?{'&'.join(f'{k}={v}' for k, v in bad.items())}",
                      "INVALID_FIELD")  # fmt: skip
    token = first["next_page_token"]
    await refused(cast.sam, "GET", f"/accounts/{other}/grants?page_token={token}", "INVALID_FIELD")
