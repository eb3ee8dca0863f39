"""ImageService: pictures of products, made harmless before they are kept."""

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.access import resources
from showfloor.api.session.v1 import image_service_pb2 as pb
from showfloor.blobs import MAX_BYTES, WIDTHS, BadPicture, Blobs, Picture, make_picture
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.refusal import Refusal, invalid
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.service.allowing import may, shop_for
from showfloor.session.catalogue.domain import refusals
from showfloor.session.catalogue.domain.image_rules import upload_image
from showfloor.session.catalogue.domain.shop_images import SHOP_IMAGES, UploadImage, shop_images_stream

AT_ONCE: Final = 1  # files that are opened side by side by one process
MOST_WAITING: Final = 16
USUAL: Final = 480  # pixels wide, when nobody says


@dataclass
class ImageCalls:
    """One method per RPC. The protos' comments say what each does and refuses. `most`: bytes of one shop."""

    store: Store
    blobs: Blobs
    most: int
    clock: Clock

    def __post_init__(self) -> None:
        self._places, self._waiting = asyncio.Semaphore(AT_ONCE), 0

    async def UploadImage(self, request: pb.UploadImageRequest, _: Any) -> pb.UploadImageResponse:
        request_id = checks.request_id(request.request_id)
        shop = await shop_for(request.shop_id)
        if not request.content:
            raise invalid("content", "is empty: send the file as the body")
        if len(request.content) > MAX_BYTES:
            raise refusals.image_too_large(f"has more than {MAX_BYTES // 2**20} MiB")
        image_id = image_of(shop.shop_id, request.content)
        stream, command = shop_images_stream(shop.shop_id), UploadImage(
            shop_id=shop.shop_id, image_id=image_id, size=0, most=self.most, now=self.clock()
        )  # fmt: skip
        state = (await self.store.load(SHOP_IMAGES, stream)).state
        if image_id not in state.images or not await self._is_whole(image_id):
            picture = await self._made(request.content)
            command = msgspec.structs.replace(command, size=picture.bytes)
            upload_image(state, command)  # before anything is written: it may be refused
            for width, data in picture.sizes.items():
                await self.blobs.put(_name(image_id, width), data)
        done = await self.store.execute(SHOP_IMAGES, stream, upload_image, command, current().meta(request_id))
        return pb.UploadImageResponse(image_id=str(image_id), position=done.position)

    async def GetImage(self, request: pb.GetImageRequest, _: Any) -> pb.GetImageResponse:
        image_id = checks.uuid("image_id", request.image_id)
        width = request.width or USUAL
        if width not in WIDTHS:
            raise invalid("width", f"must be {', '.join(map(str, WIDTHS))}")
        await may(resources.System())
        content = await self.blobs.get(_name(image_id, width))
        if content is None:
            raise refusals.image_not_found(image_id)
        return pb.GetImageResponse(content=content)

    async def _is_whole(self, image_id: UUID) -> bool:
        """Return whether every size is there: a folder that was lost is filled again by the same uploads."""
        return all([await self.blobs.has(_name(image_id, width)) for width in WIDTHS])

    async def _made(self, content: bytes) -> Picture:
        if self._waiting >= MOST_WAITING:
            raise refusals.images_waiting()
        self._waiting += 1
        try:
            async with self._places:
                return await asyncio.to_thread(make_picture, content)
        except BadPicture as bad:
            raise _refusal(bad) from None
        finally:
            self._waiting -= 1


def image_of(shop_id: UUID, content: bytes) -> UUID:
    """Return the id of a file of a shop: who does not have the file cannot guess it."""
    return UUID(bytes=hashlib.blake2b(content, digest_size=16, key=shop_id.bytes).digest(), version=5)


def _name(image_id: UUID, width: int) -> str:
    return f"{image_id.hex[:2]}/{image_id}/{width}.webp"


def _refusal(bad: BadPicture) -> Refusal:
    return refusals.image_too_large(bad.problem) if bad.why == "large" else refusals.not_an_image(bad.problem)
