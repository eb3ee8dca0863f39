"""Creators with accounts of their own, partners, and what binds them to shops: over the real routes."""

from typing import Any
from uuid import uuid4

import pytest
from principals_cast import Cast, listed, made, refused

from showfloor.access.actor import Role
from showfloor.access.membership.relations import About, Home, Relations
from showfloor.access.tokens import Verifier


async def seen(cast: Cast, client: Any, about: About) -> Relations:
    """Return what somebody is to a thing, as services see it."""
    callers, request = cast.replica.access.callers, client.build_request("GET", "/v1/me")
    caller = await callers.require(type("R", (), {"method": "GET", "headers": request.headers, "cookies": {}}))
    actor = Verifier(cast.replica.signer.jwks).verify(callers.internal_token(caller.actor))
    return await callers.membership.relations(actor.subject, about)


@pytest.mark.requirement("D19")
async def test_a_creator_has_accounts_of_their_own(cast: Cast) -> None:
    account = await made(cast.cleo, "POST", f"/creators/{cast.creator}/accounts", name="Cleo live", currency="JPY")
    assert (account["creator_id"], account["kind"], account["currency"]) == (cast.creator, "creator", "JPY")
    assert "shop_id" not in account
    (row,) = await listed(cast.cleo, "/accounts")
    assert (row["account_id"], row["role"], row["currency"]) == (account["account_id"], "owner", "JPY")
    hers = await seen(cast, cast.cleo, About(account=account["account_id"]))
    assert hers.account == (Role.OWNER,) and hers.home == Home(creator=cast.creator, currency="JPY", affiliate=True)
    assert (await seen(cast, cast.cleo, About(creator=cast.creator))).creator is Role.OWNER
    for stranger in (cast.sam, cast.pat):
        assert await listed(stranger, "/accounts") == []
        await refused(stranger, "GET", f"/accounts/{account['account_id']}/members", "ACCOUNT_NOT_FOUND")
    await refused(
        cast.sam, "POST", f"/creators/{cast.creator}/accounts", "CREATOR_NOT_FOUND", name="Mine", currency="JPY"
    )


async def test_a_creator_chooses_who_works_for_them(cast: Cast) -> None:
    account = (await made(cast.cleo, "POST", f"/creators/{cast.creator}/accounts", name="C", currency="EUR"))[
        "account_id"
    ]
    ben_id = await cast.replica.add_user("ben@example.com")
    path = f"/creators/{cast.creator}/members/{ben_id}"
    await refused(cast.cleo, "PUT", path, "USER_NOT_FOUND", role="staff")  # nobody she has to do with
    await made(cast.operator, "PUT", path, role="staff")
    ben = await cast.replica.user(ben_id)
    assert (await seen(cast, ben, About(account=account))).account == (Role.ASSISTANT,)
    await refused(ben, "PUT", path, "PERMISSION", role="owner")
    await made(cast.cleo, "PUT", f"/accounts/{account}/members/{ben_id}", role="host")
    assert (await seen(cast, ben, About(account=account))).account == (Role.HOST,)
    assert [one["role"] for one in (await made(cast.cleo, "GET", f"/creators/{cast.creator}/members"))["members"]]
    await made(cast.cleo, "DELETE", path)
    assert (await seen(cast, ben, About(creator=cast.creator))).creator is None
    await refused(cast.cleo, "DELETE", f"/creators/{cast.creator}/members/{cast.ids['cleo']}", "LAST_OWNER")


async def test_a_shop_keeps_a_creator_until_they_come(cast: Cast) -> None:
    kept = (await made(cast.sam, "POST", "/creators", name="New", shop_id=cast.shop))["creator_id"]
    user_id = (await made(cast.sam, "POST", "/users", name="New", email="new@example.com", shop_id=cast.shop))[
        "user_id"
    ]
    path = f"/creators/{kept}/members/{user_id}"
    assert (await made(cast.sam, "PUT", path, role="owner"))["role"] == "owner"
    await refused(cast.sam, "PUT", path, "CREATOR_NOT_FOUND", role="staff")
    assert kept in [one["creator_id"] for one in await listed(cast.sam, "/creators")]
    assert [one["role"] for one in await listed(await cast.replica.user(user_id), "/creators")] == ["owner"]


@pytest.mark.requirement("R4")
async def test_who_works_on_one_account_sees_no_creators_of_its_shop(cast: Cast) -> None:
    await made(cast.sam, "POST", "/creators", name="New", shop_id=cast.shop)
    account = (await made(cast.sam, "POST", "/accounts", name="A", shop_id=cast.shop))["account_id"]
    user = {"name": "Ada", "email": "ada@example.com", "shop_id": cast.shop}
    user_id = (await made(cast.sam, "POST", "/users", **user))["user_id"]
    await made(cast.sam, "PUT", f"/accounts/{account}/members/{user_id}", role="analyst")
    ada = await cast.replica.user(user_id)
    assert await listed(ada, "/creators") == []
    await made(cast.sam, "PUT", f"/shops/{cast.shop}/members/{user_id}", role="staff")
    assert [one["name"] for one in await listed(ada, "/creators")] == ["New"]


