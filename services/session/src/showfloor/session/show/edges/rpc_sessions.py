"""SessionService: running a LIVE, its settings and its shopping bag."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from showfloor.api.session.v1 import bag_service_pb2 as bag_pb
from showfloor.api.session.v1 import session_service_pb2 as pb
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.ids import derive_id
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.rpc.fields import stamp
from showfloor.service.allowing import account_for
from showfloor.session.catalogue.commands import Offers, products_of
from showfloor.session.catalogue.domain.searching import holds
from showfloor.session.show.commands import bag, sessions
from showfloor.session.show.domain import refusals
from showfloor.session.show.domain.bag_rules import Add, Move, OfProduct, PinOne
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION, Session
from showfloor.session.show.domain.session_events import ProductsAdded
from showfloor.session.show.domain.session_rules import (
    Asked,
    End,
    KeepReplay,
    Open,
    Retitle,
    WriteScript,
    replay_of,
)
from showfloor.session.show.edges import shapes
from showfloor.session.show.edges.gate import session_for
from showfloor.session.show.edges.messages import bag_items, pin_message, session_message
from showfloor.session.show.edges.others import Others, PinnedCommentOf

MAX_TITLE, MAX_SCRIPT, MAX_REFERENCES, MAX_QUERY = 120, 20_000, 100, 100

A = TypeVar("A", bound=Asked)


class SessionServicer:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, store: Store, offers: Offers, others: Others, policy: Policy, clock: Clock) -> None:
        self._store, self._offers, self._others = store, offers, others
        self._policy, self._clock = policy, clock

    async def OpenSession(self, request: pb.OpenSessionRequest, _: Any) -> pb.OpenSessionResponse:
        request_id = checks.request_id(request.request_id)
        home = await account_for(request.account_id)
        start = None
        if request.HasField("recording"):
            start = checks.timestamp("recording.start_time", request.recording.start_time)
        asked = Open(
            session_id=derive_id(home.account_id, "session", request_id),
            now=self._clock(),
            account_id=home.account_id,
            shop_id=home.shop_id,
            currency=home.currency,
            title=checks.line("title", request.title, 1, MAX_TITLE),
            recorded_start=start,
            simulated=request.recording.simulated,
            affiliate=home.affiliate,
        )
        done = await sessions.open_session(self._store, asked, current().meta(request_id))
        return pb.OpenSessionResponse(session=session_message(done.state), position=done.position)

    async def StartPractice(self, request: pb.StartPracticeRequest, _: Any) -> pb.StartPracticeResponse:
        asked = await self._asked(Asked, request)
        done = await sessions.start_practice(self._store, asked, current().meta(request.request_id))
        return pb.StartPracticeResponse(session=session_message(done.state), position=done.position)

    async def EndPractice(self, request: pb.EndPracticeRequest, _: Any) -> pb.EndPracticeResponse:
        asked = await self._asked(Asked, request)
        done = await sessions.end_practice(self._store, asked, current().meta(request.request_id))
        return pb.EndPracticeResponse(session=session_message(done.state), position=done.position)

    async def GoLive(self, request: pb.GoLiveRequest, _: Any) -> pb.GoLiveResponse:
        asked = await self._asked(Asked, request)
        done = await sessions.go_live(self._store, asked, current().meta(request.request_id))
        return pb.GoLiveResponse(session=session_message(done.state), position=done.position)

    async def EndSession(self, request: pb.EndSessionRequest, _: Any) -> pb.EndSessionResponse:
        end = checks.when(request, "end_time")
        asked = await self._asked(End, request, end_time=end)
        session = (await self._store.load(SESSION, asked.session_id)).state
        # An end now needs no look at the room, nor does one that a recording's player names.
        if session.status == "live" and (end is None) == (session.source == "replay"):
            asked = msgspec.structs.replace(asked, signs=await self._others.signs_of(session))
        done = await sessions.end_session(self._store, asked, current().meta(request.request_id))
        return pb.EndSessionResponse(session=session_message(done.state), position=done.position)

    async def UpdateSession(self, request: pb.UpdateSessionRequest, _: Any) -> pb.UpdateSessionResponse:
        title = checks.line("title", request.title, 1, MAX_TITLE)
        asked = await self._asked(Retitle, request, title=title)
        done = await sessions.update_session(self._store, asked, current().meta(request.request_id))
        return pb.UpdateSessionResponse(session=session_message(done.state), position=done.position)

    async def SetScript(self, request: pb.SetScriptRequest, _: Any) -> pb.SetScriptResponse:
        script = checks.text("script", request.script, 0, MAX_SCRIPT)
        asked = await self._asked(WriteScript, request, script=script)
        done = await sessions.set_script(self._store, asked, current().meta(request.request_id))
        return pb.SetScriptResponse(session=session_message(done.state), position=done.position)

    async def GetSession(self, request: pb.GetSessionRequest, _: Any) -> pb.GetSessionResponse:
        session = await session_for(self._store, request.session_id)
        answer = pb.GetSessionResponse(session=session_message(session))
        answer.session.simulated_payments = await self._others.has_simulated_payments(session.session_id)
        return answer

    async def WatchSession(self, request: pb.WatchSessionRequest, _: Any) -> pb.WatchSessionResponse:
        session = await session_for(self._store, request.session_id)
        if session.source == "import":
            raise refusals.imported(session.session_id)
        if session.status not in ("live", "ended"):  # whoever asks: this is what viewers see
            raise refusals.session_not_found(session.session_id)
        return await watched(self._store, self._others.pinned_comment_of, session, self._policy)

    async def AddToBag(self, request: bag_pb.AddToBagRequest, _: Any) -> bag_pb.AddToBagResponse:
        checks.count("references", request.references, 1, MAX_REFERENCES)
        references = tuple(
            checks.line(f"references[{number}]", text, 1, 2_000) for number, text in enumerate(request.references)
        )
        source = shapes.product_source(request.source)
        asked = await self._asked(Add, request, source=source, references=references, policy=self._policy)
        done = await bag.add_to_bag(self._store, self._offers, asked, current().meta(request.request_id))
        added = (event.product_ids for event in done.events if isinstance(event, ProductsAdded))
        return bag_pb.AddToBagResponse(
            added_product_ids=[str(product_id) for ids in added for product_id in ids],
            session=session_message(done.state),
            position=done.position,
        )

    async def RemoveFromBag(self, request: bag_pb.RemoveFromBagRequest, _: Any) -> bag_pb.RemoveFromBagResponse:
        asked = await self._asked(OfProduct, request, product_id=_product(request))
        done = await bag.remove_from_bag(self._store, asked, current().meta(request.request_id))
        return bag_pb.RemoveFromBagResponse(session=session_message(done.state), position=done.position)

    async def MoveInBag(self, request: bag_pb.MoveInBagRequest, _: Any) -> bag_pb.MoveInBagResponse:
        asked = await self._asked(Move, request, product_id=_product(request), number=request.number)
        done = await bag.move_in_bag(self._store, asked, current().meta(request.request_id))
        return bag_pb.MoveInBagResponse(session=session_message(done.state), position=done.position)

    async def PinProduct(self, request: bag_pb.PinProductRequest, _: Any) -> bag_pb.PinProductResponse:
        time = checks.when(request)
        asked = await self._asked(PinOne, request, product_id=_product(request), time=time)
        done = await bag.pin_product(self._store, asked, current().meta(request.request_id))
        return bag_pb.PinProductResponse(session=session_message(done.state), position=done.position)

    async def UnpinProduct(self, request: bag_pb.UnpinProductRequest, _: Any) -> bag_pb.UnpinProductResponse:
        time = checks.when(request)
        asked = await self._asked(PinOne, request, product_id=_product(request), time=time)
        done = await bag.unpin_product(self._store, asked, current().meta(request.request_id))
        return bag_pb.UnpinProductResponse(session=session_message(done.state), position=done.position)

    async def ListBag(self, request: bag_pb.ListBagRequest, _: Any) -> bag_pb.ListBagResponse:
        query = checks.line("query", request.query, 0, MAX_QUERY)
        session = await session_for(self._store, request.session_id)
        products = await products_of(self._store, (entry.product_id for entry in session.bag))
        items = [
            item
            for item in bag_items(session, products)
            if holds(query, item.product.title, item.product.category, item.product.reference)
        ]
        return bag_pb.ListBagResponse(
            items=items, pins=[pin_message(pin) for pin in session.pins], version=session.version
        )

    async def RecordReplay(self, request: pb.RecordReplayRequest, _: Any) -> pb.RecordReplayResponse:
        url = checks.https("url", request.url)
        asked = await self._asked(KeepReplay, request, url=url, policy=self._policy)
        done = await sessions.record_replay(self._store, asked, current().meta(request.request_id))
        return pb.RecordReplayResponse(expire_time=stamp(done.state.replay_expires_at), position=done.position)

    async def GetReplay(self, request: pb.GetReplayRequest, _: Any) -> pb.GetReplayResponse:
        session = await session_for(self._store, request.session_id)
        if session.source == "import":
            raise refusals.imported(session.session_id)
        url, expires_at = replay_of(session, self._clock())
        return pb.GetReplayResponse(url=url, expire_time=stamp(expires_at))

    async def _asked(self, kind: type[A], request: Any, **fields: Any) -> A:
        """Return a command's facts once the caller may give it. `expected_version` is read where there is one."""
        checks.request_id(request.request_id)
        if "expected_version" in request.DESCRIPTOR.fields_by_name:
            fields["expected_version"] = checks.position(request.expected_version, "expected_version")
        session = await session_for(self._store, request.session_id)
        return kind(session_id=session.session_id, now=self._clock(), **fields)


async def watched(
    store: Store, pinned_comment_of: PinnedCommentOf, session: Session, policy: Policy
) -> pb.WatchSessionResponse:
    """Return what a viewer may see of a session that is, or was, on air."""
    products = await products_of(store, (entry.product_id for entry in session.bag))
    answer = pb.WatchSessionResponse(
        session=session_message(session, for_viewers=True),
        items=bag_items(session, products, for_viewers=True),
        test_checkout=policy.test_checkout,
    )
    pinned = await pinned_comment_of(session)
    if pinned is not None:
        answer.pinned_comment.CopyFrom(pinned)
    return answer


def watching(
    store: Store, pinned_comment_of: PinnedCommentOf, policy: Policy
) -> Callable[[UUID], Awaitable[pb.WatchSessionResponse | None]]:
    """Return a lookup of what viewers may see of a session; None when they may not see it."""

    async def look(session_id: UUID) -> pb.WatchSessionResponse | None:
        session = (await store.load(SESSION, session_id)).state
        shown = session.status in ("live", "ended") and session.source != "import"
        return await watched(store, pinned_comment_of, session, policy) if shown else None

    return look


def _product(request: Any) -> UUID:
    return checks.uuid("product_id", request.product_id)
