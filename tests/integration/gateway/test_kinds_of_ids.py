"""Every RPC and route x every kind of id, own and foreign: what is of another kind, or foreign, does not exist.

The questions are made from the descriptors and the table of routes, the kinds from the deciders: whatever is added
later is asked by itself. While they are asked, another shop's commands wait in the same batch of the writer.
"""

import asyncio
import io
import logging
import re
import threading
import zipfile
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import structlog
from google.protobuf.json_format import MessageToDict
from id_asks import Ask, Place, asks, who_asks
from id_world import ShopIds, send, shop_ids

from showfloor.access.actor import Actor, ActorKind, ViewerScope
from showfloor.access.tokens import Signer
from showfloor.events.service import DECIDERS as EVENTS
from showfloor.eventstore import writer
from showfloor.eventstore.store import Store
from showfloor.gateway.directory.domain.deciders import DECIDERS as DIRECTORY
from showfloor.gateway.http.clients import Clients
from showfloor.gateway.http.contracts import methods
from showfloor.gateway.http.routes import NativeRoute, Who
from showfloor.gateway.http.rpc_routes import RPC_ROUTES
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.service import DECIDERS as SESSIONS
from showfloor.session.show.domain.liveness import LIVENESS, Seen, keep_sign, liveness_stream
from showfloor.testing.waiting import eventually

BEHIND = (*SESSIONS, *EVENTS)  # the kinds of stream of the services behind the gateway
EVENT = "event"  # a thing with an id that is no stream: it lies in its account's schedule
KINDS = tuple(decider.name for decider in (*BEHIND, *DIRECTORY))
# Of a file applied in the background, of what was erased, of an event that was moved: no world has one.
UNMADE = {"imported_file", "erasure", "guest_list"}
INSIDE = {"comment", "order", "follow", "gift"}  # of one session: another session of one's own has none of them
VOLATILE = {"request_id", "instance", "position", "watermark", "version", "duplicate"}
UUIDS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")
TIMES = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)")
SHOWN = {"stream watch", *(route.rpc for route in RPC_ROUTES if route.who is Who.ANYONE)}  # open to all
NO = {*range(400, 500), *(kind.name for kind in RefusalKind if kind is not RefusalKind.UNAVAILABLE)}
FILES = {"CreateImport", "UploadImage"}  # take a whole file, which no sample is
MALFORMED = {"INVALID_FIELD", "MALFORMED_JSON", "MALFORMED_PROTOBUF", "BODY_INCOMPLETE", "UNKNOWN_METRIC"}


@dataclass
class Stores:
    """The stores of the services under test, and which commands shared a batch."""

    opened: list[tuple[Store, Any]] = field(default_factory=list)
    batches: list[set[tuple[str, UUID]]] = field(default_factory=list)

    def waiting(self) -> int:
        return sum(store._writer.waiting() for store, _ in self.opened)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Hold the writers while the block runs: what is submitted in it is one batch of each."""
        go, holding = threading.Event(), []

        def hold(reached: threading.Event) -> Callable[[Any, Any], list[Any]]:
            def rule(_state: Any, _facts: Any) -> list[Any]:
                reached.set()
                assert go.wait(60)
                return []

            return rule

        for store, decider in self.opened:
            reached = threading.Event()
            call = store.execute(decider, uuid4(), hold(reached), None, timeout=90)
            holding.append(asyncio.ensure_future(call))
            await asyncio.to_thread(reached.wait)
        try:
            yield
        finally:
            go.set()
            await asyncio.gather(*holding)


@pytest.fixture
async def gateway(stores: "Stores", run_gateway: Any) -> AsyncIterator[Any]:
    """A gateway with every service behind it, whose stores are noted."""
    async with run_gateway(with_events=True) as gateway:
        yield gateway


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Note every store that is opened from now on, and every batch."""
    noted, opened, decide = Stores(), Store.__init__, writer.decide

    def init(store: Store, log: Any, deciders: Any, **limits: Any) -> None:
        deciders = tuple(deciders)
        opened(store, log, deciders, **limits)
        noted.opened.append((store, deciders[0]))

    def noting(commands: Any, *rest: Any) -> Any:
        noted.batches.append({(command.decider.name, command.stream) for command in commands})
        return decide(commands, *rest)

    monkeypatch.setattr(Store, "__init__", init)
    # Thousands of refusals are asked for: a line of log for each would take longer than the answers.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    monkeypatch.setattr(writer, "decide", noting)
    yield noted
    structlog.reset_defaults()


async def alive(stores: Stores, of: ShopIds) -> None:
    """Write down a sign of life of a shop's LIVE, as for one that has been quiet for hours."""
    session = UUID(of.ids["session"])
    seen = Seen(session_id=session, at=datetime.now(UTC))
    store = next(store for store, decider in stores.opened if decider in SESSIONS)
    await store.execute(LIVENESS, liveness_stream(session), keep_sign, seen)


