"""A shop's program reports what happens in its accounts, by a credential that its owner makes, changes and ends."""

from typing import Any

import pytest

from showfloor.testing.canaries import found_in
from showfloor.testing.hosts import Host, Live
from showfloor.testing.system import Rest, System


class Program:
    """A connector of a host's shop, with a credential."""

    def __init__(self, system: System, host: Host, *scopes: str) -> None:
        self.system, self.host = system, host
        body = {"name": "The till", "scopes": list(scopes), "shop_id": host.shop}
        self.path = f"/connectors/{host.api.post('/connectors', body)['connector_id']}"
        self.credentials: list[str] = []
        self.api = self.rotated()

    def rotated(self) -> Rest:
        """Return the API, used with a new credential."""
        self.credentials.append(self.host.api.post(f"{self.path}/credential")["credential"])
        return Rest(self.system.url, self.credentials[-1])

    def give(self, account: str) -> None:
        self.host.api.put(f"{self.path}/accounts/{account}")

    def take(self, account: str) -> None:
        self.host.api.delete(f"{self.path}/accounts/{account}")


def order_of(live: Live, reference: str) -> dict[str, Any]:
    item = {"product_id": live.products[0], "quantity": 1, "unit_price": live.host.money(1000)}
    return {"reference": reference, "viewer": {"viewer_ref": "buyer"}, "items": [item]}


def followed(key: str) -> dict[str, Any]:
    return {"facts": [{"follow": {"request_id": key, "viewer": {"viewer_ref": key}}}]}


@pytest.mark.requirement("D16")
def test_a_connector_reports_orders_signals_and_what_was_paid(host: Host, system: System) -> None:
    live = host.live(products=1)
    till, reporter = Program(system, host, "ingest", "payments"), Program(system, host, "ingest")
    till.api.refused(404, "SESSION_NOT_FOUND", "POST", live.path("activity"), followed("early"))
    for program in (till, reporter):
        program.give(host.account)
    outcome = till.api.post(live.path("activity"), followed("a"))["outcomes"][0]
    assert not outcome["refused_reason"], outcome
    live.api = till.api
    live.signals([(1.0, 1, 1, 0, 0)])
    placed = till.api.post(live.path("orders"), order_of(live, "A-1"))["order"]
    payment = live.path(f"orders/{placed['order_id']}/payment")
    reporter.api.refused(403, "PERMISSION", "POST", payment, {})
    paid = till.api.post(payment)["order"]
    assert (paid["state"], paid["payment_source"]) == ("paid", "connector")
    for path in ("/me", "/accounts", "/shops", f"/connectors?shop_id={host.shop}"):
        assert till.api.send("GET", path).status_code in (403, 404), path
    assert till.api.send("POST", live.path("end"), {}).status_code == 403
    assert till.api.send("GET", f"/stream?topics=activity:{live.id}").status_code == 403


def test_what_is_taken_from_a_connector_ends_at_once(host: Host, system: System) -> None:
    live, till = host.live(), Program(system, host, "ingest")
    till.give(host.account)
    till.api.post(live.path("activity"), followed("a"))
    (shown,) = host.api.get("/connectors", shop_id=host.shop)["connectors"]
    assert (shown["name"], shown["account_ids"]) == ("The till", [host.account])
    assert not [word for word in till.credentials if word in str(shown)]

    other = till.rotated()
    till.api.refused(401, "UNAUTHENTICATED", "POST", live.path("activity"), followed("b"))
    other.post(live.path("activity"), followed("c"))
    till.take(host.account)
    other.refused(404, "SESSION_NOT_FOUND", "POST", live.path("activity"), followed("d"))
    till.give(host.account)
    other.post(live.path("activity"), followed("e"))
    for _ in range(2):
        host.api.delete(till.path)
    other.refused(401, "UNAUTHENTICATED", "POST", live.path("activity"), followed("f"))
    host.api.refused(404, "CONNECTOR_NOT_FOUND", "POST", f"{till.path}/credential", {})
    assert not host.api.get("/connectors", shop_id=host.shop)["connectors"]
    assert found_in(system.folder.root, host.account), "the search finds nothing at all"
    assert not found_in(system.folder.root, *till.credentials), "no file holds a credential"


def test_a_connector_is_its_owner_s_alone(host: Host, new_host: Any, system: System) -> None:
    till, stranger = Program(system, host, "ingest"), new_host()
    host.api.refused(404, "ACCOUNT_NOT_FOUND", "PUT", f"{till.path}/accounts/{stranger.account}", {})
    user = host.api.post("/users", {"name": "Staff", "shop_id": host.shop, "email": f"{host.shop}@example.com"})
    host.api.put(f"/shops/{host.shop}/members/{user['user_id']}", {"role": "staff"})
    operator = Rest(system.url, system.folder.operator_key.read_text().strip())
    code = operator.post("/operator/sign-in-links", {"user_id": user["user_id"]})["code"]
    staff = Rest(system.url, Rest(system.url).post("/sign-in", {"code": code})["token"])
    staff.refused(403, "PERMISSION", "POST", f"{till.path}/credential", {})
    staff.refused(403, "PERMISSION", "GET", f"/connectors?shop_id={host.shop}")


def test_a_creator_has_connectors_for_accounts_of_their_own(host: Host, system: System) -> None:
    operator = Rest(system.url, system.folder.operator_key.read_text().strip())
    me = host.api.get("/me")["user"]["user_id"]
    creator = operator.post("/creators", {"name": "Star", "owner_user_id": me})["creator_id"]
    account = host.api.post(f"/creators/{creator}/accounts", {"name": "Star", "currency": "EUR"})["account_id"]
    body = {"name": "Bot", "scopes": ["ingest"], "creator_id": creator}
    path = f"/connectors/{host.api.post('/connectors', body)['connector_id']}"
    host.api.put(f"{path}/accounts/{account}")
    host.api.refused(404, "ACCOUNT_NOT_FOUND", "PUT", f"{path}/accounts/{host.account}", {})
    (shown,) = host.api.get("/connectors", creator_id=creator)["connectors"]
    assert shown["account_ids"] == [account]
