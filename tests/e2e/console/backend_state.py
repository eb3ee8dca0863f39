"""What the screens read and change in the server of the browser tests."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import backend_events
import backend_home
import shop

Json = dict[str, Any]


class Backend:
    """The state that the screens read and change. `calls` keeps every change with its headers and body."""

    def __init__(self) -> None:
        self.sessions = {
            shop.LIVE: shop.session(shop.LIVE, "Autumn drop: home & audio", "live"),
            shop.ENDED: shop.session(
                shop.ENDED,
                "Sunday slow living",
                "ended",
                "replay",
                simulated=True,
                end_time=shop.stamp(datetime.now(UTC)),
            ),
            shop.IMPORTED: shop.session(
                shop.IMPORTED, "Spring clearance", "ended", "import", end_time=shop.stamp(datetime.now(UTC))
            ),
        }
        self.bag = [self._item(number) for number in range(1, 7)]
        self.position = 40
        self.activities = [shop.activity(position) for position in range(1, 41)]
        self.calls: list[tuple[str, str, dict[str, str], Json]] = []
        self.signed_in = True
        self.streams_refused = 0
        self.refusal = (503, "UNAVAILABLE")
        self.retry_after = 0  # seconds that a refused stream is told to wait
        self.running_elsewhere = ""
        self.suggestions: list[Json] | None = [shop.suggestion(1)]
        self.dropped = asyncio.Event()
        self.no_recording = False
        self.catalogue = 8
        self.scale = 1.0
        self.earlier_lives = 6
        self.test_checkout = False
        self.checkout = False  # the shop has one of its own
        self.own_orders: list[Json] = []
        self.shop_checkout: Json = {"shop_id": shop.SHOP}
        self.shop_role = "owner"
        self.directory: Json = {}
        self.home = backend_home.home()
        self.events = {one["event_id"]: one for one in backend_events.usual(datetime.now(UTC))}

    def _item(self, number: int) -> Json:
        source = shop.SOURCES[number % 4]
        return {"product": shop.product(number), "number": number, "source": source, "pinned": False}

    def happen(self, times: int = 1) -> None:
        """Let activities happen: streams tell them, the feed holds them."""
        for _ in range(times):
            self.position += 1
            self.activities.append(shop.activity(self.position))

    def kind(self, kind: str) -> list[bool]:
        """Tell for each activity whether it is of this kind."""
        return [one["kind"] == kind for one in self.activities]

    def renumber(self) -> None:
        """Give the bag's items their numbers again, and the sessions their size."""
        for number, item in enumerate(self.bag, 1):
            item["number"] = number
        for one in self.sessions.values():
            one["bag_size"] = len(self.bag)
            one["version"] += 1
