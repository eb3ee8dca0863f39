"""ActivityService, the changing half: comments, orders, follows, gifts. Lists are answered by rpc_activity_lists."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from showfloor.api.session.v1 import activity_service_pb2 as pb
from showfloor.api.session.v1 import comment_service_pb2 as comment_pb
from showfloor.api.session.v1 import order_pb2, viewer_pb2
from showfloor.api.session.v1 import order_service_pb2 as order_pb
from showfloor.eventstore.runtime import Runtime
from showfloor.eventstore.store import RECENT
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.session.activity import commands as facts
from showfloor.session.activity.commands import Told
from showfloor.session.activity.domain import refusals
from showfloor.session.activity.domain.comment_pin_rules import OfComment
from showfloor.session.activity.domain.order import Order
from showfloor.session.activity.edges.fact_requests import FactReader
from showfloor.session.activity.edges.gate import may_pay, order_for
from showfloor.session.activity.edges.messages import order_message
from showfloor.session.activity.edges.order_queries import is_first_order
from showfloor.session.activity.edges.viewer_names import ViewerNames
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import Session
from showfloor.session.show.edges.gate import session_for

MAX_FACTS = 500
FIRST_PATIENCE = 0.5  # seconds

_PAYING = ("paid_order", "pay")  # facts that say something was paid

_READERS: dict[str, Callable[[FactReader], Callable[[Any], Told]]] = {
    "comment": lambda reader: reader.comment,
    "placed_order": lambda reader: reader.order,
    "paid_order": lambda reader: reader.paid_order,
    "pay": lambda reader: reader.payment,
    "cancel": lambda reader: reader.cancellation,
    "refund": lambda reader: reader.refund,
    "follow": lambda reader: reader.follow,
    "gift": lambda reader: reader.gift,
}


class ActivityWrites:
    """One method per changing RPC. The protos' comments say what each does and refuses."""

    def __init__(self, runtime: Runtime, names: ViewerNames, policy: Policy, clock: Clock) -> None:
        self._store, self._views, self._database = runtime.store, runtime.views, runtime.database
        self._names, self._policy, self._clock = names, policy, clock

    async def PostComment(self, request: comment_pb.PostCommentRequest, _: Any) -> comment_pb.PostCommentResponse:
        reader = await self._reader(request.session_id)
        asked = reader.comment(request)
        await self._keep_name(reader, request.viewer)
        done = await facts.post_comment(self._store, asked, current().meta(asked.request_id))
        return comment_pb.PostCommentResponse(comment_id=str(asked.subject_id), position=done.position)

    async def ReplyToComment(
        self, request: comment_pb.ReplyToCommentRequest, _: Any
    ) -> comment_pb.ReplyToCommentResponse:
        asked = (await self._reader(request.session_id)).reply(request)
        done = await facts.post_comment(self._store, asked, current().meta(asked.request_id))
        return comment_pb.ReplyToCommentResponse(comment_id=str(asked.subject_id), position=done.position)

    async def PinComment(self, request: comment_pb.PinCommentRequest, _: Any) -> comment_pb.PinCommentResponse:
        asked = await self._of_comment(request)
        done = await facts.pin_comment(self._store, asked, current().meta(request.request_id))
        return comment_pb.PinCommentResponse(position=done.position)

    async def UnpinComment(self, request: comment_pb.UnpinCommentRequest, _: Any) -> comment_pb.UnpinCommentResponse:
        asked = await self._of_comment(request)
        done = await facts.unpin_comment(self._store, asked, current().meta(request.request_id))
        return comment_pb.UnpinCommentResponse(position=done.position)

    async def PlaceOrder(self, request: order_pb.PlaceOrderRequest, _: Any) -> order_pb.PlaceOrderResponse:
        reader = await self._reader(request.session_id)
        asked = reader.order(request)
        await self._keep_name(reader, request.viewer)
        done = await facts.place_order(self._store, asked, current().meta(asked.request_id))
        return order_pb.PlaceOrderResponse(order=await self._order(done), position=done.position)

    async def PayOrder(self, request: order_pb.PayOrderRequest, _: Any) -> order_pb.PayOrderResponse:
        asked = (await self._order_reader(request)).payment(request)
        done = await facts.pay_order(self._store, asked, current().meta(asked.request_id))
        return order_pb.PayOrderResponse(order=await self._order(done), position=done.position)

    async def PayInTestCheckout(
        self, request: order_pb.PayInTestCheckoutRequest, _: Any
    ) -> order_pb.PayInTestCheckoutResponse:
        asked = (await self._order_reader(request)).test_payment(request)
        if not self._policy.test_checkout:  # after the order is known to be the caller's: others learn nothing
            raise refusals.test_checkout_off()
        done = await facts.pay_order(self._store, asked, current().meta(asked.request_id))
        return order_pb.PayInTestCheckoutResponse(order=await self._order(done), position=done.position)

    async def CancelOrder(self, request: order_pb.CancelOrderRequest, _: Any) -> order_pb.CancelOrderResponse:
        asked = (await self._order_reader(request)).cancellation(request)
        done = await facts.cancel_order(self._store, asked, current().meta(asked.request_id))
        return order_pb.CancelOrderResponse(order=await self._order(done), position=done.position)

    async def RefundOrder(self, request: order_pb.RefundOrderRequest, _: Any) -> order_pb.RefundOrderResponse:
        asked = (await self._order_reader(request)).refund(request)
        done = await facts.refund_order(self._store, asked, current().meta(asked.request_id))
        return order_pb.RefundOrderResponse(order=await self._order(done), position=done.position)

    async def FollowAccount(self, request: pb.FollowAccountRequest, _: Any) -> pb.FollowAccountResponse:
        reader = await self._reader(request.session_id)
        asked = reader.follow(request)
        await self._keep_name(reader, request.viewer)
        done = await facts.follow_account(self._store, asked, current().meta(asked.request_id))
        return pb.FollowAccountResponse(position=done.position)

    async def SendGift(self, request: pb.SendGiftRequest, _: Any) -> pb.SendGiftResponse:
        reader = await self._reader(request.session_id)
        asked = reader.gift(request)
        await self._keep_name(reader, request.viewer)
        done = await facts.send_gift(self._store, asked, current().meta(asked.request_id))
        return pb.SendGiftResponse(gift_id=str(asked.subject_id), position=done.position)

    async def RecordActivity(self, request: pb.RecordActivityRequest, _: Any) -> pb.RecordActivityResponse:
        if len(request.facts) > MAX_FACTS:
            text = f"facts: at most {MAX_FACTS} in one call; send the rest in another."
            raise Refusal(RefusalKind.LIMIT, "TOO_LARGE", text, {"limit": str(MAX_FACTS), "field": "facts"})
        checks.count("facts", request.facts, 1, MAX_FACTS)
        reader = await self._reader(request.session_id)
        told, outcomes, names = await read(reader, request.facts)
        await self._names.keep(reader.session.account_id, names)
        metas: dict[int, Meta] = {number: current().meta(one.request_id) for number, one in told.items()}
        outcomes |= await facts.record_activity(self._store, told, metas)
        return pb.RecordActivityResponse(
            outcomes=[_outcome(outcomes[number], told.get(number)) for number in range(len(request.facts))],
            position=max((o.position for o in outcomes.values() if isinstance(o, Outcome)), default=0),
        )

    async def _order(self, done: Outcome[Order]) -> order_pb2.Order:
        """Return an order after a change. Only a view knows whether it is the buyer's first: give it a moment."""
        first, placed = False, done.state.placed
        if done.state.paid_at is not None and placed is not None and placed.viewer_ref:
            with suppress(Refusal):  # the view lags or stands still: the payment is done all the same
                await self._views.wait_for(("buyers",), done.position, timeout=FIRST_PATIENCE)
                first = await is_first_order(self._database, placed.account_id, placed.viewer_ref, placed.order_id)
        return order_message(done.state, done.position, first_time=first)

    async def _reader(self, session_id: str) -> FactReader:
        return self._read_for(await session_for(self._store, session_id, RECENT))

    async def _order_reader(self, request: Any) -> FactReader:
        session, _ = await order_for(self._store, request.session_id, request.order_id)
        return self._read_for(session)

    def _read_for(self, session: Session) -> FactReader:
        return FactReader(session, self._clock(), self._policy)

    async def _of_comment(self, request: Any) -> OfComment:
        checks.request_id(request.request_id)
        comment_id: UUID = checks.uuid("comment_id", request.comment_id)
        session = await session_for(self._store, request.session_id)
        return OfComment(session_id=session.session_id, now=self._clock(), comment_id=comment_id)

    async def _keep_name(self, reader: FactReader, identity: viewer_pb2.ViewerIdentity) -> None:
        viewer = reader.viewer(identity)
        await self._names.keep(reader.session.account_id, {viewer.ref: viewer.name})