async def begun(stores: Stores, after: list[int]) -> dict[str, list[str]]:
    """Return the streams that began after these positions of the logs, by their kind, once there is a report."""
    found: dict[str, list[str]] = defaultdict(list)
    for (store, _), position in zip(stores.opened, after, strict=True):
        for one in await store.read_log(position):
            if one.version == 1:
                kind = next(decider.name for decider in (*BEHIND, *DIRECTORY) if isinstance(one.event, decider.events))
                found[kind].append(str(one.stream))
    if not found["report"]:
        await asyncio.sleep(0.05)
        return await begun(stores, after)
    return found


class Asker:
    """Asks the questions as everybody whom they concern."""

    def __init__(self, gateway: Any, own: ShopIds, nobody: httpx.AsyncClient, operator: httpx.AsyncClient) -> None:
        self.people = {"owner": own.owner, "viewer": own.viewer, "nobody": nobody, "operator": operator}
        self.clients = Clients(gateway.config.addresses)
        self.streams = asyncio.Semaphore(8)  # one caller may open so many at once, and more
        self.signer = Signer(gateway.config.signing_key_file)
        owner = Actor(subject=f"user:{own.owner_id}", kind=ActorKind.USER)
        scope = ViewerScope(session_id=own.ids["session"], viewer_ref=own.viewer_ref)
        viewer = Actor(subject=f"viewer:{own.viewer_ref}", kind=ActorKind.VIEWER, viewer=scope)
        self.actors = {"owner": owner, "viewer": viewer}

    async def answer(self, ask: Ask, who: str) -> Any:
        """Return an answer without what differs from time to time: ids, times, positions."""
        ask_it = self._rpc if ask.route is None and not ask.topic else self._http
        while code_of(got := await ask_it(ask, who)) == "QUEUE_FULL":  # imports, of which few may wait at once
            await asyncio.sleep(0.05)
        assert got[0] == "OK" or got[0] in NO, f"{ask.name} {ask.values} by {who}: {got}"
        return _plain(got)

    async def _http(self, ask: Ask, who: str) -> Any:
        method, path, query, body = ask.http()
        headers = {"Idempotency-Key": uuid4().hex} if method != "GET" else {}
        async with self.streams if ask.topic else nullcontext():
            got = await self.people[who].request(method, path, params=query, json=body, headers=headers)
        return ["OK" if got.is_success else got.status_code, _shown(got)]

    async def _rpc(self, ask: Ask, who: str) -> Any:
        token = self.signer.sign(self.actors[who])  # it is good for a minute, and there is more to ask than that
        try:
            if methods()[ask.name].server_streaming:
                parts = self.clients.read(ask.name, ask.message(), token)
                return ["OK", [MessageToDict(one, preserving_proto_field_name=True) async for one in parts]]
            done = await self.clients.ask(ask.name, ask.message(), token)
            return ["OK", MessageToDict(done, preserving_proto_field_name=True)]
        except Refusal as refusal:
            said = {"code": refusal.reason, "detail": refusal.message, "metadata": refusal.metadata}
            return [refusal.kind.name, said]


def _shown(got: httpx.Response) -> Any:
    kind = got.headers.get("content-type", "")
    if "spreadsheet" in kind:  # the rest of the file says when it was made
        return zipfile.ZipFile(io.BytesIO(got.content)).read("xl/worksheets/sheet1.xml").decode()
    return got.json() if "json" in kind else got.text


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if name not in VOLATILE}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return TIMES.sub("TIME", UUIDS.sub("ID", value)) if isinstance(value, str) else value


def code_of(answer: Any) -> str:
    return str(answer[1].get("code", "")) if isinstance(answer[1], dict) else ""


@dataclass
class Ids:
    """Every stream of both shops, by its kind."""

    mine: ShopIds
    own: dict[str, list[str]]
    foreign: dict[str, list[str]]

    def nothing(self, ask: Ask, kind: str, who: str) -> Iterator[tuple[str, str]]:
        """Yield (what it is, its id) for every id that names nothing where `kind` is asked for."""
        here = DIRECTORY if isinstance(ask.route, NativeRoute) else BEHIND  # the kinds in the log that is asked
        open_to_all = kind in ("session", EVENT) and (ask.name in SHOWN or who == "nobody")
        for name in self.own:
            if name != kind:
                yield f"own {name}", self.mine.ids.get(name) or self.own[name][0]
            elif name in INSIDE:
                yield f"own {name} of another session", self.mine.elsewhere[name]
            foreign = any(name == decider.name for decider in here) or (name == EVENT and here is BEHIND)
            if foreign and (name != kind or not (who == "operator" or open_to_all)):
                yield f"foreign {name}", self.foreign[name][-1]


def neighbours(other: ShopIds) -> list[Awaitable[Any]]:
    """Return commands of the other shop on the very streams whose ids are abused."""
    session, ids = f"/sessions/{other.ids['session']}", other.ids
    chosen = {"name": uuid4().hex, "product_ids": [ids["product"]]}
    return [
        send(other.owner, "PATCH", session, {"title": uuid4().hex}),
        send(other.owner, "PUT", f"/shops/{ids['shop']}/product-sets/{ids['product_set']}", chosen),
        send(other.viewer, "POST", f"/watch/{ids['session']}/comments", {"text": "Hello"}),
    ]


