"""`showfloor replay`: play a recording through the public API, then show that the board adds up."""

import asyncio
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

from cyclopts import Parameter
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from showfloor.api.session.v1.session_pb2 import PresenceSource
from showfloor.api.session.v1.signal_service_pb2 import SignalBatch
from showfloor.cli.api import Api, ApiRefusal
from showfloor.cli.directory import ensure_account, ensure_shop
from showfloor.cli.failures import reason
from showfloor.cli.recordings import BadRecording, Fact, Header, RecordedProduct, Recording, Signals
from showfloor.cli.session_api import connect
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console, problems
from showfloor.cli.totals import compare
from showfloor.kernel.clock import utc_now
from showfloor.kernel.text import cut
from showfloor.platform.startup_error import StartupError

PAGE = 500  # facts in one call
BAG_PAGE = 100  # products in one call
IN_FLIGHT = 12  # calls under way at once; bounds memory and load
LONGEST_SLEEP_S = 0.25
EXIT_BROKEN_OFF = 130  # as after Ctrl-C
LAST_WORD_S = 2.0  # `showfloor down` has five in all
GENDERS = ("", "female", "male", "other")
AGE_BANDS = ("", "18-24", "25-34", "35-44", "45-54", "55+")
FOLLOWS = 2
DEMO = Path(__file__).parent / "data/demo.live"


