"""A shop's owner, a creator and an agency's owner, and how they ask."""

from datetime import UTC, datetime, timedelta
from typing import Any


async def made(client: Any, method: str, path: str, **body: Any) -> dict[str, Any]:
    answer = await client.request(method, f"/v1{path}", json=body if method != "DELETE" else None)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def refused(client: Any, method: str, path: str, code: str, **body: Any) -> None:
    answer = await client.request(method, f"/v1{path}", json=body if method not in ("DELETE", "GET") else None)
    assert answer.json().get("code") == code, answer.text


async def listed(client: Any, path: str) -> list[dict[str, Any]]:
    answer = await client.get(f"/v1{path}")
    assert answer.status_code == 200, answer.text
    (rows,) = (found for found in answer.json().values() if isinstance(found, list))
    return list(rows)


def until(days: float = 1) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


async def give(client: Any, account: str, **body: Any) -> dict[str, Any]:
    """Give somebody a look into an account for a day."""
    return await made(client, "POST", f"/accounts/{account}/grants", **{"scope": "read", "until_time": until(), **body})


class Cast:
    """A shop's owner, a creator and an agency's owner, who know nothing of each other yet."""

    def __init__(self, replica: Any) -> None:
        self.replica = replica

    async def come(self) -> "Cast":
        self.operator = await self.replica.operator()
        ids = {name: await self.replica.add_user(f"{name}@example.com") for name in ("sam", "cleo", "pat")}
        self.ids = ids
        self.shop = (await made(self.operator, "POST", "/shops", name="Tea", currency="EUR", owner_user_id=ids["sam"]))[
            "shop_id"
        ]
        self.creator = (await made(self.operator, "POST", "/creators", name="Cleo", owner_user_id=ids["cleo"]))[
            "creator_id"
        ]
        self.partner = (await made(self.operator, "POST", "/partners", name="Agency", owner_user_id=ids["pat"]))[
            "partner_id"
        ]
        self.sam, self.cleo, self.pat = [await self.replica.user(ids[name]) for name in ("sam", "cleo", "pat")]
        return self
