"""Suggestions over gRPC."""

from datetime import timedelta
from typing import Any

import pytest

from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import activity_service_pb2 as act
from showfloor.api.session.v1 import bag_service_pb2 as bag_pb
from showfloor.api.session.v1 import board_service_pb2 as board
from showfloor.api.session.v1 import order_pb2, product_pb2, viewer_pb2
from showfloor.api.session.v1 import order_service_pb2 as order_pb
from showfloor.api.session.v1 import session_service_pb2 as ses


@pytest.mark.requirement("R131")
async def test_what_a_feature_came_to_is_told(service: Any, refused: Any, rid: Any) -> None:
    host = service.user()
    ids = await service.catalogue(host, 2)
    start = (service.now() - timedelta(days=1)).replace(second=0, microsecond=0)
    opened = ses.OpenSessionRequest(request_id="r", account_id=(await service.opened(host)).account_id, title="Old")
    opened.recording.start_time.FromDatetime(start)
    me = {"session_id": (await host.OpenSession(opened)).session.session_id}
    await host.AddToBag(
        bag_pb.AddToBagRequest(request_id="b", source=product_pb2.PRODUCT_SOURCE_SHOWCASE, references=ids, **me)
    )
    asked = board.ListSuggestionsRequest(**me)
    assert not (await host.ListSuggestions(asked)).suggestions
    await host.GoLive(ses.GoLiveRequest(request_id="g", **me))
    for minute in range(12):
        price = Money(minor=999, currency="USD")
        order = order_pb.PlaceOrderRequest(
            request_id=rid(), reference=f"o{minute}", viewer=viewer_pb2.ViewerIdentity(viewer_ref="v1"),
            items=[order_pb2.OrderItem(product_id=ids[0], quantity=1, unit_price=price)],
        )  # fmt: skip
        order.time.FromDatetime(start + timedelta(minutes=minute))
        fact = act.ActivityFact(paid_order=act.PaidOrder(order=order))
        await service.connector().RecordActivity(act.RecordActivityRequest(facts=[fact], **me))
    pin = bag_pb.PinProductRequest(request_id="p", product_id=ids[1], **me)
    pin.time.FromDatetime(start + timedelta(minutes=12))
    await host.PinProduct(pin)
    end = ses.EndSessionRequest(request_id="e", **me)
    end.end_time.FromDatetime(start + timedelta(minutes=25))
    asked.min_position = (await host.EndSession(end)).position
    (found,) = (await host.ListSuggestions(asked)).suggestions
    assert (found.rule, found.product_id, found.change) == ("feature_fell", ids[1], -1)
    assert found.title and found.advice
    await refused(service.foreigner().ListSuggestions(board.ListSuggestionsRequest(**me)), "SESSION_NOT_FOUND")
