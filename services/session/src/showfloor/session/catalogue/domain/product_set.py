"""A named set of products, prepared for LIVEs."""

from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id


class ProductSetSaved(Event, frozen=True, kw_only=True):
    """A product set was made or replaced: all of it as it is from now on."""

    TOPIC: ClassVar[str] = "product_set.saved"

    product_set_id: UUID
    shop_id: UUID
    name: str
    product_ids: tuple[UUID, ...]  # in order


class ProductSetDeleted(Event, frozen=True, kw_only=True):
    """A product set was deleted; its products stay."""

    TOPIC: ClassVar[str] = "product_set.deleted"

    product_set_id: UUID
    shop_id: UUID


class ProductSet(msgspec.Struct, frozen=True):
    """The state of a product set; `saved` is None when there is none. A deleted one remembers whose it was."""

    saved: ProductSetSaved | None = None
    deleted_from: UUID | None = None


def product_set_stream(shop_id: UUID, request_id: str) -> UUID:
    """Return the id of the product set that `request_id` makes."""
    return derive_id(shop_id, "product_set", request_id)


def evolve(_: ProductSet, event: Event) -> ProductSet:
    """Return the product set after the event."""
    if isinstance(event, ProductSetDeleted):
        return ProductSet(deleted_from=event.shop_id)
    assert isinstance(event, ProductSetSaved)
    return ProductSet(event)


PRODUCT_SET: Decider[ProductSet] = Decider(
    name="product_set",
    state_type=ProductSet,
    initial=ProductSet,
    evolve=evolve,
    events=(ProductSetSaved, ProductSetDeleted),
)
