"""The lists: sessions, comments, orders, activity, products, product sets. SQL keeps what the caller may see."""

# ruff: noqa: N802 - methods are named by the protos

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.access.policy import authorize, visible_accounts, visible_shops
from showfloor.access.resources import System
from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import activity_service_pb2 as activity_pb
from showfloor.api.session.v1 import board_service_pb2 as board_pb
from showfloor.api.session.v1 import catalogue_service_pb2 as catalogue_pb
from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.kernel.refusal import invalid
from showfloor.metrics import LIST_DEFAULT, SESSION_METRICS
from showfloor.rpc import checks, cursors
from showfloor.rpc.caller import current
from showfloor.session.edges import shapes
from showfloor.session.edges.gate import is_user, is_viewer, session_for, shop_for
from showfloor.session.edges.messages import LABELS, ORDER_STATES, STATES, stamp, text
from showfloor.session.edges.reads import Reads, metric_names, reading_messages, row_message
from showfloor.session.views import activity_feed, catalogue, comments, orders
from showfloor.session.views.activity_feed import ActivityRow, WantedLines
from showfloor.session.views.all_views import BOARD
from showfloor.session.views.comments import CommentRow, WantedComments
from showfloor.session.views.numbers import numbers_of
from showfloor.session.views.session_list import SessionRow, Wanted, list_sessions

MAX_QUERY: Final = 100
MAX_ACCOUNTS: Final = 200
_STATE_WORDS: Final[dict[int, str]] = {number: word for word, number in STATES.items()}
_ORDER_WORDS: Final[dict[int, str]] = {number: word for word, number in ORDER_STATES.items()}


class AfterSession(msgspec.Struct, frozen=True):
    """The last session of a page."""

    at: datetime
    session_id: UUID


class AfterPosition(msgspec.Struct, frozen=True):
    """The last row of a page that goes by position."""

    position: int


class AfterProduct(msgspec.Struct, frozen=True):
    """The last product of a page."""

    key: str
    product_id: UUID