async def read(
    reader: FactReader, given: Any
) -> tuple[dict[int, Told], dict[int, Outcome[Any] | Refusal], dict[str, str]]:
    """Read many facts: those well-formed, the refusals of the others, and the viewers' names."""
    told: dict[int, Told] = {}
    refused: dict[int, Outcome[Any] | Refusal] = {}
    names: dict[str, str] = {}
    for number, fact in enumerate(given):
        kind = fact.WhichOneof("fact")
        try:
            if kind is None:
                raise invalid(f"facts[{number}]", "must hold one of the known facts")
            if kind in _PAYING:
                await may_pay(reader.session)
            one = FactReader(reader.session, reader.now, reader.policy, f"facts[{number}].{kind}.")
            request = getattr(fact, kind)
            told[number] = _READERS[kind](one)(request)
            request = request.order if kind == "paid_order" else request
            if "viewer" in request.DESCRIPTOR.fields_by_name:
                names[request.viewer.viewer_ref] = one.viewer(request.viewer).name
        except Refusal as refusal:
            told.pop(number, None)
            refused[number] = refusal
    return told, refused, names


def _outcome(outcome: Outcome[Any] | Refusal, told: Told | None) -> pb.FactOutcome:
    if isinstance(outcome, Refusal):
        return pb.FactOutcome(refused_reason=outcome.reason, refused_message=outcome.message)
    assert told is not None
    return pb.FactOutcome(subject_id=str(told.subject_id))