@dataclass
class Player:
    """One replay under way."""

    api: Api
    header: Header
    speed: float  # recorded seconds per real second; 0 plays as fast as possible
    run: str
    session_id: str = ""
    start: datetime = field(default_factory=utc_now)
    product_ids: list[str] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    calls: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    reached: int = 0  # of the recording, ms
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_FLIGHT))

    async def prepare(self, products: list[RecordedProduct], shop: str = "") -> None:
        """Make shop, account, catalogue and session; fill the bag; go LIVE."""
        shop_id = await ensure_shop(self.api, shop or self.header.shop, self.header.currency)
        account_id = await ensure_account(self.api, shop_id, self.header.account)
        for page in range(0, len(products), PAGE):
            rows = [self._product(product) for product in products[page : page + PAGE]]
            answer = await self.api.post(f"/shops/{shop_id}/products", {"products": rows})
            self.product_ids += answer["product_ids"]
        # Played faster than it was recorded, it must start in the past, or it would run ahead of the clock.
        ahead = self.header.duration_ms * (1 - 1 / self.speed if self.speed else 1)
        self.start = utc_now() - timedelta(milliseconds=max(ahead, 0))
        recording = {"start_time": self.at(0), "simulated": bool(self.header.simulated)}
        body: dict[str, Any] = {"account_id": account_id, "title": self.header.title, "recording": recording}
        self.session_id = (await self.api.post("/sessions", body, key=f"{self.run}-open"))["session"]["session_id"]
        for page in range(0, len(self.product_ids), BAG_PAGE):
            body = {"source": "showcase", "references": self.product_ids[page : page + BAG_PAGE]}
            await self._post("bag", body, f"bag-{page}")
        await self._go_live()

    async def _go_live(self) -> None:
        """Go LIVE; a replay that was broken off and still holds the account's slot is ended first."""
        try:
            await self._post("live", {}, "live")
        except ApiRefusal as refusal:
            running = refusal.problem.get("metadata", {}).get("running_session_id")
            if refusal.code != "ANOTHER_LIVE_RUNNING" or not running:
                raise
            left = (await self.api.get(f"/sessions/{running}"))["session"]
            if left["source"] != "replay":
                raise
            await self.api.post(f"/sessions/{running}/end", {}, key=f"{self.run}-end-{running}")
            await self._post("live", {}, "live-after-end")

    async def play(self, recording: Recording, progress: Progress) -> None:
        """Send every entry in order, at its time."""
        bar = progress.add_task("Playing", total=self.header.facts + self.header.signals)
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for entry in recording.entries():
                if self.speed:
                    await self._until(began + entry.t / 1000 / self.speed, tasks)
                self.reached = entry.t
                if entry.fact:
                    self.facts.append(self.fact_body(entry.fact, entry.t))
                    if len(self.facts) >= PAGE:
                        await self._flush(tasks)
                elif entry.signals:
                    await self._send(tasks, partial(self._signals, entry.signals))
                elif entry.pin is not None:
                    await self._flush(tasks)
                    await self._pin(entry.pin, entry.t)
                progress.update(bar, advance=entry.signals.rows if entry.signals else 1 if entry.fact else 0)
            await self._flush(tasks)

    async def end(self) -> None:
        """End the session at its recorded end."""
        await self._post("end", {"end_time": self.at(self.header.duration_ms)}, "end")

    async def break_off(self) -> None:
        """End the session where it is: nobody plays on, and a LIVE that nothing happens in would stay on air."""
        if not self.session_id:
            console.print("Broken off before anything was played.")
            return
        try:
            async with asyncio.timeout(LAST_WORD_S):
                await self._post("end", {"end_time": self.at(self.reached)}, "end")
        except (ApiRefusal, StartupError, TimeoutError):  # the next replay ends it
            console.print(
                f"Broken off: session {self.session_id} could not be ended; if it is on air, end it at its desk."
            )
        else:
            console.print("Broken off: the LIVE was ended where it was.")

    async def explain(self, refusals: BaseExceptionGroup[ApiRefusal]) -> None:
        """Raise StartupError when somebody ended the session meanwhile, as a newer replay does, else the refusals."""
        session = (await self.api.get(f"/sessions/{self.session_id}"))["session"]
        if session["state"] != "ended":
            raise refusals
        raise StartupError(
            "the session was ended while it was played, at its desk or by a newer replay of the same account",
            place=f"session {self.session_id}",
            next_step="play it again",
        ) from refusals

    def at(self, t: int) -> str:
        """Return a recorded moment, RFC 3339 UTC."""
        return (self.start + timedelta(milliseconds=t)).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    async def _until(self, moment: float, tasks: asyncio.TaskGroup) -> None:
        while (wait := moment - time.monotonic()) > 0:
            await self._flush(tasks)
            await asyncio.sleep(min(wait, LONGEST_SLEEP_S))

    async def _send(self, tasks: asyncio.TaskGroup, call: Callable[[], Awaitable[None]]) -> None:
        await self.slots.acquire()

        async def run() -> None:
            try:
                await call()
            finally:
                self.slots.release()

        tasks.create_task(run())

    async def _flush(self, tasks: asyncio.TaskGroup) -> None:
        if self.facts:
            facts, self.facts = self.facts, []
            self.calls += 1
            await self._send(tasks, partial(self._record, facts, f"{self.run}-facts-{self.calls}"))

    async def _record(self, facts: list[dict[str, Any]], key: str) -> None:
        answer = await self.api.post(f"/sessions/{self.session_id}/activity", {"facts": facts}, key=key)
        for outcome in answer["outcomes"]:
            if reason := outcome.get("refused_reason"):
                self.refused[reason] = self.refused.get(reason, 0) + 1

    async def _post(self, what: str, body: dict[str, Any], key: str) -> None:
        await self.api.post(f"/sessions/{self.session_id}/{what}", body, key=f"{self.run}-{key}")

    async def _pin(self, product: int, t: int) -> None:
        if product >= 0:
            path = f"/sessions/{self.session_id}/bag/{self.product_ids[product]}/pin"
            await self.api.put(path, {"time": self.at(t)}, key=f"{self.run}-pin-{t}")

    def _product(self, product: RecordedProduct) -> dict[str, Any]:
        return {
            "reference": product.reference,
            "title": product.title,
            "category": product.category,
            "price": {"minor": product.price, "currency": self.header.currency},
            "commission_bps": product.commission_bps,
            "in_showcase": True,
        }

    def fact_body(self, fact: Fact, t: int) -> dict[str, Any]:
        """Return a recorded fact as the API takes it."""
        viewer = {"viewer_ref": fact.viewer, "display_name": cut(fact.name, 60), "traits": traits_of(fact.traits)}
        common = {"request_id": fact.id, "viewer": viewer, "time": self.at(t)}
        if fact.kind == "comment":
            about = {"product_id": self.product_ids[fact.product]} if fact.product >= 0 else {}
            return {"comment": {**common, "text": fact.text, **about}}
        if fact.kind == "gift":
            return {"gift": {**common, "gift": fact.text, "count": fact.quantity}}
        if fact.kind == "follow":
            return {"follow": common}
        price = {"minor": fact.price, "currency": self.header.currency}
        item = {"product_id": self.product_ids[fact.product], "quantity": fact.quantity, "unit_price": price}
        return {"paid_order": {"order": {**common, "reference": fact.id, "items": [item]}, "pay_time": self.at(t)}}

    async def _signals(self, signals: Signals) -> None:
        self.calls += 1
        batch = SignalBatch(
            session_id=self.session_id,
            batch_id=f"{self.run}-{self.calls}",
            offset_ms=signals.column("offset_ms"),
            kind=signals.column("kind"),
            viewer=signals.column("viewer"),
            product=signals.column("product"),
            channel=signals.column("channel"),
            viewers=signals.column("viewers"),
            viewer_traits=signals.column("traits"),
            products=self.product_ids,
            presence_source=PresenceSource.PRESENCE_SOURCE_ENTERS_AND_LEAVES,  # all that a recording tells
        )
        batch.base_time.FromDatetime(self.start + timedelta(milliseconds=signals.base))
        path = f"/sessions/{self.session_id}/signals"
        await self.api.post_protobuf(path, batch.SerializeToString(), key=batch.batch_id)


