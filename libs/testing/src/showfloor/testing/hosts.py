"""A host and their LIVEs in tests of the running system, as they use the public API."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from showfloor.testing.system import Rest, soon

IMPRESSION, ENTER, LEAVE, SHOWN, CLICK, LIKE, SHARE = range(1, 8)  # kinds of signals
FEED, PROMOTED, FOLLOWING = 1, 2, 3  # channels
FROM_VIEWS = ("board", "trend", "products", "suggestions", "audience", "recap", "comments", "orders", "activity")


class Host:
    """Somebody with a shop, an account and a catalogue."""

    def __init__(self, api: Rest, currency: str = "EUR") -> None:
        self.api, self.currency = api, currency
        mark = uuid4().hex[:8]
        self.shop = api.post("/shops", {"name": f"Shop {mark}", "currency": currency})["shop_id"]
        self.name = f"Host {mark}"
        self.account = self.new_account(self.name)

    def new_account(self, name: str) -> str:
        body = {"name": name, "shop_id": self.shop, "kind": "creator"}
        return str(self.api.post("/accounts", body)["account_id"])

    def products(self, count: int, name: str = "Product", **more: Any) -> list[str]:
        """Add products to the shop, called so and numbered from 1; return their ids."""
        mark = uuid4().hex[:6]
        rows = [
            {
                "reference": f"{mark}-{n}",
                "title": f"{name} {n + 1}",
                "category": "Tea",
                "price": self.money(1000 + n),
                "commission_bps": 250,
                "in_showcase": True,
                **more,
            }
            for n in range(count)
        ]
        return list(self.api.post(f"/shops/{self.shop}/products", {"products": rows})["product_ids"])

    def money(self, minor: int) -> dict[str, Any]:
        return {"minor": minor, "currency": self.currency}

    def open(self, title: str = "A LIVE", **more: Any) -> "Live":
        """Open a console."""
        return Live(self, self.api.post("/sessions", {"account_id": self.account, "title": title, **more})["session"])

    def live(self, title: str = "A LIVE", products: int = 0) -> "Live":
        """Go on air, with new products in the bag."""
        session = self.open(title)
        if products:
            session.fill(self.products(products))
        session.start = datetime.fromisoformat(session.post("live")["session"]["start_time"])
        return session

    def recorded(self, title: str = "A recording", minutes: int = 30, products: int = 0) -> "Live":
        """Go on air with a recording that started `minutes` ago: facts and signals may carry times since then."""
        start = (datetime.now(UTC) - timedelta(minutes=minutes)).replace(second=0, microsecond=0)
        session = self.open(title, recording={"start_time": iso(start), "simulated": True})
        session.start = start
        if products:
            session.fill(self.products(products))
        session.post("live")
        return session


class Live:
    """One session, through the eyes of its host."""

    def __init__(self, host: Host, session: dict[str, Any]) -> None:
        self.host, self.api = host, host.api
        self.id = str(session["session_id"])
        self.start = datetime.now(UTC)
        self.products: list[str] = []
        self.position = 0  # of the last change: what is read after it must know of it

    def path(self, rest: str = "") -> str:
        return f"/sessions/{self.id}/{rest}".rstrip("/")

    def get(self, rest: str = "", **query: Any) -> Any:
        newest = {"min_position": self.position} if rest in FROM_VIEWS and self.position else {}
        return self.api.get(self.path(rest), **{**newest, **query})

    def post(self, rest: str, body: Any = None, key: str | None = None) -> Any:
        return self._changed(self.api.post(self.path(rest), body, key))

    def put(self, rest: str, body: Any = None) -> Any:
        return self._changed(self.api.put(self.path(rest), body))

    def delete(self, rest: str) -> Any:
        return self._changed(self.api.delete(self.path(rest)))

    def _changed(self, answer: Any) -> Any:
        if isinstance(answer, dict):
            self.position = max(self.position, int(answer.get("position", 0)))
        return answer

    def fill(self, products: list[str]) -> None:
        self.post("bag", {"source": "showcase", "references": products})
        self.products += products

    def bag(self, **query: Any) -> list[str]:
        """Return the products of the bag in order."""
        return [item["product"]["product_id"] for item in self.get("bag", **query)["items"]]

    def at(self, seconds: float) -> str:
        """Return a moment of the session."""
        return iso(self.start + timedelta(seconds=seconds))

    def order(self, product: str, quantity: int, price: int, viewer: str, time: float | None = None) -> dict[str, Any]:
        """Return an order as the API takes it."""
        item = {"product_id": product, "quantity": quantity, "unit_price": self.host.money(price)}
        order = {"reference": uuid4().hex, "viewer": {"viewer_ref": viewer}, "items": [item]}
        return order if time is None else {**order, "time": self.at(time)}

    def record(self, *facts: dict[str, Any]) -> int:
        """Report facts; all must be kept. Returns the position."""
        answer = self.post("activity", {"facts": list(facts)})
        assert not [one for one in answer["outcomes"] if one["refused_reason"]], answer
        return int(answer["position"])

    def signals(self, rows: list[tuple[float, int, int, int, int]], traits: list[int] | None = None) -> None:
        """Send signals: (second, kind, viewer, 1 + product or 0, channel)."""
        viewers = max(row[2] for row in rows) + 1
        batch = {
            "batch_id": uuid4().hex,
            "base_time": iso(self.start),
            "offset_ms": [int(row[0] * 1000) for row in rows],
            "kind": [row[1] for row in rows],
            "viewer": [row[2] for row in rows],
            "product": [row[3] for row in rows],
            "channel": [row[4] for row in rows],
            "viewers": [7919 * (n + 1) for n in range(viewers)],
            "products": self.products,
        }
        answer = self.post("signals", {**batch, "viewer_traits": traits} if traits else batch)
        assert answer["accepted"] == len(rows)

    def numbers(self, **query: Any) -> dict[str, float]:
        """Return the board's known core numbers."""
        return readings(self.get("board", **query)["core"])

    def wait(self, **wanted: float) -> dict[str, float]:
        """Return the board's numbers once they are as wanted."""
        return soon(self.numbers, lambda seen: all(seen.get(name) == value for name, value in wanted.items()))


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def readings(found: list[dict[str, Any]]) -> dict[str, float]:
    """Return the values of readings that are there."""
    return {one["metric"]: one["value"] for one in found if one.get("value") is not None}


