"""A product in a shop's small catalogue."""

from typing import ClassVar, Literal, TypeVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id

Label = Literal["", "bestseller", "trending", "high_commission", "new"]


MAX_OPTIONS = 3
MAX_VARIANTS = 100
FEW = 5  # units left: viewers are told; of what is plenty they do not learn how much there is


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """One of several forms of a product. `values`: one for each option of the product, in their order."""

    reference: str
    values: tuple[str, ...] = ()
    price_minor: int
    compare_at_minor: int | None = None
    stock: int | None = None  # as the shop said last; None: not counted
    image_url: str = ""

    @property
    def name(self) -> str:
        """What it is called beside the title of its product."""
        return " / ".join(self.values)


class ProductEvent(Event, frozen=True, kw_only=True):
    """What every event of a product carries."""

    product_id: UUID
    shop_id: UUID


class ProductDetails(ProductEvent, frozen=True, kw_only=True):
    """All of a product as it is from now on. Each event that tells of a product's details tells all of them."""

    reference: str
    title: str
    category: str  # "not known" when the source has none
    price_minor: int
    currency: str
    commission_bps: int = 0
    label: Label = ""
    in_showcase: bool = False
    collab_invite: str = ""
    link: str = ""
    compare_at_minor: int | None = None  # what it cost before, or elsewhere
    stock: int | None = None  # as the shop said last; None: not counted
    image_url: str = ""  # a reference: no server of ours fetches it
    image_id: UUID | None = None  # of ours
    options: tuple[str, ...] = ()  # what its variants differ in
    variants: tuple[Variant, ...] = ()  # price, price before and stock are then theirs: see `summed`

    def variant(self, reference: str) -> Variant | None:
        """Return the variant that a reference names, if any."""
        return next((one for one in self.variants if one.reference == reference), None)


class ProductImported(ProductDetails, frozen=True, kw_only=True):
    """An import added a product to the catalogue, or changed it."""

    TOPIC: ClassVar[str] = "product.imported"


class ProductCreated(ProductDetails, frozen=True, kw_only=True):
    """Somebody added a product by itself."""

    TOPIC: ClassVar[str] = "product.created"


class ProductUpdated(ProductDetails, frozen=True, kw_only=True):
    """Somebody changed a product by itself."""

    TOPIC: ClassVar[str] = "product.updated"


class ProductArchived(ProductEvent, frozen=True, kw_only=True):
    """The product left the lists: no bag and no set takes it any more."""

    TOPIC: ClassVar[str] = "product.archived"


class ProductRestored(ProductEvent, frozen=True, kw_only=True):
    """An archived product is back, as it was."""

    TOPIC: ClassVar[str] = "product.restored"


class Product(msgspec.Struct, frozen=True):
    """The state of a product; `kept` is None when there is none. `version` counts its events."""

    kept: ProductDetails | None = None
    archived: bool = False
    version: int = 0


Details = TypeVar("Details", bound=ProductDetails)

DETAILS = tuple(name for name in ProductDetails.__struct_fields__ if name not in ("at", "product_id", "shop_id"))


def product_stream(shop_id: UUID, reference: str) -> UUID:
    """Return the id of the product that the shop's `reference` names."""
    return derive_id(shop_id, "product", reference)


def variant_id(product_id: UUID, reference: str) -> UUID:
    """Return the id of the variant that a reference names in a product."""
    return derive_id(product_id, "variant", reference)


def summed(product: Details) -> Details:
    """Return a product with the price of its cheapest variant and the stock of all; without variants as it is."""
    if not product.variants:
        return product
    cheapest = min(product.variants, key=lambda one: one.price_minor)
    counted = [one.stock for one in product.variants if one.stock is not None]
    return msgspec.structs.replace(
        product,
        price_minor=cheapest.price_minor,
        compare_at_minor=cheapest.compare_at_minor,
        stock=sum(counted) if len(counted) == len(product.variants) else None,
    )


def evolve(state: Product, event: Event) -> Product:
    """Return the product after the event."""
    version = state.version + 1
    match event:
        case ProductDetails():
            return Product(event, state.archived, version)
        case ProductArchived():
            return Product(state.kept, archived=True, version=version)
        case ProductRestored():
            return Product(state.kept, archived=False, version=version)
        case _:
            raise AssertionError(f"a product has no {type(event).__name__}")


PRODUCT: Decider[Product] = Decider(
    name="product",
    state_type=Product,
    initial=Product,
    evolve=evolve,
    events=(ProductImported, ProductCreated, ProductUpdated, ProductArchived, ProductRestored),
)
