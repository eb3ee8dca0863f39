"""CatalogueService: the list of products, which tells of each what it sold in all LIVEs."""

from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.api.session.v1 import catalogue_service_pb2 as pb
from showfloor.api.session.v1 import product_pb2
from showfloor.rpc import checks, cursors
from showfloor.service.allowing import shop_for
from showfloor.session.analytics.edges.product_queries import (
    Order,
    ProductRow,
    WantedProducts,
    count_products,
    list_products,
)
from showfloor.session.analytics.edges.reads import Reads
from showfloor.session.catalogue.edges import shapes
from showfloor.session.catalogue.edges.messages import product_message

MAX_QUERY: Final = 100
MAX_IDS: Final = 200
_VIEWS: Final = ("catalogue", "product_sales")
_ORDERS: Final[dict[int, Order]] = {
    pb.PRODUCT_ORDER_UNSPECIFIED: "title",
    pb.PRODUCT_ORDER_TITLE: "title",
    pb.PRODUCT_ORDER_PRICE: "price",
    pb.PRODUCT_ORDER_STOCK: "stock",
    pb.PRODUCT_ORDER_CREATE_TIME: "create_time",
    pb.PRODUCT_ORDER_UNITS_SOLD: "units_sold",
}


class AfterProduct(msgspec.Struct, frozen=True):
    """The last product of a page."""

    key: str
    product_id: UUID


class ProductLists:
    """The list of a shop's products. The proto's comments say what it does and refuses."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    async def ListProducts(self, request: pb.ListProductsRequest, _: Any) -> pb.ListProductsResponse:
        size = checks.page_size(request.page_size)
        label = checks.known("label", request.label, product_pb2.RecommendationLabel)
        order = _ORDERS[checks.known("order", request.order, pb.ProductOrder)]
        filters = cursors.filters_of(request, "page_token", "page_size", "min_position")
        after = cursors.decode(request.page_token, AfterProduct, filters)
        checks.count("product_ids", request.product_ids, 0, MAX_IDS)
        wanted = WantedProducts(
            shop_id=(await shop_for(request.shop_id)).shop_id,
            query=checks.line("query", request.query, 0, MAX_QUERY),
            category=checks.line("category", request.category, 0, 60),
            label=shapes.label("label", label) if label else None,
            showcase_only=request.showcase_only,
            in_stock_only=request.in_stock_only,
            invited_only=request.invited_only,
            product_ids=[checks.uuid(f"product_ids[{at}]", text) for at, text in enumerate(request.product_ids)]
            or None,
            archived=request.archived,
            order=order,
            descending=request.descending,
            after_key=after.key if after else None,
            after_id=after.product_id if after else None,
            limit=size + 1,
        )
        await self._reads.reached(_VIEWS, request.min_position)
        rows = await list_products(self._reads.database, wanted)
        last = AfterProduct(rows[size - 1].sort_key, rows[size - 1].product_id) if len(rows) > size else None
        return pb.ListProductsResponse(
            products=[_product(row) for row in rows[:size]],
            next_page_token=cursors.encode(last, filters) if last else "",
            total_count=await count_products(self._reads.database, wanted),
        )


def _product(row: ProductRow) -> product_pb2.Product:
    message = product_message(row.details())
    message.archived, message.version, message.units_sold = row.archived, row.version, row.units_sold
    message.variant_count = row.variants
    message.create_time.FromDatetime(row.created_at)
    return message
