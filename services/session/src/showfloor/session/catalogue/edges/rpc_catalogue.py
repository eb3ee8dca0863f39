"""CatalogueService, the changing half and single products. Lists are answered by rpc_catalogue_lists."""

from typing import Any

from showfloor.access import resources
from showfloor.api.session.v1 import catalogue_service_pb2 as pb
from showfloor.eventstore.group import GroupRefused
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.service.allowing import allow, shop_for
from showfloor.session.catalogue import commands as catalogue
from showfloor.session.catalogue.domain import refusals
from showfloor.session.catalogue.domain.catalogue_rules import SaveProductSet
from showfloor.session.catalogue.domain.product import PRODUCT
from showfloor.session.catalogue.domain.product_set import product_set_stream
from showfloor.session.catalogue.edges import import_rows
from showfloor.session.catalogue.edges.messages import product_message, product_set_message

MAX_SET = 100


class CatalogueWrites:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

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

    async def GetProduct(self, request: pb.GetProductRequest, _: Any) -> pb.GetProductResponse:
        product_id = checks.uuid("product_id", request.product_id)
        kept = (await self._store.load(PRODUCT, product_id)).state.kept
        missing = refusals.product_not_found(product_id=product_id)
        if kept is None:
            raise missing
        await allow(resources.Shop(id=str(kept.shop_id)), missing)
        return pb.GetProductResponse(product=product_message(kept))

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
