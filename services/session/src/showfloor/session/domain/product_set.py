"""A named set of products, prepared for LIVEs."""

from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id
from showfloor.session.domain.product import REMEMBERED_REQUESTS


class ProductSetSaved(Event, frozen=True, kw_only=True):
    """A product set was made or replaced: all of it as it is from now on."""

    TOPIC: ClassVar[str] = "product_set.saved"

    product_set_id: UUID
    shop_id: UUID
    name: str
    product_ids: tuple[UUID, ...]  # in order
    request_id: str = ""  # recognises a command that is sent again


class ProductSet(msgspec.Struct, frozen=True):
    """The state of a product set; `saved` is None when there is none."""

    saved: ProductSetSaved | None = None
    answered: dict[str, str] = {}  # request id -> what it asked for, the newest REMEMBERED_REQUESTS


def product_set_stream(shop_id: UUID, request_id: str) -> UUID:
    """Return the id of the product set that `request_id` makes."""
    return derive_id(shop_id, "product_set", request_id)


def evolve(state: ProductSet, event: Event) -> ProductSet:
    """Return the product set after the event."""
    assert isinstance(event, ProductSetSaved)
    answered = [*state.answered.items(), (event.request_id, content_of(event.name, event.product_ids))]
    return ProductSet(event, dict(answered[-REMEMBERED_REQUESTS:]))


def content_of(name: str, product_ids: tuple[UUID, ...]) -> str:
    """Return what a set holds as one text, to compare two requests."""
    return "\x1f".join((name, *map(str, product_ids)))


PRODUCT_SET: Decider[ProductSet] = Decider(
    name="product_set",
    state_type=ProductSet,
    initial=ProductSet,
    evolve=evolve,
    events=(ProductSetSaved,),
)