class Round:
    """Asks one question with every id in every hole at once, beside the other shop's commands."""

    def __init__(self, stores: Stores, asker: Asker, other: ShopIds, ids: Ids) -> None:
        self.stores, self.asker, self.other, self.ids = stores, asker, other, ids
        self.shared: set[str] = set()  # questions whose commands were in a batch with the other shop's

    async def ask(self, ask: Ask, who: str) -> list[str]:
        """Return what is wrong."""
        asked: dict[tuple[Place, str], asyncio.Task[Any]] = {}
        async with self.stores.held():
            for place, kind in ask.holes:
                unknown = [("nothing", str(uuid4())), ("nothing, either", str(uuid4()))]
                for what, value in (*unknown, *self.ids.nothing(ask, kind, who)):
                    answer = self.asker.answer(ask.with_id(place, value), who)
                    asked[place, what] = asyncio.ensure_future(answer)
            # Each is answered without a command, or waits in a batch; one that does neither waits for itself alone.
            for _ in range(400):
                if sum(not one.done() for one in asked.values()) <= self.stores.waiting():
                    break
                await asyncio.sleep(0.005)
            before, mark = self.stores.waiting(), len(self.stores.batches)
            beside = [asyncio.ensure_future(one) for one in neighbours(self.other)]
            await eventually(
                lambda: self.stores.waiting() >= before + len(beside) or any(one.done() for one in beside), within=30
            )
        await asyncio.gather(*beside)  # each was answered with success
        self._note(ask, mark)
        answers = {case: await one for case, one in asked.items()}
        return [
            f"{ask.name} {ask.route and ask.route.path} {place} by {who}: {what}: {got}, nothing: {wanted}"
            for (place, what), got in answers.items()
            if got != (wanted := answers[place, "nothing"])
        ]

    def _note(self, ask: Ask, mark: int) -> None:
        """Note a question one of whose commands took another shop's stream for one of another kind, in its batch."""
        theirs = {(kind, UUID(self.other.ids[kind])) for kind in ("session", "product_set")}
        streams = {stream for _, stream in theirs}
        for batch in self.stores.batches[mark:]:
            if theirs <= batch and any(stream in streams and (kind, stream) not in theirs for kind, stream in batch):
                self.shared.add(ask.name)


def part(ask: Ask) -> str:
    """Return which test asks a question: by itself each is soon done."""
    if ask.route is None:
        return "RPCs and streams"
    return "routes of a LIVE" if "{session_id}" in ask.route.path else "other routes"


MEETS = {"RPCs and streams": set(), "routes of a LIVE": {"RecordActivity"}, "other routes": {"SaveProductSet"}}
"""Commands that reach the writer whatever id they name: they must have met the other shop's in a batch."""


@pytest.mark.requirement("R4")
@pytest.mark.parametrize("which", MEETS)
async def test_what_is_of_another_kind_or_foreign_does_not_exist(stores: Stores, gateway: Any, which: str) -> None:
    other = await shop_ids(gateway, "foreign")
    await alive(stores, other)
    marks = [await store.last_position() for store, _ in stores.opened]
    foreign = await begun(stores, [0] * len(marks))
    marks = [await store.last_position() for store, _ in stores.opened]
    mine = await shop_ids(gateway, "own")
    await alive(stores, mine)
    own = await begun(stores, marks)
    assert {*own, *UNMADE} == {*foreign, *UNMADE} == set(KINDS), "the worlds lack a kind of stream: add one"
    own[EVENT], foreign[EVENT] = [mine.ids[EVENT]], [other.ids[EVENT]]
    asker = Asker(gateway, mine, await gateway.client(), await gateway.operator())
    every = [ask for ask in asks(mine.ids) if part(ask) == which]
    turn = Round(stores, asker, other, Ids(mine, own, foreign))
    wrong = [one for ask in every for who in who_asks(ask) for one in await turn.ask(ask, who)]
    assert not wrong, f"{len(wrong)} answers tell what exists:\n" + "\n".join(wrong[:100])
    assert turn.shared >= MEETS[which], "what took another shop's streams for its own met that shop's commands"
    unsound = []
    for ask in every:
        got = [await asker.answer(ask, who) for who in who_asks(ask) if not ask.topic]
        if got and all(code_of(one) in MALFORMED for one in got):
            if ask.name in FILES or (who_asks(ask) == ("viewer",) and ask.route is None):
                continue  # a viewer's own routes leave out what is not theirs to say
            unsound.append(f"{ask.name} {ask.route and ask.route.path}: {got[0]}")
    assert not unsound, "what the samples make is not well-formed, so nothing was tried:\n" + "\n".join(unsound)
    await asker.clients.close()
