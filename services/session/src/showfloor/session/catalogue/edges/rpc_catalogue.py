"""CatalogueService: products and product sets of a shop."""

from typing import Any
from uuid import UUID

import msgspec

from showfloor.api.session.v1 import catalogue_service_pb2 as pb
from showfloor.api.session.v1 import product_pb2
from showfloor.eventstore.group import GroupRefused
from showfloor.eventstore.runtime import Runtime
from showfloor.kernel.clock import Clock
from showfloor.rpc import checks, cursors
from showfloor.rpc.caller import current
from showfloor.service import watermarks
from showfloor.service.allowing import shop_for
from showfloor.session.catalogue import commands as catalogue
from showfloor.session.catalogue.domain.catalogue_rules import SaveProductSet
from showfloor.session.catalogue.domain.product_set import product_set_stream
from showfloor.session.catalogue.edges import import_rows, shapes
from showfloor.session.catalogue.edges.catalogue_queries import (
    WantedProducts,
    list_product_sets,
    list_products,
)
from showfloor.session.catalogue.edges.messages import product_row_message, product_set_message

MAX_SET, MAX_QUERY = 100, 100


class AfterProduct(msgspec.Struct, frozen=True):
    """The last product of a page."""

    key: str
    product_id: UUID


class CatalogueCalls:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, runtime: Runtime, clock: Clock) -> None:
        self._store, self._views, self._database = runtime.store, runtime.views, runtime.database
        self._clock = clock

    async def ImportProducts(self, request: pb.ImportProductsRequest, _: Any) -> pb.ImportProductsResponse:
        request_id = checks.request_id(request.request_id)
        shop = await shop_for(request.shop_id)
        import_rows.count("products", request.products)
        now = self._clock()
        products = [
            import_rows.product(f"products[{number}]", row, shop, now) for number, row in enumerate(request.products)
        ]
        import_rows.once("products", [kept.reference for kept in products])
        try:
            done = await catalogue.import_products(self._store, products, current().meta(request_id))
        except GroupRefused as refused:
            raise catalogue.first_refusal(refused, "products") from None
        created = sum(1 for one in done if one.events and one.version == 1)
        updated = sum(1 for one in done if one.events) - created
        return pb.ImportProductsResponse(
            created=created,
            updated=updated,
            unchanged=len(done) - created - updated,
            position=max(one.position for one in done),
            product_ids=[str(kept.product_id) for kept in products],
        )

    async def SaveProductSet(self, request: pb.SaveProductSetRequest, _: Any) -> pb.SaveProductSetResponse:
        request_id = checks.request_id(request.request_id)
        shop = await shop_for(request.shop_id)
        checks.count("product_ids", request.product_ids, 1, MAX_SET)
        ids = tuple(checks.uuid(f"product_ids[{number}]", text) for number, text in enumerate(request.product_ids))
        import_rows.once("product_ids", ids)
        replaces = bool(request.product_set_id)
        command = SaveProductSet(
            product_set_id=checks.uuid("product_set_id", request.product_set_id)
            if replaces
            else product_set_stream(shop.shop_id, request_id),
            shop_id=shop.shop_id,
            name=checks.line("name", request.name, 1, 80),
            product_ids=ids,
            now=self._clock(),
            replaces=replaces,
        )
        done = await catalogue.save_product_set(self._store, command, current().meta(request_id))
        assert done.state.saved is not None
        return pb.SaveProductSetResponse(product_set=product_set_message(done.state.saved), position=done.position)

    async def ListProducts(self, request: pb.ListProductsRequest, _: Any) -> pb.ListProductsResponse:
        size = checks.page_size(request.page_size)
        query = checks.line("query", request.query, 0, MAX_QUERY)
        label = checks.known("label", request.label, product_pb2.RecommendationLabel)
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
        return pb.ListProductsResponse(
            products=[product_row_message(row) for row in rows[:size]],
            next_page_token=cursors.encode(last, filters) if last else "",
        )

    async def ListProductSets(self, request: pb.ListProductSetsRequest, _: Any) -> pb.ListProductSetsResponse:
        shop = await shop_for(request.shop_id)
        await watermarks.reached(self._store, self._views, ("catalogue",), request.min_position)
        rows = await list_product_sets(self._database, shop.shop_id)
        return pb.ListProductSetsResponse(
            product_sets=[
                product_pb2.ProductSet(
                    product_set_id=str(row.product_set_id),
                    shop_id=str(row.shop_id),
                    name=row.name,
                    product_ids=row.product_ids,
                )
                for row in rows
            ]
        )
