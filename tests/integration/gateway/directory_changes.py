"""What makes each kind of public event of the directory."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

NAMES = ("Canary Tea", "Canary account", "Canary creator", "Canary Ana", "canary@example.com", "Canary agency")


async def everything(operator: Any, owner: Any, owner_id: str) -> None:
    """Do what makes each kind of public event."""

    async def made(method: str, path: str, who: Any = owner, **body: Any) -> dict[str, Any]:
        headers = {"Idempotency-Key": str(uuid4())}
        answer = await who.request(method, f"/v1{path}", json=body or None, headers=headers)
        assert answer.is_success, answer.text
        return dict(answer.json())

    shop = (await made("POST", "/shops", name=NAMES[0], currency="EUR"))["shop_id"]
    account = (await made("POST", "/accounts", name=NAMES[1], shop_id=shop))["account_id"]
    creator = (await made("POST", "/creators", name=NAMES[2], shop_id=shop))["creator_id"]
    agency = (await made("POST", "/partners", operator, name=NAMES[5], owner_user_id=owner_id))["partner_id"]
    user = (await made("POST", "/users", name=NAMES[3], email=NAMES[4], shop_id=shop))["user_id"]
    for place in (f"/shops/{shop}", f"/accounts/{account}", f"/creators/{creator}", f"/partners/{agency}"):
        role = "analyst" if "accounts" in place else "staff"
        await made("PUT", f"{place}/members/{user}", role=role)
        await made("DELETE", f"{place}/members/{user}")
    offer = f"/bindings/{(await made('POST', f'/partners/{agency}/shops', shop_id=shop))['binding_id']}"
    await made("POST", f"{offer}/accept")
    until = (datetime.now(UTC) + timedelta(days=89)).isoformat()
    for grantee in ({"partner_id": agency}, {"user_id": user}):
        given = await made("POST", f"/accounts/{account}/grants", scope="moderate", until_time=until, **grantee)
        await made("DELETE", f"/grants/{given['grant_id']}")
    connector = (await made("POST", "/connectors", name=NAMES[5], scopes=["ingest"], shop_id=shop))["connector_id"]
    for method in ("PUT", "DELETE"):
        await made(method, f"/connectors/{connector}/accounts/{account}")
    await made("POST", f"/connectors/{connector}/credential")
    await made("DELETE", f"/connectors/{connector}")
    checkout = f"/shops/{shop}/checkout"
    await made("PUT", checkout, address="https://pay.example.com/live")
    await made("POST", f"{checkout}/key")
    await made("DELETE", checkout)
    await made("DELETE", offer)
    await made("DELETE", f"/users/{user}", operator)
