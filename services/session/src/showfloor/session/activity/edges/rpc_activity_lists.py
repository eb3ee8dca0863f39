"""ActivityService: lists of comments, orders and activity."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import activity_service_pb2 as activity_pb
from showfloor.api.session.v1 import comment_pb2, order_pb2
from showfloor.api.session.v1 import comment_service_pb2 as comment_pb
from showfloor.api.session.v1 import order_service_pb2 as order_pb
from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.eventstore.runtime import Runtime
from showfloor.eventstore.store import Store
from showfloor.kernel.refusal import invalid
from showfloor.kernel.text import cut
from showfloor.rpc import checks, cursors
from showfloor.rpc.fields import stamp, text
from showfloor.rpc.money import money_message
from showfloor.service import watermarks
from showfloor.session.activity.edges.activity_queries import WantedLines, list_lines
from showfloor.session.activity.edges.comment_queries import CommentRow, WantedComments, export_comments, list_comments
from showfloor.session.activity.edges.messages import ORDER_STATES, PAYMENT_SOURCES
from showfloor.session.activity.edges.order_queries import OrderRow, list_orders
from showfloor.session.activity.edges.viewer_names import ViewerNames
from showfloor.session.activity.views import activity_feed
from showfloor.session.activity.views.activity_feed import ActivityRow
from showfloor.session.show.edges.gate import detailed_session_for, is_viewer

MAX_SUMMARY: Final = 500  # characters as people see them
_ORDER_WORDS: Final[dict[int, str]] = {number: word for word, number in ORDER_STATES.items()}


class AfterPosition(msgspec.Struct, frozen=True):
    """The last row of a page that goes by position."""

    position: int


class ActivityLists:
    """The lists of ActivityService."""

    def __init__(self, runtime: Runtime, names: ViewerNames) -> None:
        self._store, self._views, self._database = runtime.store, runtime.views, runtime.database
        self._names = names

    async def ListComments(self, request: comment_pb.ListCommentsRequest, _: Any) -> comment_pb.ListCommentsResponse:
        size = checks.page_size(request.page_size)
        kind = checks.known("kind", request.kind, comment_pb.CommentKind)
        product_id = checks.uuid("product_id", request.product_id) if request.product_id else None
        filters = cursors.filters_of(request, "page_token", "page_size", "min_position")
        after = cursors.decode(request.page_token, AfterPosition, filters)
        session = await detailed_session_for(self._store, request.session_id)
        await watermarks.reached(self._store, self._views, ("comments",), request.min_position)
        if request.pinned and session.pinned_comment is None:
            return comment_pb.ListCommentsResponse()
        wanted = WantedComments(
            session_id=session.session_id,
            about_product=None if kind == 0 else kind == comment_pb.COMMENT_KIND_PRODUCT,
            product_id=product_id,
            comment_id=session.pinned_comment if request.pinned else None,
            before=after.position if after else None,
            limit=size + 1,
            with_practice=not is_viewer(),
        )
        rows = await list_comments(self._database, wanted)
        page = await self._comments(rows[:size], session.account_id, session.pinned_comment)
        return comment_pb.ListCommentsResponse(comments=page, next_page_token=_next(rows, size, filters))

    async def ExportComments(
        self, request: comment_pb.ExportCommentsRequest, _: Any
    ) -> AsyncIterator[comment_pb.ExportCommentsResponse]:
        session = await detailed_session_for(self._store, request.session_id)
        await self._views.wait_for(("comments",), await self._store.last_position())
        async for page in export_comments(self._database, session.session_id):
            messages = await self._comments(page, session.account_id, session.pinned_comment)
            yield comment_pb.ExportCommentsResponse(comments=messages)

    async def ListOrders(self, request: order_pb.ListOrdersRequest, _: Any) -> order_pb.ListOrdersResponse:
        size = checks.page_size(request.page_size)
        state = _ORDER_WORDS.get(checks.known("state", request.state, order_pb2.OrderState), "")
        filters = cursors.filters_of(request, "page_token", "page_size", "min_position")
        after = cursors.decode(request.page_token, AfterPosition, filters)
        session = await detailed_session_for(self._store, request.session_id)
        await watermarks.reached(self._store, self._views, ("orders", "buyers"), request.min_position)
        before = after.position if after else None
        rows = await list_orders(self._database, session.session_id, state, before, size + 1)
        return order_pb.ListOrdersResponse(
            orders=[_order(row) for row in rows[:size]], next_page_token=_next(rows, size, filters)
        )

    async def ListActivity(self, request: activity_pb.ListActivityRequest, _: Any) -> activity_pb.ListActivityResponse:
        size = checks.page_size(request.page_size, maximum=500)
        for at, kind in enumerate(request.kinds):
            if kind not in activity_feed.KINDS:
                raise invalid(f"kinds[{at}]", f"must be one of {', '.join(activity_feed.KINDS)}")
        wanted = WantedLines(
            session_id=(await detailed_session_for(self._store, request.session_id)).session_id,
            kinds=list(request.kinds) or list(activity_feed.KINDS),
            after=checks.position(request.after_position, "after_position"),
            newest_first=request.newest_first,
            before=checks.position(request.before_position, "before_position"),
            limit=size + 1,
            with_practice=not is_viewer(),
        )
        await watermarks.reached(self._store, self._views, ("activity_feed",), request.min_position)
        mark = watermarks.watermark(self._views, ("activity_feed",))
        rows = await list_lines(self._database, wanted)
        return activity_pb.ListActivityResponse(
            activities=await activities(self._store, self._names, rows[:size]), more=len(rows) > size, watermark=mark
        )

    async def _comments(
        self, rows: Sequence[CommentRow], account_id: UUID, pinned: UUID | None
    ) -> list[comment_pb2.Comment]:
        names = await self._names.authors(account_id, [row.viewer_ref for row in rows])
        texts = await self._store.clear([row.text for row in rows])
        return [
            comment_pb2.Comment(
                comment_id=str(row.comment_id),
                session_id=str(row.session_id),
                text=said,
                author_name=names[row.viewer_ref],
                author_ref=row.viewer_ref,
                from_host=row.from_host,
                product_id=text(row.product_id),
                reply_to=text(row.reply_to),
                pinned=row.comment_id == pinned,
                create_time=stamp(row.at),
                position=row.position,
            )
            for row, said in zip(rows, texts, strict=True)
        ]


async def activities(store: Store, names: ViewerNames, rows: Sequence[ActivityRow]) -> list[pb.Activity]:
    """Return lines of the feed with the names to show. One query per account in them."""
    refs: dict[UUID, set[str]] = {}
    for row in rows:
        refs.setdefault(row.account_id, set()).add(row.viewer_ref)
    shown = {account_id: await names.authors(account_id, found) for account_id, found in refs.items()}
    said = iter(await store.clear([row.summary for row in rows if row.kind == "comment"]))
    summaries = [next(said) if row.kind == "comment" else row.summary for row in rows]
    return [
        _activity(row, shown[row.account_id][row.viewer_ref], cut(summary, MAX_SUMMARY))
        for row, summary in zip(rows, summaries, strict=True)
    ]


def _activity(row: ActivityRow, name: str, summary: str) -> pb.Activity:
    amount = None if row.amount_minor is None else money_message(row.amount_minor, row.currency)
    return pb.Activity(
        position=row.position,
        kind=row.kind,
        subject_id=str(row.subject_id),
        time=stamp(row.at),
        viewer_name=name,
        summary=summary,
        amount=amount,
        product_id=text(row.product_id),
        state=row.state,
        from_host=row.from_host,
        reply_to=text(row.reply_to),
        practice=row.practice,
        payment_source=PAYMENT_SOURCES[row.payment],
    )


def _order(row: OrderRow) -> order_pb2.Order:
    def money(minor: int) -> Money:
        return money_message(minor, row.currency)

    return order_pb2.Order(
        order_id=str(row.order_id),
        session_id=str(row.session_id),
        reference=row.reference,
        viewer_ref=row.viewer_ref,
        items=[
            order_pb2.OrderItem(product_id=product_id, quantity=quantity, unit_price=money(unit))
            for product_id, quantity, unit in row.items
        ],
        total=money(row.total_minor),
        commission=money(row.commission_minor),
        refunded=money(row.refunded_minor),
        state=ORDER_STATES[row.state],
        direct=row.direct,
        first_time_buyer=row.first_time,
        place_time=stamp(row.placed_at),
        pay_time=stamp(row.paid_at),
        payment_source=PAYMENT_SOURCES[row.source],
        revived=row.revived,
        expire_time=stamp(row.pay_before),
        position=row.position,
    )


def _next(rows: Sequence[Any], size: int, filters: str) -> str:
    """Return the token of the next page of a list that goes by position."""
    return cursors.encode(AfterPosition(rows[size - 1].position), filters) if len(rows) > size else ""