class SessionLists:
    """BoardService.ListSessions."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    async def ListSessions(self, request: board_pb.ListSessionsRequest, _: Any) -> board_pb.ListSessionsResponse:
        call = current()
        authorize(call.actor, call.method, System())
        names = metric_names(request.metrics, LIST_DEFAULT, len(SESSION_METRICS))
        size = checks.page_size(request.page_size)
        filters = _filters(request, "page_token", "page_size", "metrics", "min_position")
        wanted = _wanted_sessions(request, size, cursors.decode(request.page_token, AfterSession, filters))
        await self._reads.reached(BOARD, request.min_position)
        rows = await list_sessions(self._reads.database, wanted)
        page, more = rows[:size], len(rows) > size
        numbers = await numbers_of(self._reads.database, page, names, self._reads.clock())
        last = AfterSession(page[-1].sort_at, page[-1].session_id) if more else None
        return board_pb.ListSessionsResponse(
            sessions=[
                board_pb.SessionRow(
                    session=_list_message(row),
                    readings=reading_messages(numbers[row.session_id].values(names), row.currency),
                )
                for row in page
            ],
            next_page_token=cursors.encode(last, filters) if last else "",
        )


class ActivityLists:
    """The lists of ActivityService."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    async def ListComments(self, request: activity_pb.ListCommentsRequest, _: Any) -> activity_pb.ListCommentsResponse:
        size = checks.page_size(request.page_size)
        kind = _known("kind", request.kind, activity_pb.CommentKind)
        product_id = checks.uuid("product_id", request.product_id) if request.product_id else None
        filters = _filters(request, "page_token", "page_size", "min_position")
        after = cursors.decode(request.page_token, AfterPosition, filters)
        session = await session_for(self._reads.store, request.session_id)
        await self._reads.reached(("comments",), request.min_position)
        wanted = WantedComments(
            session_id=session.session_id,
            about_product=None if kind == 0 else kind == activity_pb.COMMENT_KIND_PRODUCT,
            product_id=product_id,
            before=after.position if after else None,
            limit=size + 1,
            with_practice=not is_viewer(),
        )
        rows = await comments.list_comments(self._reads.database, wanted)
        page = await self._comments(rows[:size], session.account_id, session.pinned_comment)
        return activity_pb.ListCommentsResponse(comments=page, next_page_token=_next(rows, size, filters))

    async def ExportComments(
        self, request: activity_pb.ExportCommentsRequest, _: Any
    ) -> AsyncIterator[activity_pb.ExportCommentsResponse]:
        session = await session_for(self._reads.store, request.session_id)
        await self._reads.views.wait_for(("comments",), await self._reads.store.last_position())
        async for page in comments.export_comments(self._reads.database, session.session_id):
            messages = await self._comments(page, session.account_id, session.pinned_comment)
            yield activity_pb.ExportCommentsResponse(comments=messages)

    async def ListOrders(self, request: activity_pb.ListOrdersRequest, _: Any) -> activity_pb.ListOrdersResponse:
        size = checks.page_size(request.page_size)
        state = _ORDER_WORDS.get(_known("state", request.state, pb.OrderState), "")
        filters = _filters(request, "page_token", "page_size", "min_position")
        after = cursors.decode(request.page_token, AfterPosition, filters)
        session = await session_for(self._reads.store, request.session_id)
        await self._reads.reached(("orders", "buyers"), request.min_position)
        before = after.position if after else None
        rows = await orders.list_orders(self._reads.database, session.session_id, state, before, size + 1)
        return activity_pb.ListOrdersResponse(
            orders=[_order(row) for row in rows[:size]], next_page_token=_next(rows, size, filters)
        )

    async def ListActivity(self, request: activity_pb.ListActivityRequest, _: Any) -> activity_pb.ListActivityResponse:
        size = checks.page_size(request.page_size, maximum=500)
        for at, kind in enumerate(request.kinds):
            if kind not in activity_feed.KINDS:
                raise invalid(f"kinds[{at}]", f"must be one of {', '.join(activity_feed.KINDS)}")
        wanted = WantedLines(
            session_id=(await session_for(self._reads.store, request.session_id)).session_id,
            kinds=list(request.kinds) or list(activity_feed.KINDS),
            after=checks.position(request.after_position, "after_position"),
            newest_first=request.newest_first,
            before=checks.position(request.before_position, "before_position"),
            limit=size + 1,
            with_practice=is_user(),
        )
        await self._reads.reached(("activity_feed",), request.min_position)
        mark = self._reads.watermark(("activity_feed",))
        rows = await activity_feed.list_lines(self._reads.database, wanted)
        return activity_pb.ListActivityResponse(
            activities=await activities(self._reads, rows[:size]), more=len(rows) > size, watermark=mark
        )

    async def _comments(self, rows: Sequence[CommentRow], account_id: UUID, pinned: UUID | None) -> list[pb.Comment]:
        names = await self._reads.author_names(account_id, [row.viewer_ref for row in rows])
        return [
            pb.Comment(
                comment_id=str(row.comment_id),
                session_id=str(row.session_id),
                text=row.text,
                author_name=names[row.viewer_ref],
                author_ref=row.viewer_ref,
                from_host=row.from_host,
                product_id=text(row.product_id),
                reply_to=text(row.reply_to),
                pinned=row.comment_id == pinned,
                create_time=stamp(row.at),
                position=row.position,
            )
            for row in rows
        ]