@pytest.mark.requirement("R202")
async def test_an_agency_is_bound_to_shop_and_creator_once_they_accept(cast: Cast) -> None:
    shops = (await made(cast.sam, "POST", "/accounts", name="Tea live", shop_id=cast.shop))["account_id"]
    own = (await made(cast.cleo, "POST", f"/creators/{cast.creator}/accounts", name="Cleo", currency="EUR"))[
        "account_id"
    ]
    accounts = f"/partners/{cast.partner}/accounts"
    offers = [
        await made(cast.pat, "POST", f"/partners/{cast.partner}/shops", shop_id=cast.shop),
        await made(cast.pat, "POST", f"/partners/{cast.partner}/creators", creator_id=cast.creator),
    ]
    assert await listed(cast.pat, accounts) == []  # nobody has accepted
    for offer, other, account in zip(offers, (cast.sam, cast.cleo), (shops, own), strict=True):
        path = f"/bindings/{offer['binding_id']}"
        (row,) = await listed(other, "/bindings")
        assert (row["status"], row["partner_name"]) == ("offered", "Agency")
        await refused(cast.pat, "POST", f"{path}/accept", "PERMISSION")
        assert (await made(other, "POST", f"{path}/accept"))["status"] == "active"
        assert account in [one["account_id"] for one in await listed(cast.pat, accounts)]
    assert [one["account_id"] for one in await listed(cast.pat, f"{accounts}?query=tea")] == [shops]
    assert [one["creator_id"] for one in await listed(cast.pat, "/creators")] == [cast.creator]
    await made(cast.sam, "DELETE", f"/bindings/{offers[0]['binding_id']}")
    assert [one["account_id"] for one in await listed(cast.pat, accounts)] == [own]
    await made(cast.pat, "DELETE", f"/bindings/{offers[1]['binding_id']}")
    assert await listed(cast.pat, accounts) == []
    await refused(cast.cleo, "POST", f"/bindings/{offers[1]['binding_id']}/accept", "BINDING_ENDED")
    for stranger in (cast.sam, cast.cleo):
        await refused(stranger, "GET", accounts, "PARTNER_NOT_FOUND")


@pytest.mark.requirement("D19")
@pytest.mark.parametrize("first", ["shop", "creator"])
async def test_shop_and_creator_agree_on_a_collab(cast: Cast, first: str) -> None:
    offers = {
        "shop": (cast.sam, f"/shops/{cast.shop}/creators", {"creator_id": cast.creator}),
        "creator": (cast.cleo, f"/creators/{cast.creator}/shops", {"shop_id": cast.shop}),
    }
    who, path, body = offers.pop(first)
    other, cross, crossing = offers.popitem()[1]
    offer = await made(who, "POST", path, **body)
    assert (await made(who, "POST", path, **body))["binding_id"] == offer["binding_id"]
    await refused(other, "POST", cross, "BINDING_AWAITS_YOU", **crossing)
    await refused(who, "POST", f"/bindings/{offer['binding_id']}/accept", "PERMISSION")
    await made(other, "POST", f"/bindings/{offer['binding_id']}/accept")
    for side in (cast.sam, cast.cleo):
        (row,) = await listed(side, "/bindings")
        assert (row["status"], row["shop_name"], row["creator_name"]) == ("active", "Tea", "Cleo")
    assert [one["creator_id"] for one in await listed(cast.sam, "/creators")] == [cast.creator]
    assert await listed(cast.sam, "/accounts") == []  # her accounts stay hers
    assert await listed(cast.pat, "/bindings") == []


async def test_an_offer_tells_nothing_of_what_it_names(cast: Cast) -> None:
    known = await made(cast.pat, "POST", f"/partners/{cast.partner}/shops", shop_id=cast.shop)
    unknown = await made(cast.pat, "POST", f"/partners/{cast.partner}/shops", shop_id=str(uuid4()))
    assert known.keys() == unknown.keys() and known["status"] == unknown["status"] == "offered"
    rows = await listed(cast.pat, "/bindings")
    assert {frozenset(row) for row in rows} == {frozenset(rows[0])} and "shop_name" not in rows[0]
    await made(cast.sam, "DELETE", f"/bindings/{known['binding_id']}")  # declined
    assert all("shop_name" not in row for row in await listed(cast.pat, "/bindings"))
    foreign, nothing = known["binding_id"], str(uuid4())
    for path in ("/bindings/{}/accept", "/bindings/{}"):
        method = "POST" if path.endswith("accept") else "DELETE"
        for binding in (foreign, nothing):
            await refused(cast.cleo, method, path.format(binding), "BINDING_NOT_FOUND")


async def test_only_operators_enter_partners(cast: Cast) -> None:
    for client in (cast.sam, cast.cleo, cast.pat):
        await refused(client, "POST", "/partners", "PERMISSION", name="Mine", owner_user_id=cast.ids["sam"])
    await refused(cast.operator, "POST", "/partners", "USER_NOT_FOUND", name="X", owner_user_id=str(uuid4()))
    assert [one["name"] for one in await listed(cast.operator, "/partners")] == ["Agency"]
    assert [one["role"] for one in await listed(cast.pat, "/partners")] == ["owner"]
    await refused(cast.operator, "POST", f"/partners/{cast.partner}/shops", "PERMISSION", shop_id=cast.shop)
    ben = await cast.replica.add_user("ben@example.com")
    await made(cast.operator, "PUT", f"/partners/{cast.partner}/members/{ben}", role="staff")
    staff = await cast.replica.user(ben)
    assert await listed(staff, f"/partners/{cast.partner}/accounts") == []
    await refused(staff, "POST", f"/partners/{cast.partner}/shops", "PERMISSION", shop_id=cast.shop)
    await made(cast.pat, "DELETE", f"/partners/{cast.partner}/members/{ben}")
    await refused(staff, "GET", f"/partners/{cast.partner}/accounts", "PARTNER_NOT_FOUND")