def traits_of(packed: int) -> dict[str, Any]:
    """Return what is known of a viewer, unpacked from the bits of SignalBatch.viewer_traits."""
    gender, age, follower = packed & 3, packed >> 2 & 7, packed >> 5 & 3
    known: dict[str, Any] = {"gender": GENDERS[gender]} if gender else {}
    if 0 < age < len(AGE_BANDS):
        known["age_band"] = AGE_BANDS[age]
    if follower:
        known["follower"] = follower == FOLLOWS
    return known


def replay(
    file: Path | None = None,
    *,
    demo: Annotated[bool, Parameter(negative="", help="Play the simulated sample that comes with Showfloor.")] = False,
    shop: Annotated[str, Parameter(help="The shop to play it in, instead of the recording's own name.")] = "",
    speed: Annotated[str, Parameter(help="1 is as recorded, 60 a minute per second, max as fast as it goes.")] = "1",
    data: Data = DEFAULT_FOLDER,
) -> None:
    """Play a recording into a new session and compare what the board shows with the recording's totals."""
    rate = speed_of(speed)
    if demo == (file is not None):
        raise StartupError("no recording named", place="the command line", next_step="name a FILE, or use --demo")
    file = file or DEMO
    try:
        asyncio.run(play_file(file, rate, data, shop))
    except asyncio.CancelledError:
        sys.exit(EXIT_BROKEN_OFF)
    except (BadRecording, OSError) as error:
        raise StartupError(reason(error), place=str(file), next_step="make one with `showfloor record`") from error


async def play_file(file: Path, speed: float, data: Path, shop: str = "") -> None:
    """Play `file` in a shop, "" for the one that it names.

    Raises BadRecording, or StartupError when the totals differ or facts were refused.
    """
    recording = Recording(file)
    playing = asyncio.current_task()
    assert playing is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, playing.cancel)
    async with connect(data) as api:
        player = Player(api, recording.header, speed, run=uuid4().hex[:12])
        try:
            await player.prepare(recording.products, shop)
            console.print(f"Session {player.session_id}: {recording.header.title}")
            if recording.header.simulated:
                console.print(f"Simulated: {', '.join(recording.header.simulated)}.")
            await _play(player, recording)
        except asyncio.CancelledError:
            await player.break_off()
            raise
        equal = await compare(api, player.session_id, recording.header)
    if player.refused or not equal:
        reasons = ", ".join(f"{count} x {reason}" for reason, count in player.refused.items()) or "none"
        raise StartupError(
            f"the replay does not add up; facts refused: {reasons}",
            place=f"session {player.session_id}",
            next_step="see `showfloor status` for what lags, and docs/refusals.md for the reasons",
        )


async def _play(player: Player, recording: Recording) -> None:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=problems, transient=True) as progress:
            await player.play(recording, progress)
        await player.end()
    except* ApiRefusal as refusals:
        await player.explain(refusals)


def speed_of(text: str) -> float:
    """Return the recorded seconds to play in one, 0 for as fast as it goes. Raises StartupError."""
    if text == "max":
        return 0.0
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 1 <= speed <= 100_000:
        raise StartupError(
            f"speed {text!r} is not a number from 1 to 100000, or max", place="--speed", next_step="try 60"
        )
    return speed
