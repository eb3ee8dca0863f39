"""Shops, accounts, users and roles over the real routes, on a real PostgreSQL."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from showfloor.access.actor import Role
from showfloor.access.membership.relations import About
from showfloor.access.tokens import MAX_TOKEN_CHARS, Verifier
from showfloor.gateway.http.native.lists import SHOWN
from showfloor.kernel.personal import Whose


async def shop_of(owner: Any, name: str = "Shop", currency: str = "USD", key: str | None = None) -> dict[str, Any]:
    headers = {"Idempotency-Key": key or str(uuid4())}
    made = await owner.post("/v1/shops", json={"name": name, "currency": currency}, headers=headers)
    assert made.status_code == 200, made.text
    return dict(made.json())


async def account_of(owner: Any, shop_id: str, name: str = "Account") -> str:
    made = await owner.post("/v1/accounts", json={"name": name, "kind": "creator", "shop_id": shop_id})
    assert made.status_code == 200, made.text
    return str(made.json()["account_id"])


async def foreigner(replica: Any) -> Any:
    """Return a client of somebody who owns another shop."""
    user_id = await replica.add_user("eve@example.com")
    body = {"name": "Eve's", "currency": "USD", "owner_user_id": user_id}
    assert (await (await replica.operator()).post("/v1/shops", json=body)).status_code == 200
    return await replica.user(user_id)


async def test_owner_of_a_shop_sees_it_and_its_accounts_at_once(replica: Any) -> None:
    owner = await replica.user()
    shop = await shop_of(owner)
    account_id = await account_of(owner, shop["shop_id"])
    listed = (await owner.get("/v1/accounts", params={"shop_id": shop["shop_id"]})).json()["accounts"]
    expected = {"account_id": account_id, "name": "Account", "kind": "creator", "shop_id": shop["shop_id"]}
    assert listed == [expected | {"currency": "USD", "role": "owner"}]
    shops = (await owner.get("/v1/shops")).json()["shops"]
    assert {"shop_id": shop["shop_id"], "name": "Shop", "currency": "USD", "role": "owner"} in shops


async def test_same_key_is_the_same_shop(replica: Any) -> None:
    owner = await replica.user()
    made = [await shop_of(owner, key="k1") for _ in range(3)]
    assert made[0] == made[1] == made[2]
    body = {"name": "Another", "currency": "USD"}
    other = await owner.post("/v1/shops", json=body, headers={"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


async def test_written_on_one_replica_is_listed_on_the_other(make: Any) -> None:
    here, there = await make(), await make()
    token = await here.token()
    mine, other = await here.client(token), await there.client(token)
    for number in range(3):
        shop = await shop_of(mine, f"Shop {number}")
        assert shop["shop_id"] in {one["shop_id"] for one in (await other.get("/v1/shops")).json()["shops"]}


async def test_foreign_ids_look_like_ids_of_nothing(replica: Any) -> None:
    owner, eve = await replica.user(), await foreigner(replica)
    shop_id = (await shop_of(owner))["shop_id"]
    account_id, nothing = await account_of(owner, shop_id), str(uuid4())
    ben = await replica.add_user("ben@example.com", shop_id=shop_id)
    for path, foreign in (("/v1/accounts/{}/members/" + ben, account_id), ("/v1/shops/{}/members/" + ben, shop_id)):
        role = {"role": "analyst" if "accounts" in path else "staff"}
        same = {"X-Request-ID": "one"}
        theirs = await eve.put(path.format(foreign), json=role, headers=same)
        absent = await eve.put(path.format(nothing), json=role, headers=same)
        assert theirs.status_code == absent.status_code == 404
        assert theirs.text == absent.text
    body = {"name": "A", "kind": "creator"}
    for foreign in (shop_id, nothing):
        answer = await eve.post("/v1/accounts", json={**body, "shop_id": foreign})
        assert (answer.status_code, answer.json()["code"]) == (404, "SHOP_NOT_FOUND")
        listed = await eve.get("/v1/accounts", params={"shop_id": foreign})
        assert listed.json()["code"] == "SHOP_NOT_FOUND"
    assert account_id not in (await eve.get("/v1/accounts")).text
    assert ben not in (await eve.get("/v1/users")).text


async def test_users_of_other_shops_cannot_be_given_roles(replica: Any) -> None:
    owner, eve = await replica.user(), await foreigner(replica)
    account_id = await account_of(owner, (await shop_of(owner))["shop_id"])
    hers = (await eve.post("/v1/users", json={"email": "x@example.com", "name": "X"})).json()["user_id"]
    for user_id in (hers, str(uuid4())):
        answer = await owner.put(f"/v1/accounts/{account_id}/members/{user_id}", json={"role": "host"})
        assert (answer.status_code, answer.json()["code"]) == (404, "USER_NOT_FOUND")


async def test_roles_decide_and_change_the_internal_token_at_once(replica: Any) -> None:
    owner = await replica.user()
    shop_id = (await shop_of(owner))["shop_id"]
    account_id = await account_of(owner, shop_id)
    ben_id = (await owner.post("/v1/users", json={"email": "b@example.com", "name": "Ben", "shop_id": shop_id})).json()[
        "user_id"
    ]
    path = f"/v1/accounts/{account_id}/members/{ben_id}"
    ben, callers = await replica.user(ben_id), replica.access.callers
    verifier = Verifier(replica.signer.jwks)

    async def seen() -> Any:
        request = ben.build_request("GET", "/v1/me")
        request.cookies = {}
        caller = await callers.require(request)
        assert callers.internal_token(caller.actor) == callers.internal_token(caller.actor)
        return verifier.verify(callers.internal_token(caller.actor))

    async def held(actor: Any) -> tuple[Any, Any]:
        members = callers.membership
        shop = await members.relations(actor.subject, About(shop=shop_id))
        return await members.relations(actor.subject, About(account=account_id)), shop

    before = await seen()
    assert (await held(before))[0].account == ()
    for role in ("analyst", "moderator", "assistant"):
        assert (await owner.put(path, json={"role": role})).status_code == 200
        actor = await seen()
        assert actor.directory_position > before.directory_position
        on_account, on_shop = await held(actor)
        assert on_account.account == (Role(role),)
        assert (on_shop.shop, on_shop.currency) == (Role.MEMBER, "USD")
        assert (on_account.home.shop, on_account.home.currency) == (shop_id, "USD")
        denied = await ben.put(path, json={"role": "host"})
        assert (denied.status_code, denied.json()["code"]) == (403, "PERMISSION")
    assert (await owner.put(path, json={"role": "host"})).status_code == 200
    assert (await ben.get(f"/v1/accounts/{account_id}/members")).json()["members"] == [
        {"user_id": ben_id, "role": "host", "name": "Ben"}
    ]
    last = await owner.delete(path)
    assert (last.status_code, last.json()["code"]) == (409, "LAST_HOST")


async def test_shop_staff_see_everything_and_choose_nobody(replica: Any) -> None:
    owner = await replica.user()
    shop_id = (await shop_of(owner))["shop_id"]
    account_id = await account_of(owner, shop_id)
    ben_id = await replica.add_user("ben@example.com", shop_id=shop_id)
    ben = await replica.user(ben_id)
    assert (await owner.put(f"/v1/shops/{shop_id}/members/{ben_id}", json={"role": "staff"})).status_code == 200
    accounts = (await ben.get("/v1/accounts")).json()["accounts"]
    assert [(one["account_id"], one["role"]) for one in accounts] == [(account_id, "staff")]
    for path, role in ((f"/v1/shops/{shop_id}", "owner"), (f"/v1/accounts/{account_id}", "host")):
        assert (await ben.put(f"{path}/members/{ben_id}", json={"role": role})).status_code == 403
    for path, body in (
        ("/v1/shops", {"name": "Mine", "currency": "USD"}),
        ("/v1/accounts", {"name": "A", "kind": "creator", "shop_id": shop_id}),
        ("/v1/creators", {"name": "A", "shop_id": shop_id}),
        ("/v1/users", {"name": "A", "email": "a@example.com"}),
    ):
        answer = await ben.post(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "PERMISSION"), path
    assert (await owner.delete(f"/v1/shops/{shop_id}/members/{ben_id}")).status_code == 200
    assert (await ben.get("/v1/accounts")).json()["accounts"] == []


async def test_one_address_one_user(replica: Any) -> None:
    operator = await replica.operator()
    body, key = {"email": "Ana@example.com", "name": "Ana"}, {"Idempotency-Key": "ana"}
    first = await operator.post("/v1/users", json=body, headers=key)
    again = await operator.post("/v1/users", json=body, headers=key)
    assert first.json() == again.json() and again.status_code == 200
    taken = await operator.post("/v1/users", json={"email": "ana@EXAMPLE.com", "name": "Other"})
    assert (taken.status_code, taken.json()["code"]) == (409, "EMAIL_TAKEN")
    changed = await operator.post("/v1/users", json={**body, "name": "Other"}, headers=key)
    assert changed.json()["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_creators_are_listed_as_they_were_added(replica: Any) -> None:
    owner, eve = await replica.user(), await foreigner(replica)
    shop_id = (await shop_of(owner))["shop_id"]
    for name in ("Zoë", "Ana"):
        assert (await owner.post("/v1/creators", json={"name": name, "shop_id": shop_id})).status_code == 200
    assert [one["name"] for one in (await owner.get("/v1/creators")).json()["creators"]] == ["Zoë", "Ana"]
    assert (await eve.get("/v1/creators")).json()["creators"] == []


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/shops", {"name": "", "currency": "USD"}, "name"),
        ("/v1/shops", {"name": "two\nlines", "currency": "USD"}, "name"),
        ("/v1/shops", {"name": "A", "currency": "usd"}, "currency"),
        ("/v1/shops", {"name": "A", "currency": "XXY"}, "currency"),
        ("/v1/shops", {"name": "A", "currency": "USD", "colour": "red"}, "colour"),
        ("/v1/shops", {"name": 5, "currency": "USD"}, "name"),
        ("/v1/accounts", {"name": "A", "kind": "creator", "shop_id": "x"}, "shop_id"),
        ("/v1/users", {"name": "A", "email": "nobody"}, "email"),
    ],
)
async def test_malformed_fields_are_named(replica: Any, path: str, body: dict[str, Any], field: str) -> None:
    answer = await (await replica.user()).post(path, json=body)
    assert (answer.status_code, answer.json()["field"]) == (400, field), answer.text


async def test_viewers_have_no_directory(replica: Any) -> None:
    from showfloor.gateway.access.viewers import Traits

    token, viewer = replica.access.viewer_tokens.issue(str(uuid4()), "Ana", "feed", Traits())
    assert replica.access.viewer_tokens.read(token).actor().viewer.viewer_ref == viewer.viewer_ref
    viewer = await replica.client(token)
    for path in ("/v1/me", "/v1/shops", "/v1/users"):
        assert (await viewer.get(path)).status_code == 403
    assert (await viewer.post("/v1/me/password", json={"password": "x" * 20})).status_code == 403


async def test_rebuilt_directory_has_the_same_rows(replica: Any) -> None:
    owner = await replica.user()
    await account_of(owner, (await shop_of(owner))["shop_id"])
    views = replica.access.runtime.views
    before = await views.fingerprint("directory")
    await views.rebuild("directory")
    assert await views.fingerprint("directory") == before


MANY = SHOWN + 1


async def filled(replica: Any, sql: str, **values: Any) -> None:
    """Write MANY rows, numbered by x, straight into the tables of the view."""
    await replica.access.runtime.database.fetch(f"{sql} FROM generate_series(1, {MANY}) x RETURNING 1", values)


async def test_operators_can_use_users_beyond_those_that_are_listed(replica: Any) -> None:
    operator = await replica.operator()
    shop = await shop_of(await replica.user())
    await filled(replica, "INSERT INTO directory_user SELECT uuidv7(), now() - interval '1 day'")
    newest = await replica.add_user("newest@example.com")
    given = await operator.put(f"/v1/shops/{shop['shop_id']}/members/{newest}", json={"role": "staff"})
    assert given.status_code == 200, given.text
    body = {"name": "Hers", "currency": "USD", "owner_user_id": newest}
    assert (await operator.post("/v1/shops", json=body)).status_code == 200
    nobody = await operator.put(f"/v1/shops/{shop['shop_id']}/members/{uuid4()}", json={"role": "staff"})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "USER_NOT_FOUND")


async def test_rights_are_never_those_of_a_list_that_was_cut(replica: Any) -> None:
    user_id = await replica.add_user("busy@example.com")
    (sealed,) = await replica.access.runtime.sealing.seal([(Whose("account", ""), "Account")])
    await filled(replica, "INSERT INTO shop SELECT lpad(x::text, 32, '0')::uuid, 'Shop', 'USD'")
    await filled(
        replica, "INSERT INTO shop_person SELECT lpad(x::text, 32, '0')::uuid, %(user)s::uuid, 'owner'", user=user_id
    )
    await filled(
        replica,
        "INSERT INTO account SELECT lpad(x::text, 32, '0')::uuid, lpad(x::text, 32, '0')::uuid, %(name)s::text,"
        " 'creator', NULL, '', now()",
        name=sealed,
    )
    await filled(
        replica, "INSERT INTO account_person SELECT lpad(x::text, 32, '0')::uuid, %(user)s::uuid, 'host'", user=user_id
    )
    me = f"user:{user_id}"
    await filled(replica, "INSERT INTO member SELECT %(me)s, 'account', lpad(x::text, 32, '0')::uuid, 'host'", me=me)
    callers = replica.access.callers
    for number in (1, MANY):
        about = About(account=str(UUID(f"{number:032d}")))
        assert (await callers.membership.relations(me, about)).account == (Role.HOST,)
    assert len(callers.internal_token(callers.actor_of(UUID(user_id)))) <= MAX_TOKEN_CHARS
    user, operator, owner = await replica.user(user_id), await replica.operator(), await replica.user()
    zoo = (await shop_of(owner, "Zoo"))["shop_id"]
    last = await account_of(owner, zoo, "Zoe")  # the last one by name
    for caller in (owner, operator):
        found = (await caller.get("/v1/accounts", params={"shop_id": zoo})).json()["accounts"]
        assert [one["account_id"] for one in found] == [last]
    for caller in (user, operator):
        for thing in ("shops", "accounts"):
            listed = (await caller.get(f"/v1/{thing}", params={"page_size": 200})).json()
            assert len(listed[thing]) == 200 and listed["next_page_token"]
            assert len((await caller.get("/v1/me")).json()[thing]) == SHOWN


async def test_accounts_are_found_by_their_folded_names(replica: Any) -> None:
    owner, operator = await replica.user(), await replica.operator()
    shop = (await shop_of(owner, "Searched"))["shop_id"]
    names = {"Áo dài": "ao dai", "İSTANBUL": "istanbul", "Straße": "STRASSE", "ผ้าไหม": "ผ้า"}
    ids = {name: await account_of(owner, shop, name) for name in names}
    for caller in (owner, operator):
        for name, query in names.items():
            answer = await caller.get("/v1/accounts", params={"shop_id": shop, "query": query})
            assert [one["account_id"] for one in answer.json()["accounts"]] == [ids[name]], query
        for query, count in (("%", 0), ("", 4), ("ผา", 0)):
            answer = await caller.get("/v1/accounts", params={"shop_id": shop, "query": query})
            assert len(answer.json()["accounts"]) == count, query
        refused = await caller.get("/v1/accounts", params={"query": "x" * 101})
        assert (refused.status_code, refused.json()["metadata"]["field"]) == (400, "query")
