"""Which pictures a shop may keep."""

from showfloor.kernel.event import Event
from showfloor.session.catalogue.domain import refusals
from showfloor.session.catalogue.domain.shop_images import LEAST, ImageUploaded, ShopImages, UploadImage


def upload_image(state: ShopImages, command: UploadImage) -> list[Event]:
    """Keep a picture. The same file again: nothing to do."""
    if command.image_id in state.images:
        return []
    if state.size + max(command.size, LEAST) > command.most:
        raise refusals.image_quota_exceeded(state.size, command.most)
    return [
        ImageUploaded(at=command.now, shop_id=command.shop_id, image_id=command.image_id, size=command.size),
    ]
