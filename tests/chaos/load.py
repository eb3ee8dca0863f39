"""A full load on every lane, that knows afterwards what was acknowledged.

What is not acknowledged is sent again with the same id until it is: so in the end all of it must be there, once.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from ledger import METRICS, Acknowledged, Seen, Transcript

from showfloor.api.session.v1.signal_service_pb2 import SignalBatch
from showfloor.metrics.vocabulary import Kind

HANDS, SIGNALLERS, LISTENERS = 6, 2, 2
ATTEMPT_SECONDS = 25.0  # of one request; the gateway's own deadline is far below
DEADLINE_SECONDS = 15.0  # within which a gateway that can be reached answers or refuses: its own 10, and some
RETRY_PAUSE = 0.1
ACCOUNTS = 3
PROTOBUF = "application/x-protobuf"
_AGAIN = {409, 429, 502, 503, 504}


class Refused(Exception):
    """The system refused what must not be refused."""


class Load:
    """Hosts, viewers' signals and listeners of one cluster. `begin`, then `pause` / `resume` around checks, `end`."""

    def __init__(self, url: str, token: str, chance: random.Random) -> None:
        self.told: dict[str, Acknowledged] = {}
        self.live: list[str] = []
        self.transcripts: list[Transcript] = []
        self.slow: list[tuple[str, float]] = []  # calls and their seconds, while the gateway could be reached
        self.ahead = 0.0  # seconds that the clocks of hosts and viewers are ahead of ours, as those of the services
        self.unreachable = False  # set while a fault keeps the gateway's answers from us
        self.answered = self.refused = 0
        self._chance = chance
        self._http = httpx.AsyncClient(
            base_url=f"{url}/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=ATTEMPT_SECONDS,
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=16),
        )
        self._running, self._signals, self._signalling = asyncio.Event(), asyncio.Event(), 0
        self._busy = 0
        self._idle = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._listening: dict[str, list[asyncio.Task[None]]] = {}
        self._accounts: list[str] = []
        self._products: list[str] = []
        self._turn = 0

    async def begin(self) -> None:
        """Set up shop and accounts, go live on each, start the hands."""
        shop = (await self.change("POST", "/shops", {"name": "Chaos", "currency": "EUR"}))["shop_id"]
        rows = [
            {"reference": f"p{n}", "title": f"Product {n}", "category": "Tea", "in_showcase": True,
             "price": {"minor": 1000 + n, "currency": "EUR"}}
            for n in range(5)
        ]  # fmt: skip
        self._products = (await self.change("POST", f"/shops/{shop}/products", {"products": rows}))["product_ids"]
        for n in range(ACCOUNTS):
            body = {"name": f"Host {n}", "shop_id": shop, "kind": "creator"}
            self._accounts.append((await self.change("POST", "/accounts", body))["account_id"])
        for account in self._accounts:
            await self._go_live(account)
        self._running.set()
        self._signals.set()
        works = [self._hand] * HANDS + [self._signaller] * SIGNALLERS
        self._tasks = [asyncio.create_task(self._work(work)) for work in works]

    async def rotate(self) -> str:
        """End the session that has been live longest, and go live again on its account; return the ended one."""
        session = self.live.pop(0)
        await self._change(f"/sessions/{session}/end")
        for listener in self._listening.pop(session):
            listener.cancel()
        await self._go_live(self._accounts[self._turn % ACCOUNTS])
        self._turn += 1
        return session

    async def pause(self, patience: float) -> list[str]:
        """Begin nothing new, and wait until all that was begun is acknowledged. Returns what is not."""
        self._running.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._busy:
                    self._idle.clear()
                    await self._idle.wait()
        return [f"{self._busy} requests are not answered {patience:.0f} s after the fault was over"] * bool(self._busy)

    def broken(self) -> list[str]:
        """Return why hands stopped: a refusal of what must not be refused, a defect of the server."""
        return [repr(task.exception()) for task in self._tasks if task.done() and not task.cancelled()]

    def resume(self) -> None:
        """Go on."""
        self._running.set()

    async def only_facts(self) -> None:
        """Stop the signals until `all_lanes`, and wait until those acknowledged are counted."""
        self._signals.clear()
        while self._signalling or await self._uncounted():
            await asyncio.sleep(0.1)

    def all_lanes(self) -> None:
        """Let signals flow again."""
        self._signals.set()

    async def _uncounted(self) -> bool:
        for session in list(self.live):
            board = await self.read(f"/sessions/{session}/board")
            likes = next((one.get("value") or 0 for one in board["core"] if one["metric"] == "likes"), 0)
            if likes != self.told[session].sums["likes"]:
                return True
        return False

    async def let_in(self) -> None:
        """Fail when somebody whose credentials are good is turned away for them, or for what is made of them."""
        for session in self.live:
            answer = await self._http.get(f"/sessions/{session}/bag")
            turned_away = answer.status_code >= 400 and "token" in answer.text
            assert not turned_away, f"turned away: {answer.status_code} {answer.text[:300]}"

    async def end(self) -> None:
        """Stop everything."""
        tasks = [*self._tasks, *(task for tasks in self._listening.values() for task in tasks)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._http.aclose()

    async def seen(self, session: str) -> Seen:
        """Return what board and feed show of a session."""
        board = await self.read(f"/sessions/{session}/board")
        sums = {one["metric"]: round(one.get("value") or 0) for one in board["core"] if one["metric"] in METRICS}
        feed: list[tuple[int, str]] = []
        while True:
            after = feed[-1][0] if feed else 0
            page = await self.read(f"/sessions/{session}/activity", page_size=500, after_position=after)
            feed += [(int(one["position"]), one["kind"]) for one in page["activities"]]
            if not page.get("more"):
                return Seen(sums, feed)

    async def read(self, path: str, **query: Any) -> Any:
        """GET until it is answered."""
        return await self._send("GET", path, {}, params=query)

    async def change(self, method: str, path: str, body: Any) -> Any:
        """Change something, until it is acknowledged."""
        return await self._send(method, path, {"Idempotency-Key": uuid4().hex}, json=body)

    async def _change(self, path: str, body: Any = None, method: str = "POST") -> Any:
        return await self.change(method, path, {} if body is None else body)

    async def _go_live(self, account: str) -> None:
        opened = await self._change("/sessions", {"account_id": account, "title": "Chaos"})
        session = opened["session"]["session_id"]
        await self._change(f"/sessions/{session}/bag", {"source": "showcase", "references": self._products})
        await self._change(f"/sessions/{session}/live")
        self.told[session] = Acknowledged(session)
        self.live.append(session)
        self._listening[session] = [asyncio.create_task(self._listen(session)) for _ in range(LISTENERS)]

    async def _work(self, work: Callable[[Acknowledged], Coroutine[Any, Any, None]]) -> None:
        while True:
            await self._running.wait()
            told = self.told[self._chance.choice(self.live)]
            self._busy += 1
            try:
                await work(told)
            finally:
                self._busy -= 1
                if not self._busy:
                    self._idle.set()
            await asyncio.sleep(self._chance.uniform(0, 0.1))

    async def _hand(self, told: Acknowledged) -> None:
        viewer = {"viewer_ref": f"v{self._chance.randrange(10_000)}"}
        product = self._chance.choice(self._products)
        match self._chance.randrange(6):
            case 0 | 1:
                await self._orders(told, viewer, product)
            case 2:
                await self._order(told, viewer, product)
            case 3:
                key = uuid4().hex
                body = {"viewer": viewer, "text": f"Is it green tea? {key[:6]}"}
                await self._post(told, "comments", key, body)
                told.acknowledged(key, "comment", comments=1)
            case 4:
                key, viewer = uuid4().hex, {"viewer_ref": uuid4().hex}  # a follow counts once per viewer
                await self._post(told, "follows", key, {"viewer": viewer})
                told.acknowledged(key, "follow", new_followers=1)
            case 5:
                path = f"/sessions/{told.session}/bag/{product}"
                if self._chance.random() < 0.5:
                    await self._change(f"{path}/pin", method="PUT")
                else:
                    await self._change(f"{path}/number", {"number": self._chance.randint(1, 5)}, "PUT")

    async def _orders(self, told: Acknowledged, viewer: Any, product: str) -> None:
        """Many facts in one call: paid orders and gifts."""
        facts, notes = [], []
        for _ in range(self._chance.randint(1, 8)):
            key = uuid4().hex
            if self._chance.random() < 0.3:
                facts.append({"gift": {"request_id": key, "viewer": viewer, "gift": "Rose", "count": 1}})
                notes.append((key, "gift", {"gifts": 1}))
            else:
                quantity, price = self._chance.randint(1, 3), self._chance.randint(100, 999)
                order = self._item(viewer, product, quantity, price)
                facts.append({"paid_order": {"order": {"request_id": key, **order}}})
                notes.append((key, "order", {"units_sold": quantity, "gmv": quantity * price}))
        answer = await self._send("POST", f"/sessions/{told.session}/activity", {}, json={"facts": facts})
        if refused := [one for one in answer["outcomes"] if one.get("refused_reason")]:
            raise Refused(str(refused))
        for key, kind, adds in notes:
            told.acknowledged(key, kind, **adds)

    async def _order(self, told: Acknowledged, viewer: Any, product: str) -> None:
        """One order by itself, then its payment, and for some a refund of the whole."""
        key = uuid4().hex
        quantity, price = self._chance.randint(1, 3), self._chance.randint(100, 999)
        placed = await self._post(told, "orders", key, self._item(viewer, product, quantity, price))
        order = placed["order"]["order_id"]
        await self._post(told, f"orders/{order}/payment", uuid4().hex, {})
        told.acknowledged(key, "order", units_sold=quantity, gmv=quantity * price)

    async def _signaller(self, told: Acknowledged) -> None:
        if not self._signals.is_set():
            return
        self._signalling += 1
        try:
            await self._signal(told)
        finally:
            self._signalling -= 1

    async def _signal(self, told: Acknowledged) -> None:
        rows = self._chance.randint(200, 600)
        kinds = self._chance.choices((Kind.IMPRESSION, Kind.ENTER, Kind.LIKE), k=rows)
        batch = SignalBatch(
            batch_id=uuid4().hex,
            offset_ms=b"\0\0\0\0" * rows,
            kind=bytes(kinds),
            viewer=b"".join(n.to_bytes(2, "little") for n in range(rows)),
            product=b"\0\0" * rows,
            channel=bytes(self._chance.choices(range(9), k=rows)),
            viewers=b"".join(self._chance.getrandbits(64).to_bytes(8, "little") for _ in range(rows)),
        )
        batch.base_time.FromDatetime(datetime.now(UTC) + timedelta(seconds=self.ahead))
        headers = {"Content-Type": PROTOBUF}
        path = f"/sessions/{told.session}/signals"
        await self._send("POST", path, headers, content=batch.SerializeToString())
        told.sums.update(likes=kinds.count(Kind.LIKE), views=kinds.count(Kind.ENTER))

    @staticmethod
    def _item(viewer: Any, product: str, quantity: int, price: int) -> dict[str, Any]:
        item = {"product_id": product, "quantity": quantity, "unit_price": {"minor": price, "currency": "EUR"}}
        return {"reference": uuid4().hex, "viewer": viewer, "items": [item]}

    async def _post(self, told: Acknowledged, rest: str, key: str, body: Any) -> Any:
        return await self._send("POST", f"/sessions/{told.session}/{rest}", {"Idempotency-Key": key}, json=body)

    async def _send(self, method: str, path: str, headers: dict[str, str], **more: Any) -> Any:
        """Send until it is acknowledged. Raises Refused for a refusal that a resend cannot mend."""
        while True:
            began, status = time.monotonic(), 0
            away = self.unreachable
            try:
                response = await self._http.request(method, path, headers=headers, **more)
                status = response.status_code
            except httpx.HTTPError:
                response = None
            if not (away or self.unreachable):
                self.slow.append((f"{method} {path.rpartition('/')[2]} ({status})", time.monotonic() - began))
            if response is not None and response.is_success:
                self.answered += 1
                return response.json() if response.content else {}
            self.refused += response is not None
            if response is not None and status not in _AGAIN:
                raise Refused(f"{method} {path}: {status} {response.text[:300]}")
            await asyncio.sleep(RETRY_PAUSE)

    async def _listen(self, session: str) -> None:
        """Follow a session's feed for ever, coming back with the last id after every break."""
        transcript: Transcript | None = None
        last = ""
        while True:
            headers = {"Last-Event-ID": last} if last else {}
            query = {"topics": f"activity:{session}"}
            with suppress(httpx.HTTPError, httpx.StreamError, ValueError):
                async with self._http.stream(
                    "GET", "/stream", params=query, headers=headers, timeout=httpx.Timeout(25.0)
                ) as response:
                    fields: dict[str, str] = {}
                    async for line in response.aiter_lines():
                        name, _, value = line.partition(":")
                        if line:
                            fields[name] = value.strip()
                            continue
                        data = json.loads(fields.get("data", "{}"))
                        last = fields.get("id") or last
                        if fields.get("event") == "hello" and transcript is None:
                            transcript = Transcript(session, int(data["positions"][session]))
                            self.transcripts.append(transcript)
                        if fields.get("event") == "activity" and transcript is not None:
                            transcript.positions += [int(one["position"]) for one in data["activities"]]
                        fields = {}
            await asyncio.sleep(self._chance.uniform(0.05, 0.3))
