"""SessionService: running a LIVE, its settings, its replay. Its bag is in rpc_bag."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from showfloor.api.session.v1 import session_service_pb2 as pb
from showfloor.eventstore.store import Store
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.clock import Clock
from showfloor.kernel.decider import Rule
from showfloor.kernel.ids import derive_id
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.rpc.fields import stamp
from showfloor.service.allowing import account_for
from showfloor.session.catalogue.commands import products_of
from showfloor.session.catalogue.domain.refusals import product_not_found
from showfloor.session.catalogue.edges.messages import watched_product_message
from showfloor.session.show import commands
from showfloor.session.show.domain import refusals
from showfloor.session.show.domain import session_rules as rules
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION, Session
from showfloor.session.show.edges.authorizing import maybe_deleted_session_for, session_for, watched_session_for
from showfloor.session.show.edges.messages import announced_message, bag_items, session_message
from showfloor.session.show.edges.others import Others, PinnedCommentOf
from showfloor.session.show.edges.playback import playback_of
from showfloor.session.show.edges.reading import command_of

MAX_TITLE, MAX_SCRIPT = 120, 20_000

C = TypeVar("C", bound=rules.Command)


class SessionCalls:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, store: Store, others: Others, policy: Policy, clock: Clock) -> None:
        self._store, self._others, self._policy, self._clock = store, others, policy, clock

    async def OpenSession(self, request: pb.OpenSessionRequest, _: Any) -> pb.OpenSessionResponse:
        request_id = checks.request_id(request.request_id)
        home = await account_for(request.account_id)
        start = None
        if request.HasField("recording"):
            start = checks.timestamp("recording.start_time", request.recording.start_time)
        command = rules.OpenSession(
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
        done = await self._execute(rules.open_session, command, request)
        return pb.OpenSessionResponse(session=session_message(done.state), position=done.position)

    async def StartPractice(self, request: pb.StartPracticeRequest, _: Any) -> pb.StartPracticeResponse:
        command = await self._command(rules.StartPractice, request)
        done = await self._execute(rules.start_practice, command, request)
        return pb.StartPracticeResponse(session=session_message(done.state), position=done.position)

    async def EndPractice(self, request: pb.EndPracticeRequest, _: Any) -> pb.EndPracticeResponse:
        command = await self._command(rules.EndPractice, request)
        done = await self._execute(rules.end_practice, command, request)
        return pb.EndPracticeResponse(session=session_message(done.state), position=done.position)

    async def GoLive(self, request: pb.GoLiveRequest, _: Any) -> pb.GoLiveResponse:
        command = await self._command(rules.GoLive, request)
        done = await commands.go_live(self._store, command, current().meta(request.request_id))
        return pb.GoLiveResponse(session=session_message(done.state), position=done.position)

    async def EndSession(self, request: pb.EndSessionRequest, _: Any) -> pb.EndSessionResponse:
        end = checks.when(request, "end_time")
        command = await self._command(rules.EndSession, request, end_time=end)
        session = (await self._store.load(SESSION, command.session_id)).state
        # An end now needs no look at the room, nor does one that a recording's player names.
        if session.status == "live" and (end is None) == (session.source == "replay"):
            command = msgspec.structs.replace(command, signs=await self._others.signs_of(session))
        done = await commands.end_session(self._store, command, current().meta(request.request_id))
        return pb.EndSessionResponse(session=session_message(done.state), position=done.position)

    async def UpdateSession(self, request: pb.UpdateSessionRequest, _: Any) -> pb.UpdateSessionResponse:
        title = checks.line("title", request.title, 1, MAX_TITLE)
        command = await self._command(rules.UpdateSession, request, title=title)
        done = await self._execute(rules.update_session, command, request)
        return pb.UpdateSessionResponse(session=session_message(done.state), position=done.position)

    async def SetPlayback(self, request: pb.SetPlaybackRequest, _: Any) -> pb.SetPlaybackResponse:
        command = await self._command(rules.SetPlayback, request, **playback_of(request))
        done = await self._execute(rules.set_playback, command, request)
        return pb.SetPlaybackResponse(session=session_message(done.state), position=done.position)

    async def DeleteSession(self, request: pb.DeleteSessionRequest, _: Any) -> pb.DeleteSessionResponse:
        checks.request_id(request.request_id)
        version = checks.position(request.expected_version, "expected_version")
        session = await maybe_deleted_session_for(self._store, request.session_id)
        command = rules.DeleteSession(session_id=session.session_id, now=self._clock(), expected_version=version)
        done = await self._execute(rules.delete_session, command, request)
        return pb.DeleteSessionResponse(position=done.position)

    async def SetScript(self, request: pb.SetScriptRequest, _: Any) -> pb.SetScriptResponse:
        script = checks.text("script", request.script, 0, MAX_SCRIPT)
        command = await self._command(rules.SetScript, request, script=script)
        done = await self._execute(rules.set_script, command, request)
        return pb.SetScriptResponse(session=session_message(done.state), position=done.position)

    async def RecordReplay(self, request: pb.RecordReplayRequest, _: Any) -> pb.RecordReplayResponse:
        url = checks.https("url", request.url)
        command = await self._command(rules.RecordReplay, request, url=url, policy=self._policy)
        done = await self._execute(rules.record_replay, command, request)
        return pb.RecordReplayResponse(expire_time=stamp(done.state.replay_expires_at), position=done.position)

    async def GetSession(self, request: pb.GetSessionRequest, _: Any) -> pb.GetSessionResponse:
        session = await session_for(self._store, request.session_id)
        answer = pb.GetSessionResponse(session=session_message(session))
        answer.session.simulated_payments = await self._others.has_simulated_payments(session.session_id)
        return answer

    async def WatchProduct(self, request: pb.WatchProductRequest, _: Any) -> pb.WatchProductResponse:
        product_id = checks.uuid("product_id", request.product_id)
        session = _shown(await session_for(self._store, request.session_id))
        found = await products_of(self._store, (product_id,)) if session.holds(product_id) else {}
        if (product := found.get(product_id)) is None:
            raise product_not_found(product_id=product_id)
        return pb.WatchProductResponse(product=watched_product_message(product))

    async def WatchSession(self, request: pb.WatchSessionRequest, _: Any) -> pb.WatchSessionResponse:
        session = await watched_session_for(self._store, request.session_id)
        if session.announced is not None:
            return pb.WatchSessionResponse(session=announced_message(session, session.announced))
        return await watched(self._store, self._others.pinned_comment_of, _shown(session), self._policy)

    async def GetReplay(self, request: pb.GetReplayRequest, _: Any) -> pb.GetReplayResponse:
        session = await session_for(self._store, request.session_id)
        if session.source == "import":
            raise refusals.imported(session.session_id)
        url, expires_at = rules.replay_of(session, self._clock())
        return pb.GetReplayResponse(url=url, expire_time=stamp(expires_at))

    async def _command(self, kind: type[C], request: Any, /, **fields: Any) -> C:
        return await command_of(self._store, self._clock(), kind, request, **fields)

    async def _execute(self, rule: Rule[Session, C], command: C, request: Any) -> Outcome[Session]:
        meta = current().meta(request.request_id)
        return await self._store.execute(SESSION, command.session_id, rule, command, meta)


def _shown(session: Session) -> Session:
    """Return a session that is or was on air: whoever asks, this is what viewers see. Raises SESSION_NOT_FOUND."""
    if session.source == "import":
        raise refusals.imported(session.session_id)
    if session.status not in ("live", "ended"):
        raise refusals.session_not_found(session.session_id)
    return session


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
