"""A request that is sent again is answered as before, to who still may do it."""

from typing import Any
from uuid import uuid4

import httpx
import pytest


class Staff:
    """A host of the first owner's account, who opens a session."""

    def __init__(self, client: httpx.AsyncClient, owner: httpx.AsyncClient, place: str, body: dict[str, Any]) -> None:
        self.client, self._owner, self._place, self.body = client, owner, place, body

    async def becomes(self, role: str) -> None:
        """Give them a role; "" takes it."""
        keyed = {"Idempotency-Key": uuid4().hex}
        if role:
            done = await self._owner.put(self._place, json={"role": role}, headers=keyed)
        else:
            done = await self._owner.delete(self._place, headers=keyed)
        assert done.status_code == 200, done.text

    async def opens(self, key: str) -> httpx.Response:
        return await self.client.post("/v1/sessions", json=self.body, headers={"Idempotency-Key": key})


@pytest.fixture
async def staff(gateway: Any) -> Staff:
    owner, first = await gateway.owner()
    operator, anyone = await gateway.operator(), await gateway.client()
    named = {"name": "Ben", "email": "ben@example.com", "shop_id": first["shop_id"]}
    made = await owner.post("/v1/users", json=named, headers={"Idempotency-Key": uuid4().hex})
    user = made.json()["user_id"]
    code = (await operator.post("/v1/operator/sign-in-links", json={"user_id": user})).json()["code"]
    token = (await anyone.post("/v1/sign-in", json={"code": code})).json()["token"]
    place = f"/v1/accounts/{first['account_id']}/members/{user}"
    body = {"account_id": first["account_id"], "title": "Friday"}
    await Staff(owner, owner, place.replace(user, first["user_id"]), body).becomes("host")  # one must stay
    one = Staff(await gateway.client(token), owner, place, body)
    await one.becomes("host")
    return one


async def test_whose_right_was_taken_gets_the_refusal_and_no_answer(staff: Staff) -> None:
    first = await staff.opens("k")
    assert first.status_code == 200, first.text
    await staff.becomes("")
    gone = await staff.opens("k")
    assert (gone.status_code, gone.json()["code"]) == (404, "ACCOUNT_NOT_FOUND")
    await staff.becomes("analyst")
    less = await staff.opens("k")
    assert (less.status_code, less.json()["code"]) == (403, "PERMISSION")
    await staff.becomes("host")
    again = await staff.opens("k")
    assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")


async def test_a_refusal_that_was_given_is_given_again(staff: Staff) -> None:
    await staff.becomes("analyst")
    assert (await staff.opens("k")).status_code == 403
    await staff.becomes("host")
    assert (await staff.opens("k")).headers["Idempotent-Replayed"] == "true", "a key names one request, and its outcome"
    assert (await staff.opens("l")).status_code == 200


async def test_a_change_of_the_directory_is_answered_as_before(staff: Staff, gateway: Any) -> None:
    owner, _ = await gateway.owner()
    body, key = {"name": "Tea", "currency": "EUR"}, {"Idempotency-Key": "shop"}
    first = await owner.post("/v1/shops", json=body, headers=key)
    await staff.becomes("analyst")
    again = await owner.post("/v1/shops", json=body, headers=key)
    assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")
    listed = (await owner.get("/v1/shops")).json()["shops"]
    assert len([one for one in listed if one["name"] == "Tea"]) == 1
