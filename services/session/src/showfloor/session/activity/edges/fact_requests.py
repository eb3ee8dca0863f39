"""Reads requests that report facts. Used for single facts and for many at once, where fields get a prefix."""

import re
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from showfloor.api.session.v1 import activity_service_pb2 as pb
from showfloor.api.session.v1 import comment_service_pb2 as comment_pb
from showfloor.api.session.v1 import order_service_pb2 as order_pb
from showfloor.api.session.v1 import viewer_pb2
from showfloor.kernel.refusal import invalid
from showfloor.kernel.text import trimmed
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.session.activity.domain.comment import comment_stream
from showfloor.session.activity.domain.fact_rules import FollowIt, Give, Say
from showfloor.session.activity.domain.follow import follow_stream
from showfloor.session.activity.domain.gift import gift_stream
from showfloor.session.activity.domain.order import order_stream
from showfloor.session.activity.domain.order_rules import Cancel, Line, Pay, PayBack, Place
from showfloor.session.activity.edges.gate import payment_source, viewer_of
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import Session
from showfloor.session.show.edges.gate import is_viewer

MAX_TEXT, MAX_NAME, MAX_GIFT, MAX_GIFTS, MAX_ITEMS, MAX_QUANTITY = 500, 60, 60, 1_000_000, 50, 10_000
# Of one report by a viewer, who can write any number: what a person buys or gives at once.
VIEWERS_GIFTS, VIEWERS_QUANTITY = 100, 100

GENDERS = ("", "female", "male", "other")
AGE_BANDS = ("", "18-24", "25-34", "35-44", "45-54", "55+")

_REGION = re.compile(r"[A-Z]{2}|")


class Viewer(NamedTuple):
    """Who acts, as far as it is known."""

    ref: str
    name: str
    gender: str
    age_band: str
    region: str
    follower: bool | None


