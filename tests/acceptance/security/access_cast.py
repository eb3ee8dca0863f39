"""Who asks in the access tests, and of whose things: one world of one's own, one that is foreign, and none."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from accepted import VIEWER, tomorrow_at
from PIL import Image

from showfloor.testing.system import Rest, System, soon

ROLES = ("host", "assistant", "moderator", "analyst")


@dataclass
class Things:
    """Ids of one shop and of everything in it, by the name that paths and bodies give them."""

    ids: dict[str, str]

    @staticmethod
    def unknown() -> "Things":
        """Return ids of nothing."""
        names = ("session_id", "product_id", "comment_id", "order_id", "account_id", "shop_id", "product_set_id",
                 "import_id", "creator_id", "partner_id", "binding_id", "grant_id", "connector_id")  # fmt: skip
        return Things(
            {name: str(uuid4()) for name in (*names, "event_id", "invitation_id", "image_id", "user_id", "viewer_ref")}
        )


class Cast:
    """A system with two shops, and a token for everybody who may want something of the first."""

    def __init__(self, system: System, host: Any, foreign: Any) -> None:
        self.system, self.host, self.stranger = system, host, foreign
        self.operator_key = system.folder.operator_key.read_text().strip()
        self.operator = Rest(system.url, self.operator_key)
        spare = self.user("Spare", host.shop)
        session, self.viewer_token, self.own = self._world(host, spare)
        self.session = session
        _, _, self.foreign = self._world(foreign, self.user("Stranger", foreign.shop))
        self.tokens = {"anonymous": "", "operator": self.operator_key, "viewer": self.viewer_token}
        for role in ROLES:
            user = self.user(role, host.shop)
            host.api.put(f"/accounts/{host.account}/members/{user}", {"role": role})
            self.tokens[role] = self.sign_in(user)
        for role in ("owner", "staff"):
            user = self.user(role, host.shop)
            host.api.put(f"/shops/{host.shop}/members/{user}", {"role": role})
            self.tokens[role] = self.sign_in(user)
        for principal in ("creator", "partner"):
            self.tokens[principal] = self.sign_in(self.own.ids[f"{principal}_owner"])
        nobody = self.user("Nobody", None)
        self.tokens["nobody"], self.tokens["ended"] = self.sign_in(nobody), self.sign_in(nobody)
        Rest(system.url, self.tokens["ended"]).post("/sign-out")

    def sign_in(self, user_id: str) -> str:
        """Return a token of a user."""
        return str(Rest(self.system.url).post("/sign-in", {"code": self.link(user_id)})["token"])

    def link(self, user_id: str) -> str:
        """Return the code of a new sign-in link."""
        return str(self.operator.post("/operator/sign-in-links", {"user_id": user_id})["code"])

    def user(self, name: str, shop: str | None) -> str:
        """Make a user and return its id."""
        body = {"name": name, "email": f"{uuid4().hex}@example.com", "shop_id": shop}
        return str(self.operator.post("/users", body)["user_id"])

    def _world(self, host: Any, user: str) -> tuple[Any, str, Things]:
        session = host.live(products=3)
        api, base = host.api, f"/watch/{session.id}"
        viewer = Rest(self.system.url, Rest(self.system.url).post(f"{base}/join", {})["viewer_token"])
        item = {"product_id": session.products[0], "quantity": 1, "unit_price": host.money(1000)}
        principals = self._principals(host.shop, user)
        chosen = api.post(f"/shops/{host.shop}/product-sets", {"name": "Set", "product_ids": session.products})
        return (
            session,
            viewer.http.headers["Authorization"].removeprefix("Bearer "),
            Things(
                {
                    "session_id": session.id,
                    "product_id": session.products[0],
                    "comment_id": viewer.post(f"{base}/comments", {"text": "Hi"})["comment_id"],
                    "order_id": viewer.post(f"{base}/orders", {"items": [item]})["order"]["order_id"],
                    "account_id": host.account,
                    "shop_id": host.shop,
                    "product_set_id": chosen["product_set"]["product_set_id"],
                    "user_id": user,
                    "viewer_ref": VIEWER,
                    "import_id": self._import(api, host.shop),
                    "connector_id": self._connector(api, host.shop),
                    "image_id": self._image(api, host.shop),
                    "slug": "choose-products",
                    "grant_id": self._grant(api, host.account, user),
                    **self._event(api, host.account),
                    **principals,
                }
            ),
        )

    def _principals(self, shop: str, user: str) -> dict[str, str]:
        """Make a creator, and a partner that offers the shop a binding; the user works for both."""
        made = {}
        for kind in ("creator", "partner"):
            owner = self.user(kind, None)
            thing = str(self.operator.post(f"/{kind}s", {"name": kind, "owner_user_id": owner})[f"{kind}_id"])
            self.operator.put(f"/{kind}s/{thing}/members/{user}", {"role": "staff"})
            made |= {f"{kind}_owner": owner, f"{kind}_id": thing}
        agency = Rest(self.system.url, self.sign_in(made["partner_owner"]))
        offer = agency.post(f"/partners/{made['partner_id']}/shops", {"shop_id": shop})
        return {**made, "binding_id": str(offer["binding_id"])}

    @staticmethod
    def _connector(api: Any, shop: str) -> str:
        """Enter a connector of a shop and return its id."""
        return str(api.post("/connectors", {"name": "C", "scopes": ["ingest"], "shop_id": shop})["connector_id"])

    @staticmethod
    def _grant(api: Any, account: str, user: str) -> str:
        """Give a user a look into an account and return the id of the grant."""
        until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        grant = {"scope": "read", "until_time": until, "user_id": user}
        return str(api.post(f"/accounts/{account}/grants", grant)["grant_id"])

    @staticmethod
    def _event(api: Any, account: str) -> dict[str, str]:
        """Plan an event of an account, and register for it; return the ids of both."""
        body = {"account_id": account, "title": "Event", "time": tomorrow_at("14:00")}
        event_id = str(api.post("/events", body)["event"]["event_id"])
        place = f"/events/{event_id}/registrations"
        api.post(place, {"email": f"{uuid4().hex}@example.com"})
        (guest,) = soon(lambda: api.get(place)["invitations"])
        return {"event_id": event_id, "invitation_id": guest["invitation_id"]}

    @staticmethod
    def _image(api: Any, shop: str) -> str:
        """Upload a picture and return its id."""
        picture = io.BytesIO()
        Image.new("RGB", (8, 8)).save(picture, "PNG")
        headers = {"Idempotency-Key": uuid4().hex}
        return str(
            api.http.post(f"/shops/{shop}/images", content=picture.getvalue(), headers=headers).json()["image_id"]
        )

    @staticmethod
    def _import(api: Any, shop: str) -> str:
        """Send a file and return the id of its import."""
        answer = api.http.post(
            f"/shops/{shop}/imports", params={"kind": "catalogue", "file_name": "p.csv"},
            content=b"product,price_eur\nfrom-a-file,1\n", headers={"Idempotency-Key": uuid4().hex},
        )  # fmt: skip
        return str(answer.json()["import"]["import_id"])
