"""Every public event, made by commands, as it comes from a real broker: it is what docs/asyncapi.json says."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.message import Message
from import_files import HEAD, applied, checked, past

from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import activity_service_pb2 as act
from showfloor.api.session.v1 import bag_service_pb2 as bag_pb
from showfloor.api.session.v1 import comment_service_pb2 as comment_pb
from showfloor.api.session.v1 import order_pb2, viewer_pb2
from showfloor.api.session.v1 import order_service_pb2 as order_pb
from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.api.session.v1 import session_service_pb2 as ses
from showfloor.messaging.nats_bus import NatsBus
from showfloor.service.publishing import Translation
from showfloor.session.activity.domain.follow import AccountFollowed
from showfloor.session.service import PUBLIC
from showfloor.testing.asyncapi import Described
from showfloor.testing.nats import NatsServer
from showfloor.testing.reading import reading
from showfloor.testing.waiting import until

DOCUMENT = json.loads((Path(__file__).parents[3] / "docs/asyncapi.json").read_text())


@pytest.fixture
async def bus(nats_server: NatsServer) -> AsyncIterator[NatsBus]:
    made = await NatsBus.connect(nats_server.url, name="test")
    yield made
    await made.close()


def usd(minor: int) -> Money:
    return Money(minor=minor, currency="USD")


async def everything(service: Any) -> None:
    """Do with a session what makes each kind of public event, but for what time does."""
    host, teller = service.user(), service.connector()
    session, ids = await service.on_air(host)
    me = {"session_id": session.session_id}
    await host.PinProduct(bag_pb.PinProductRequest(request_id="pin", product_id=ids[0], **me))
    who = viewer_pb2.ViewerIdentity(viewer_ref="v1")
    await teller.PostComment(comment_pb.PostCommentRequest(request_id="c", viewer=who, text="Nice 🏺", **me))
    items = [order_pb2.OrderItem(product_id=ids[0], quantity=1, unit_price=usd(999))]
    orders = [
        (
            await teller.PlaceOrder(
                order_pb.PlaceOrderRequest(request_id=n, reference=n, viewer=who, items=items, **me)
            )
        ).order
        for n in ("paid", "cancelled", "expires")
    ]
    paid, cancelled = ({"order_id": order.order_id, **me} for order in orders[:2])
    await teller.PayOrder(order_pb.PayOrderRequest(request_id="p", **paid))
    await teller.RefundOrder(order_pb.RefundOrderRequest(request_id="b", amount=usd(1), **paid))
    await teller.CancelOrder(order_pb.CancelOrderRequest(request_id="x", **cancelled))
    for ref in ("unlucky", "v1"):
        fan = viewer_pb2.ViewerIdentity(viewer_ref=ref)
        await teller.FollowAccount(act.FollowAccountRequest(request_id=ref, viewer=fan, **me))
    for count in (1, 5):
        gift = act.SendGiftRequest(request_id="g", viewer=who, gift="Rose", count=count, **me)
        await teller.SendGift(gift)
    await applied(host, await checked(host, HEAD + past("1")))
    await applied(host, await checked(host, HEAD + past("1", gmv="11.00")), correct=True)
    service.now.ahead = timedelta(minutes=16)
    await until(expired(service, host, session, ids[0]))
    await host.EndSession(ses.EndSessionRequest(request_id="e", **me))


def expired(service: Any, host: Any, session: pb.Session, product: str) -> Callable[[], Any]:
    async def look() -> object:
        """Another order moves the views on, so that deadlines are looked at by the clock as it is now."""
        items = [order_pb2.OrderItem(product_id=product, quantity=1, unit_price=usd(999))]
        name, who = uuid4().hex, viewer_pb2.ViewerIdentity(viewer_ref="v2")
        await host.PlaceOrder(
            order_pb.PlaceOrderRequest(
                request_id=name, session_id=session.session_id, reference=name, viewer=who, items=items
            )
        )
        return await service.public("OrderExpired")

    return look


async def test_every_public_event_is_as_the_document_says(
    service: Any, bus: NatsBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = PUBLIC.translations[AccountFollowed].fill

    def unlucky(event: AccountFollowed) -> Message | None:
        assert event.viewer_ref != "unlucky"
        return fill(event)

    message = PUBLIC.translations[AccountFollowed].message
    monkeypatch.setitem(PUBLIC.translations, AccountFollowed, Translation(message, unlucky))
    described = Described(DOCUMENT, "session", tmp_path)
    async with reading(bus, described.stream) as came:
        await everything(service)
        await described.check_all(came)