class FactReader(msgspec.Struct, frozen=True):
    """Turns requests into facts of one session. `prefix` leads to the request, such as "facts[3].comment."."""

    session: Session
    now: datetime
    policy: Policy
    prefix: str = ""

    def viewer(self, identity: viewer_pb2.ViewerIdentity) -> Viewer:
        """Read who acts. A viewer acts only in their own name."""
        prefix = f"{self.prefix}viewer."
        ref = checks.request_id(viewer_of(identity.viewer_ref), f"{prefix}viewer_ref")
        traits = identity.traits
        if traits.gender not in GENDERS:
            raise invalid(f"{prefix}traits.gender", "must be female, male, other or empty")
        if traits.age_band not in AGE_BANDS:
            raise invalid(f"{prefix}traits.age_band", "must be 18-24, 25-34, 35-44, 45-54, 55+ or empty")
        if not _REGION.fullmatch(traits.region):
            raise invalid(f"{prefix}traits.region", "must be an ISO 3166-1 alpha-2 code in capitals, or empty")
        return Viewer(
            ref,
            checks.line(f"{prefix}display_name", identity.display_name, 0, MAX_NAME),
            traits.gender,
            traits.age_band,
            traits.region,
            traits.follower if traits.HasField("follower") else None,
        )

    def comment(self, request: comment_pb.PostCommentRequest) -> Say:
        """Read a viewer's comment."""
        request_id = self._request_id(request)
        viewer = self.viewer(request.viewer)
        return Say(
            subject_id=comment_stream(self.session.session_id, request_id, _namer(viewer)),
            request_id=request_id,
            viewer_ref=viewer.ref,
            text=self.text(request.text),
            product_id=self._id("product_id", request.product_id),
            reply_to=self._id("reply_to", request.reply_to),
            **self._common(request),
        )

    def reply(self, request: comment_pb.ReplyToCommentRequest) -> Say:
        """Read a comment of the host's side."""
        request_id = self._request_id(request)
        return Say(
            subject_id=comment_stream(self.session.session_id, request_id),
            request_id=request_id,
            text=self.text(request.text),
            reply_to=self._id("comment_id", request.comment_id),
            from_host=True,
            user_id=current().actor.user_id,
            session=self.session,
            now=self.now,
            policy=self.policy,
        )

    def text(self, value: str) -> str:
        """Return a comment's text: trimmed, any script, 1 to 500 characters."""
        return checks.text(f"{self.prefix}text", trimmed(value), 1, MAX_TEXT)

    def order(
        self, request: order_pb.PlaceOrderRequest, *, pays: bool = False, pay_time: datetime | None = None
    ) -> Place:
        """Read an order. It is named by the commerce system's reference, not by the request id."""
        prefix = self.prefix
        checks.count(f"{prefix}items", request.items, 1, MAX_ITEMS)
        viewer = self.viewer(request.viewer)
        reference = checks.request_id(request.reference, f"{prefix}reference")
        if is_viewer() and request.outside_room:
            raise invalid(f"{prefix}outside_room", "is no viewer's to say")
        return Place(
            subject_id=order_stream(self.session.session_id, reference, _namer(viewer)),
            request_id=reference if pays else self._request_id(request),
            reference=reference,
            viewer_ref=viewer.ref,
            lines=tuple(_line(f"{prefix}items[{number}]", item) for number, item in enumerate(request.items)),
            outside_room=request.outside_room,
            gender=viewer.gender,
            age_band=viewer.age_band,
            region=viewer.region,
            follower=viewer.follower,
            by_viewer=is_viewer(),
            pays=pays,
            pay_time=pay_time,
            source=payment_source(self.session) if pays else "",
            **self._common(request),
        )

    def paid_order(self, request: pb.PaidOrder) -> Place:
        """Read an order that is placed and paid."""
        pay_time = checks.when(request, "pay_time", self.prefix)
        inner = msgspec.structs.replace(self, prefix=f"{self.prefix}order.")
        return inner.order(request.order, pays=True, pay_time=pay_time)

    def payment(self, request: order_pb.PayOrderRequest) -> Pay:
        """Read a payment."""
        return Pay(
            subject_id=self._needed("order_id", request.order_id),
            request_id=self._request_id(request),
            source=payment_source(self.session),
            **self._common(request),
        )

    def test_payment(self, request: order_pb.PayInTestCheckoutRequest) -> Pay:
        """Read a payment that a viewer pretends to make."""
        return Pay(
            subject_id=self._needed("order_id", request.order_id),
            request_id=self._request_id(request),
            source="simulated",
            session=self.session,
            now=self.now,
            policy=self.policy,
        )

    def cancellation(self, request: order_pb.CancelOrderRequest) -> Cancel:
        """Read a cancellation."""
        return Cancel(
            subject_id=self._needed("order_id", request.order_id),
            request_id=self._request_id(request),
            **self._common(request),
        )

    def refund(self, request: order_pb.RefundOrderRequest) -> PayBack:
        """Read a refund: more than zero."""
        amount = checks.money(f"{self.prefix}amount", request.amount, minimum=1)
        return PayBack(
            subject_id=self._needed("order_id", request.order_id),
            request_id=self._request_id(request),
            amount_minor=amount.minor,
            currency=amount.currency,
            **self._common(request),
        )

    def follow(self, request: pb.FollowAccountRequest) -> FollowIt:
        """Read a follow."""
        viewer = self.viewer(request.viewer)
        return FollowIt(
            subject_id=follow_stream(self.session.session_id, viewer.ref),
            request_id=self._request_id(request),
            viewer_ref=viewer.ref,
            **self._common(request),
        )

    def gift(self, request: pb.SendGiftRequest) -> Give:
        """Read a gift. What it is worth may be absent."""
        request_id = self._request_id(request)
        if is_viewer() and request.HasField("value"):
            raise invalid(f"{self.prefix}value", "is no viewer's to say")
        value = checks.money(f"{self.prefix}value", request.value) if request.HasField("value") else None
        viewer = self.viewer(request.viewer)
        return Give(
            subject_id=gift_stream(self.session.session_id, request_id, _namer(viewer)),
            request_id=request_id,
            viewer_ref=viewer.ref,
            gift=checks.line(f"{self.prefix}gift", request.gift, 1, MAX_GIFT),
            count=checks.number(f"{self.prefix}count", request.count, 1, VIEWERS_GIFTS if is_viewer() else MAX_GIFTS),
            value_minor=value.minor if value else None,
            currency=value.currency if value else "",
            **self._common(request),
        )

    def _common(self, request: Any) -> dict[str, Any]:
        # Told of another session than the whole request it would count where nobody meant it to.
        if request.session_id and self._needed("session_id", request.session_id) != self.session.session_id:
            raise invalid(f"{self.prefix}session_id", "must be empty, or the session that the whole request names")
        time = checks.when(request, "time", self.prefix)
        if time is not None and is_viewer():
            raise invalid(f"{self.prefix}time", "a viewer names no time: it is now")
        return {"session": self.session, "now": self.now, "policy": self.policy, "time": time}

    def _request_id(self, request: Any) -> str:
        return checks.request_id(request.request_id, f"{self.prefix}request_id")

    def _needed(self, field: str, value: str) -> UUID:
        return checks.uuid(self.prefix + field, value)

    def _id(self, field: str, value: str) -> UUID | None:
        return self._needed(field, value) if value else None


def _namer(viewer: Viewer) -> str:
    """Return whose names they are: a viewer's are their own, everybody else's are the session's."""
    return viewer.ref if is_viewer() else ""


def _line(field: str, item: Any) -> Line:
    price = checks.money(f"{field}.unit_price", item.unit_price)
    return Line(
        checks.uuid(f"{field}.product_id", item.product_id),
        checks.number(f"{field}.quantity", item.quantity, 1, VIEWERS_QUANTITY if is_viewer() else MAX_QUANTITY),
        price.minor,
        price.currency,
    )
