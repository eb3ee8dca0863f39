"""CatalogueService: lists of products and product sets."""

from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.api.session.v1 import catalogue_service_pb2 as catalogue_pb
from showfloor.api.session.v1 import product_pb2 as pb
from showfloor.eventstore.runtime import Runtime
from showfloor.rpc import checks, cursors
from showfloor.rpc.money import money_message
from showfloor.service import watermarks
from showfloor.service.allowing import shop_for
from showfloor.session.catalogue.edges import shapes
from showfloor.session.catalogue.edges.catalogue_queries import (
    ProductRow,
    WantedProducts,
    list_product_sets,
    list_products,
)
from showfloor.session.catalogue.edges.messages import LABELS

MAX_QUERY: Final = 100


class AfterProduct(msgspec.Struct, frozen=True):
    """The last product of a page."""

    key: str
    product_id: UUID


class CatalogueLists:
    """The lists of CatalogueService."""

    def __init__(self, runtime: Runtime) -> None:
        self._store, self._views, self._database = runtime.store, runtime.views, runtime.database

    async def ListProducts(
        self, request: catalogue_pb.ListProductsRequest, _: Any
    ) -> catalogue_pb.ListProductsResponse:
        size = checks.page_size(request.page_size)
        query = checks.line("query", request.query, 0, MAX_QUERY)
        label = checks.known("label", request.label, pb.RecommendationLabel)
        filters = cursors.filters_of(request, "page_token", "page_size", "min_position")
        after = cursors.decode(request.page_token, AfterProduct, filters)
        shop = await shop_for(request.shop_id)
        await watermarks.reached(self._store, self._views, ("catalogue",), request.min_position)
        wanted = WantedProducts(
            shop_id=shop.shop_id,
            query=query,
            category=checks.line("category", request.category, 0, 60),
            label=shapes.label("label", label) if label else None,
            showcase_only=request.showcase_only,
            after_key=after.key if after else None,
            after_id=after.product_id if after else None,
            limit=size + 1,
        )
        rows = await list_products(self._database, wanted)
        last = AfterProduct(rows[size - 1].title_key, rows[size - 1].product_id) if len(rows) > size else None
        return catalogue_pb.ListProductsResponse(
            products=[_product(row) for row in rows[:size]],
            next_page_token=cursors.encode(last, filters) if last else "",
        )

    async def ListProductSets(
        self, request: catalogue_pb.ListProductSetsRequest, _: Any
    ) -> catalogue_pb.ListProductSetsResponse:
        shop = await shop_for(request.shop_id)
        await watermarks.reached(self._store, self._views, ("catalogue",), request.min_position)
        rows = await list_product_sets(self._database, shop.shop_id)
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


def _product(row: ProductRow) -> pb.Product:
    return pb.Product(
        product_id=str(row.product_id),
        shop_id=str(row.shop_id),
        reference=row.reference,
        title=row.title,
        category=row.category,
        price=money_message(row.price_minor, row.currency),
        commission_bps=row.commission_bps,
        label=LABELS[row.label],
        in_showcase=row.in_showcase,
        collab_invite=row.collab_invite,
        link=row.link,
    )
