"""The pictures that a shop uploaded: which, and how much room they take."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

import msgspec

from showfloor.kernel.command import Aside
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id

LEAST: Final = 16 * 1024  # bytes that a picture counts at least: so their number has a limit, too


class ImageUploaded(Event, frozen=True, kw_only=True):
    """A picture was made harmless and kept."""

    TOPIC: ClassVar[str] = "shop_images.uploaded"

    shop_id: UUID
    image_id: UUID  # of shop and file as it was sent
    size: int  # bytes, in all widths


class ShopImages(msgspec.Struct, frozen=True):
    """The state of a shop's pictures."""

    images: frozenset[UUID] = frozenset()
    size: int = 0


class UploadImage(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that can be kept. `size` is what it takes, `most` what all of the shop's may take."""

    shop_id: UUID
    image_id: UUID
    size: Aside[int]
    most: Aside[int]
    now: Aside[datetime]


def shop_images_stream(shop_id: UUID) -> UUID:
    """Return the id of the stream of a shop's pictures."""
    return derive_id(shop_id, "shop_images", "")


def evolve(state: ShopImages, event: Event) -> ShopImages:
    """Return the pictures after the event."""
    assert isinstance(event, ImageUploaded)
    return ShopImages(state.images | {event.image_id}, state.size + max(event.size, LEAST))


SHOP_IMAGES: Decider[ShopImages] = Decider(
    name="shop_images", state_type=ShopImages, initial=ShopImages, evolve=evolve, events=(ImageUploaded,)
)
