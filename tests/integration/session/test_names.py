"""Names that callers choose lead nowhere but to their own things: request ids, references, page tokens."""

from typing import Any

import pytest

from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import activity_service_pb2 as act
from showfloor.api.session.v1 import comment_service_pb2 as comment_pb
from showfloor.api.session.v1 import order_pb2 as pb
from showfloor.api.session.v1 import order_service_pb2 as lists
from showfloor.api.session.v1 import viewer_pb2
from showfloor.kernel.refusal import Refusal


def identity(ref: str) -> viewer_pb2.ViewerIdentity:
    return viewer_pb2.ViewerIdentity(viewer_ref=ref, display_name="Ann")


@pytest.mark.requirement("R4")
async def test_a_viewer_is_not_told_which_names_others_used(service: Any) -> None:
    """Whatever a viewer names, it is new, unless it is their own: then it is the same thing again."""
    host, connector = service.user(), service.connector()
    session, ids = await service.on_air(host)
    me = {"session_id": session.session_id}
    item = pb.OrderItem(product_id=ids[0], quantity=1, unit_price=Money(minor=999, currency="USD"))

    async def all_three(caller: Any, ref: str, name: str, text: str) -> list[str]:
        said = await caller.PostComment(
            comment_pb.PostCommentRequest(request_id=name, viewer=identity(ref), text=text, **me)
        )
        gift = await caller.SendGift(
            act.SendGiftRequest(request_id=name, viewer=identity(ref), gift=text, count=1, **me)
        )
        placed = await caller.PlaceOrder(
            lists.PlaceOrderRequest(request_id=name, reference=name, viewer=identity(ref), items=[item], **me)
        )
        return [said.comment_id, gift.gift_id, placed.order.order_id]

    first = await all_three(connector, "b1", "A-1", "shop")
    one, two = (service.viewer(session.session_id, ref) for ref in ("v1", "v2"))
    found = [first, await all_three(one, "v1", "A-1", "one"), await all_three(two, "v2", "A-1", "two")]
    found.append(await all_three(one, "v1", "A-2", "one"))
    assert len({thing for things in found for thing in things}) == 12
    assert await all_three(one, "v1", "A-1", "one") == found[1]
    assert await all_three(connector, "b1", "A-1", "shop") == first


@pytest.mark.requirement("R4")
async def test_a_page_token_opens_no_other_list(service: Any) -> None:
    host, connector = service.user(), service.connector()
    session, ids = await service.on_air(host)
    me = {"session_id": session.session_id}
    item = pb.OrderItem(product_id=ids[0], quantity=1, unit_price=Money(minor=999, currency="USD"))
    for name in ("1", "2"):
        await connector.PlaceOrder(
            lists.PlaceOrderRequest(request_id=name, reference=name, viewer=identity("b"), items=[item], **me)
        )
        done = await connector.PostComment(
            comment_pb.PostCommentRequest(request_id=name, viewer=identity("b"), text="Hi", **me)
        )
    paged = {"page_size": 1, "min_position": done.position, **me}
    orders = await host.ListOrders(lists.ListOrdersRequest(**paged))
    comments = await host.ListComments(comment_pb.ListCommentsRequest(**paged))
    again = {**paged, "page_token": orders.next_page_token}
    assert (await host.ListOrders(lists.ListOrdersRequest(**again))).orders[0].reference == "1"
    for call in (
        host.ListComments(comment_pb.ListCommentsRequest(**again)),
        host.ListOrders(lists.ListOrdersRequest(**{**paged, "page_token": comments.next_page_token})),
    ):
        with pytest.raises(Refusal) as refused:
            await call
        assert (refused.value.reason, refused.value.metadata["field"]) == ("INVALID_FIELD", "page_token")
