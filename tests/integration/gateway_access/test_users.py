"""Owners of shops, creators and partners make users of theirs, list them in pages, and name them."""

from typing import Any
from uuid import uuid4

import pytest
from principals_cast import Cast, made, refused


def body(**more: Any) -> dict[str, Any]:
    return {"name": "Ben", "email": f"{uuid4().hex}@example.com", **more}


async def ids(client: Any, **query: Any) -> list[str]:
    """Return who is listed, read in pages of two."""
    found: list[str] = []
    token = ""
    while True:
        params = {**query, "page_size": 2, **({"page_token": token} if token else {})}
        answer = await client.get("/v1/users", params=params)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["users"]) <= 2
        found += [one["user_id"] for one in answer.json()["users"]]
        token = answer.json()["next_page_token"]
        if not token:
            return found


@pytest.mark.parametrize("kind", ["shop", "creator", "partner"])
async def test_an_owner_makes_users_and_names_them(cast: Cast, kind: str) -> None:
    owner, principal, who = {
        "shop": (cast.sam, cast.shop, "sam"),
        "creator": (cast.cleo, cast.creator, "cleo"),
        "partner": (cast.pat, cast.partner, "pat"),
    }[kind]
    others = {cast.sam, cast.cleo, cast.pat} - {owner}
    named = {f"{kind}_id": principal}
    new = [(await made(owner, "POST", "/users", **body(**named)))["user_id"] for _ in range(3)]
    assert await ids(owner, **named) == [cast.ids[who], *new]
    await made(owner, "PUT", f"/{kind}s/{principal}/members/{new[0]}", role="staff")
    await made(owner, "DELETE", f"/{kind}s/{principal}/members/{new[0]}")
    assert new[0] in await ids(owner, **named)  # added for it, so still known there
    reason = f"{kind.upper()}_NOT_FOUND"
    for other in others:
        await refused(other, "POST", "/users", reason, **body(**named))
        await refused(other, "GET", f"/users?{kind}_id={principal}", reason)
    await refused(owner, "POST", "/users", reason, **body(**{f"{kind}_id": str(uuid4())}))
    foreign = {"shop": (cast.pat, f"/partners/{cast.partner}")}.get(kind, (cast.sam, f"/shops/{cast.shop}"))
    await refused(foreign[0], "PUT", f"{foreign[1]}/members/{new[1]}", "USER_NOT_FOUND", role="staff")


async def test_a_user_is_of_one_of_shop_creator_and_partner(cast: Cast) -> None:
    both = body(shop_id=cast.shop, partner_id=cast.partner)
    await refused(cast.sam, "POST", "/users", "INVALID_FIELD", **both)
    answer = await cast.sam.get("/v1/users", params={"shop_id": cast.shop, "creator_id": cast.creator})
    assert answer.json()["code"] == "INVALID_FIELD"
    await refused(cast.cleo, "POST", "/users", "PERMISSION", **body())


async def test_who_owns_one_shop_need_not_name_it(cast: Cast) -> None:
    user = (await made(cast.sam, "POST", "/users", **body()))["user_id"]
    assert user in await ids(cast.sam)
    await made(cast.sam, "POST", "/shops", name="Second", currency="EUR")
    await refused(cast.sam, "POST", "/users", "INVALID_FIELD", **body())


async def test_people_of_an_account_are_known_while_they_work_there(cast: Cast) -> None:
    own = (await made(cast.cleo, "POST", f"/creators/{cast.creator}/accounts", name="C", currency="EUR"))["account_id"]
    ben = await cast.replica.add_user("ben@example.com")
    for role in ("analyst", "moderator"):
        await made(cast.operator, "PUT", f"/accounts/{own}/members/{ben}", role=role)
    assert await ids(cast.cleo, creator_id=cast.creator) == [cast.ids["cleo"], ben]
    await made(cast.cleo, "PUT", f"/creators/{cast.creator}/members/{ben}", role="staff")
    await made(cast.cleo, "DELETE", f"/creators/{cast.creator}/members/{ben}")
    await made(cast.cleo, "DELETE", f"/accounts/{own}/members/{ben}")
    assert await ids(cast.cleo, creator_id=cast.creator) == [cast.ids["cleo"]]
    await refused(cast.cleo, "PUT", f"/creators/{cast.creator}/members/{ben}", "USER_NOT_FOUND", role="staff")
    everybody = await ids(cast.operator)
    assert len(everybody) == len(set(everybody)) and {ben, *cast.ids.values()} <= set(everybody)
