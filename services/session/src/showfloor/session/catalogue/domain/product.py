"""A product in a shop's small catalogue."""

from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id

Label = Literal["", "bestseller", "trending", "high_commission", "new"]


class ProductKept(Event, frozen=True, kw_only=True):
    """A product was added to the catalogue, or it changed: all of it as it is from now on."""

    TOPIC: ClassVar[str] = "product.kept"

    product_id: UUID
    shop_id: UUID
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


class Product(msgspec.Struct, frozen=True):
    """The state of a product; `kept` is None when there is none."""

    kept: ProductKept | None = None


def product_stream(shop_id: UUID, reference: str) -> UUID:
    """Return the id of the product that the shop's `reference` names."""
    return derive_id(shop_id, "product", reference)


def evolve(_: Product, event: Event) -> Product:
    """Return the product after the event."""
    assert isinstance(event, ProductKept)
    return Product(event)


PRODUCT: Decider[Product] = Decider(
    name="product", state_type=Product, initial=Product, evolve=evolve, events=(ProductKept,)
)
