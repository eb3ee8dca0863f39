"""CatalogueService: one product by itself."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from uuid import UUID

from showfloor.access import resources
from showfloor.api.session.v1 import catalogue_service_pb2 as pb
from showfloor.eventstore.runtime import Runtime
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.clock import Clock
from showfloor.kernel.decider import Rule
from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.service.allowing import ShopHome, allow, shop_for
from showfloor.session.catalogue.commands import must_have_image
from showfloor.session.catalogue.domain import product_rules as rules
from showfloor.session.catalogue.domain import refusals
from showfloor.session.catalogue.domain.product import DETAILS, PRODUCT, Product, ProductCreated, ProductDetails
from showfloor.session.catalogue.edges import import_rows, shapes
from showfloor.session.catalogue.edges.messages import product_state_message

C = TypeVar("C", bound=rules.ProductCommand)

_CLEARED = {pb.PRODUCT_FIELD_COMPARE_AT_PRICE: "compare_at_price", pb.PRODUCT_FIELD_STOCK: "stock"}
_STORED = {"price": "price_minor", "compare_at_price": "compare_at_minor"}


class ProductCalls:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, runtime: Runtime, clock: Clock) -> None:
        self._store, self._clock = runtime.store, clock

    async def CreateProduct(self, request: pb.CreateProductRequest, _: Any) -> pb.CreateProductResponse:
        request_id = checks.request_id(request.request_id)
        shop = await shop_for(request.shop_id)
        told = import_rows.product("product", request.product, shop, self._clock())
        image_id = await self._image(shop.shop_id, request.product.image_id, "product.image_id")
        details = {name: getattr(told, name) for name in DETAILS} | {"image_id": image_id}
        created = ProductCreated(at=told.at, product_id=told.product_id, shop_id=told.shop_id, **details)
        command = rules.CreateProduct(product=created)
        meta = current().meta(request_id)
        done = await self._store.execute(PRODUCT, created.product_id, rules.create_product, command, meta)
        return pb.CreateProductResponse(product=product_state_message(done.state), position=done.position)

    async def UpdateProduct(self, request: pb.UpdateProductRequest, _: Any) -> pb.UpdateProductResponse:
        kept = await self._kept(request.product_id)
        changes = [*_changes(request, kept)]
        if request.HasField("image_id"):
            changes.append(("image_id", await self._image(kept.shop_id, request.image_id, "image_id")))
        if request.HasField("variants"):
            shop = ShopHome(kept.shop_id, kept.currency)
            options, variants = import_rows.variants("variants.", request.variants, shop)
            changes += [("options", options), ("variants", variants)]
        command = self._command(rules.UpdateProduct, request, kept, changes=tuple(changes))
        done = await self._execute(rules.update_product, command, request)
        return pb.UpdateProductResponse(product=product_state_message(done.state), position=done.position)

    async def ArchiveProduct(self, request: pb.ArchiveProductRequest, _: Any) -> pb.ArchiveProductResponse:
        command = self._command(rules.ArchiveProduct, request, await self._kept(request.product_id))
        done = await self._execute(rules.archive_product, command, request)
        return pb.ArchiveProductResponse(product=product_state_message(done.state), position=done.position)

    async def RestoreProduct(self, request: pb.RestoreProductRequest, _: Any) -> pb.RestoreProductResponse:
        command = self._command(rules.RestoreProduct, request, await self._kept(request.product_id))
        done = await self._execute(rules.restore_product, command, request)
        return pb.RestoreProductResponse(product=product_state_message(done.state), position=done.position)

    async def GetProduct(self, request: pb.GetProductRequest, _: Any) -> pb.GetProductResponse:
        kept = await self._kept(request.product_id)
        state = (await self._store.load(PRODUCT, kept.product_id)).state
        return pb.GetProductResponse(product=product_state_message(state))

    async def _image(self, shop_id: UUID, image_id: str, field: str) -> UUID | None:
        """Return a picture of the shop; empty is none. Raises IMAGE_NOT_FOUND."""
        if not image_id:
            return None
        key = checks.uuid(field, image_id)
        await must_have_image(self._store, shop_id, key)
        return key

    async def _kept(self, product_id: str) -> ProductDetails:
        """Return a product if the caller may do the current RPC to it. Raises PRODUCT_NOT_FOUND, PERMISSION."""
        key = checks.uuid("product_id", product_id)
        kept = (await self._store.load(PRODUCT, key)).state.kept
        missing = refusals.product_not_found(product_id=key)
        if kept is None:
            raise missing
        await allow(resources.Shop(id=str(kept.shop_id)), missing)
        return kept

    def _command(self, kind: type[C], request: Any, kept: ProductDetails, **fields: Any) -> C:
        checks.request_id(request.request_id)
        expected = checks.position(request.expected_version, "expected_version")
        return kind(product_id=kept.product_id, now=self._clock(), expected_version=expected, **fields)

    async def _execute(self, rule: Rule[Product, C], command: C, request: Any) -> Outcome[Product]:
        meta = current().meta(request.request_id)
        return await self._store.execute(PRODUCT, command.product_id, rule, command, meta)


def _changes(request: pb.UpdateProductRequest, kept: ProductDetails) -> Iterator[tuple[str, Any]]:
    """Yield the details that a request names, with their values."""
    shop = ShopHome(kept.shop_id, kept.currency)
    checkers: dict[str, Callable[[], Any]] = {
        "title": lambda: import_rows.title("title", request.title),
        "category": lambda: import_rows.category("category", request.category),
        "price": lambda: import_rows.price("price", request.price, shop),
        "compare_at_price": lambda: import_rows.price("compare_at_price", request.compare_at_price, shop),
        "commission_bps": lambda: import_rows.commission("commission_bps", request.commission_bps),
        "label": lambda: shapes.label("label", request.label),
        "in_showcase": lambda: request.in_showcase,
        "collab_invite": lambda: import_rows.invite("collab_invite", request.collab_invite),
        "link": lambda: import_rows.link("link", request.link),
        "stock": lambda: import_rows.stock("stock", request.stock),
        "image_url": lambda: import_rows.link("image_url", request.image_url),
    }
    for name, checked in checkers.items():
        if request.HasField(name):  # type: ignore[arg-type]
            yield _STORED.get(name, name), checked()
    for number, field in enumerate(request.cleared):
        if (name := _CLEARED.get(field, "")) == "":
            raise invalid(f"cleared[{number}]", "must be compare_at_price or stock")
        if request.HasField(name):  # type: ignore[arg-type]
            raise invalid(f"cleared[{number}]", f"{name} is given a value by the same request")
        yield _STORED.get(name, name), None
