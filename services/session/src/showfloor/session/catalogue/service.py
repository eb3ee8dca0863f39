"""What the slice brings to the service."""

from pathlib import Path
from typing import Final, Protocol

from showfloor.api.session.v1 import catalogue_service_pb2, image_service_pb2
from showfloor.blobs import MAX_BYTES, open_blobs
from showfloor.rpc.server import Limits
from showfloor.service.builder import Builder
from showfloor.service.slices import Slice, Started
from showfloor.session.catalogue.domain.product import PRODUCT
from showfloor.session.catalogue.domain.product_set import PRODUCT_SET
from showfloor.session.catalogue.domain.shop_images import SHOP_IMAGES
from showfloor.session.catalogue.edges.rpc_catalogue import CatalogueCalls
from showfloor.session.catalogue.edges.rpc_images import ImageCalls
from showfloor.session.catalogue.edges.rpc_products import ProductCalls
from showfloor.session.catalogue.views import catalogue

SLICE: Final = Slice(
    contracts=(catalogue_service_pb2, image_service_pb2),
    deciders=(PRODUCT, PRODUCT_SET, SHOP_IMAGES),
    views=(catalogue.VIEW,),
)
LIMITS: Final = Limits(drain_s=1.5, message_bytes=MAX_BYTES + 2**20)  # a picture; the file of an import is smaller


class Settings(Protocol):
    """Where pictures lie, and how much of them a shop may have."""

    @property
    def data(self) -> Path: ...
    @property
    def blobs(self) -> str: ...
    @property
    def image_quota_mb(self) -> int: ...


def start(base: Builder, settings: Settings) -> Started:
    """Start what runs."""
    blobs = open_blobs(settings.blobs, settings.data / "images")
    images = ImageCalls(base.store, blobs, settings.image_quota_mb * 2**20, base.clock)
    return Started((CatalogueCalls(base.runtime, base.clock), ProductCalls(base.runtime, base.clock), images))
