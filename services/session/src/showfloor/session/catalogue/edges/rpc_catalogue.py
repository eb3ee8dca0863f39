"""CatalogueService: products and product sets of a shop."""

from typing import Any

from showfloor.api.session.v1 import catalogue_service_pb2 as pb
from showfloor.api.session.v1 import product_pb2
from showfloor.eventstore.group import GroupRefused
from showfloor.eventstore.runtime import Runtime
from showfloor.kernel.clock import Clock
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.service import watermarks
from showfloor.service.allowing import shop_for
from showfloor.session.catalogue import commands as catalogue
from showfloor.session.catalogue.domain.catalogue_rules import DeleteProductSet, SaveProductSet, delete_product_set
from showfloor.session.catalogue.domain.product_set import PRODUCT_SET, product_set_stream
from showfloor.session.catalogue.edges import import_rows
from showfloor.session.catalogue.edges.catalogue_queries import count_categories, list_product_sets
from showfloor.session.catalogue.edges.messages import LABELS, product_set_message

MAX_SET = 100


class CatalogueCalls:
    """One method per RPC, but for what `rpc_products` answers. The protos' comments say what each does and refuses."""

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

    async def DeleteProductSet(self, request: pb.DeleteProductSetRequest, _: Any) -> pb.DeleteProductSetResponse:
        request_id = checks.request_id(request.request_id)
        shop = await shop_for(request.shop_id)
        set_id = checks.uuid("product_set_id", request.product_set_id)
        command = DeleteProductSet(product_set_id=set_id, shop_id=shop.shop_id, now=self._clock())
        meta = current().meta(request_id)
        done = await self._store.execute(PRODUCT_SET, set_id, delete_product_set, command, meta)
        return pb.DeleteProductSetResponse(position=done.position)

    async def ListProductCategories(
        self, request: pb.ListProductCategoriesRequest, _: Any
    ) -> pb.ListProductCategoriesResponse:
        shop = await shop_for(request.shop_id)
        await watermarks.reached(self._store, self._views, ("catalogue",), request.min_position)
        rows = await count_categories(self._database, shop.shop_id, archived=request.archived)
        return pb.ListProductCategoriesResponse(
            categories=[
                pb.ProductCategory(category=row.category, products=row.products)
                for row in rows
                if row.category is not None
            ],
            labels=[pb.LabelledProducts(label=LABELS[row.label], products=row.products) for row in rows if row.label],
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