def falling(host: Host) -> Live:
    """A LIVE whose sales stop: two viewers come in each of 25 minutes. For 13 minutes the second product is ordered;
    then the first one is featured, and nobody buys any more."""
    minutes, sold = 25, 13
    live = host.recorded("Tea that sold, and then did not", minutes=40)
    live.fill(host.products(2, "Teapot"))
    signals = [
        (60.0 * minute + 5 + at, ENTER, 2 * minute + at, 0, FEED + at) for minute in range(minutes) for at in (0, 1)
    ]
    signals += [(60.0 * minute + 20, SHOWN, 2 * minute, 2, FEED) for minute in range(minutes)]
    signals += [(60.0 * minute + 21, CLICK, 2 * minute, 2, FEED) for minute in range(sold)]
    signals += [(60.0 * minutes - 2, LIKE, 0, 0, FEED), (60.0 * minutes - 1, LIKE, 1, 0, FEED)]
    facts = []
    for minute in range(sold):
        order = live.order(live.products[1], 1, 500, f"v{minute}", 60 * minute + 40)
        order["viewer"]["traits"] = {"gender": "female", "age_band": "25-34", "region": "DE", "follower": True}
        facts.append({"paid_order": {"order": {"request_id": f"o{minute}", **order}}})
    live.put(f"bag/{live.products[0]}/pin", {"time": live.at(60 * (sold + 1))})
    live.record(*facts)
    live.signals(signals)
    live.wait(views=2 * minutes, orders=sold, likes=2)
    return live