class CatalogueLists:
    """The lists of CatalogueService."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    async def ListProducts(
        self, request: catalogue_pb.ListProductsRequest, _: Any
    ) -> catalogue_pb.ListProductsResponse:
        size = checks.page_size(request.page_size)
        checks.text("query", request.query, 0, MAX_QUERY)
        label = _known("label", request.label, pb.RecommendationLabel)
        filters = _filters(request, "page_token", "page_size", "min_position")
        after = cursors.decode(request.page_token, AfterProduct, filters)
        shop = shop_for(request.shop_id)
        await self._reads.reached(("catalogue",), request.min_position)
        wanted = catalogue.WantedProducts(
            shop_id=shop.shop_id,
            query=request.query,
            category=checks.text("category", request.category, 0, 60),
            label=shapes.label("label", label) if label else None,
            showcase_only=request.showcase_only,
            after_key=after.key if after else None,
            after_id=after.product_id if after else None,
            limit=size + 1,
        )
        rows = await catalogue.list_products(self._reads.database, wanted)
        last = AfterProduct(rows[size - 1].title_key, rows[size - 1].product_id) if len(rows) > size else None
        return catalogue_pb.ListProductsResponse(
            products=[_product(row) for row in rows[:size]],
            next_page_token=cursors.encode(last, filters) if last else "",
        )

    async def ListProductSets(
        self, request: catalogue_pb.ListProductSetsRequest, _: Any
    ) -> catalogue_pb.ListProductSetsResponse:
        shop = shop_for(request.shop_id)
        await self._reads.reached(("catalogue",), request.min_position)
        rows = await catalogue.list_product_sets(self._reads.database, shop.shop_id)
        return catalogue_pb.ListProductSetsResponse(
            product_sets=[
                pb.ProductSet(
                    product_set_id=str(row.product_set_id),
                    shop_id=str(row.shop_id),
                    name=row.name,
                    product_ids=row.product_ids,
                )
                for row in rows
            ]
        )


async def activities(reads: Reads, rows: Sequence[ActivityRow]) -> list[pb.Activity]:
    """Return lines of the feed with the names to show. One query per account in them."""
    refs: dict[UUID, set[str]] = {}
    for row in rows:
        refs.setdefault(row.account_id, set()).add(row.viewer_ref)
    names = {account_id: await reads.author_names(account_id, found) for account_id, found in refs.items()}
    return [_activity(row, names[row.account_id][row.viewer_ref]) for row in rows]


def _activity(row: ActivityRow, name: str) -> pb.Activity:
    amount = None if row.amount_minor is None else Money(minor=row.amount_minor, currency=row.currency)
    return pb.Activity(
        position=row.position,
        kind=row.kind,
        subject_id=str(row.subject_id),
        time=stamp(row.at),
        viewer_name=name,
        summary=row.summary,
        amount=amount,
        product_id=text(row.product_id),
        state=row.state,
        from_host=row.from_host,
        reply_to=text(row.reply_to),
        practice=row.practice,
    )


def _wanted_sessions(request: board_pb.ListSessionsRequest, size: int, after: AfterSession | None) -> Wanted:
    actor = current().actor
    checks.count("account_ids", request.account_ids, 0, MAX_ACCOUNTS)
    asked = [checks.uuid(f"account_ids[{at}]", name) for at, name in enumerate(request.account_ids)]
    if any(state not in _STATE_WORDS for state in request.states):
        raise invalid("states", "must hold known values only")
    states = [_STATE_WORDS[state] for state in request.states]
    return Wanted(
        accounts=[UUID(name) for name in visible_accounts(actor)],
        shops=[UUID(name) for name in visible_shops(actor)],
        only_accounts=asked or None,
        start_from=shapes.when(request, "start_from"),
        start_until=shapes.when(request, "start_until"),
        query=checks.text("query", request.query, 0, MAX_QUERY),
        states=states or None,
        before_at=after.at if after else None,
        before_id=after.session_id if after else None,
        limit=size + 1,
    )


def _list_message(row: SessionRow) -> pb.Session:
    """Return a session for a list: without bag and pins."""
    message = row_message(row)
    for field in ("pinned_comment_id", "pinned_product_id", "bag_size"):
        message.ClearField(field)
    return message


def _order(row: orders.OrderRow) -> pb.Order:
    def money(minor: int) -> Money:
        return Money(minor=minor, currency=row.currency)

    return pb.Order(
        order_id=str(row.order_id),
        session_id=str(row.session_id),
        reference=row.reference,
        viewer_ref=row.viewer_ref,
        items=[
            pb.OrderItem(product_id=product_id, quantity=quantity, unit_price=money(unit))
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
        position=row.position,
    )


def _product(row: catalogue.ProductRow) -> pb.Product:
    return pb.Product(
        product_id=str(row.product_id),
        shop_id=str(row.shop_id),
        reference=row.reference,
        title=row.title,
        category=row.category,
        price=Money(minor=row.price_minor, currency=row.currency),
        commission_bps=row.commission_bps,
        label=LABELS[row.label],
        in_showcase=row.in_showcase,
        collab_invite=row.collab_invite,
        link=row.link,
    )


def _next(rows: Sequence[Any], size: int, filters: str) -> str:
    """Return the token of the next page of a list that goes by position."""
    return cursors.encode(AfterPosition(rows[size - 1].position), filters) if len(rows) > size else ""


def _known(field: str, value: int, enum: Any) -> int:
    """Return a filter's value: unspecified is none."""
    return checks.choice(field, value, enum) if value else 0


def _filters(request: Any, *without: str) -> str:
    """Return a text that names the list: every field of the request that chooses rows."""
    chosen = ((field.name, value) for field, value in request.ListFields() if field.name not in without)
    return "&".join(f"{name}={value!s}" for name, value in chosen)
