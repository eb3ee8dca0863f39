"""What the slice brings to the service."""

from typing import Final

from showfloor.api.session.v1 import catalogue_service_pb2
from showfloor.service.builder import Builder
from showfloor.service.slices import Slice, Started
from showfloor.session.catalogue.domain.product import PRODUCT
from showfloor.session.catalogue.domain.product_set import PRODUCT_SET
from showfloor.session.catalogue.edges.rpc_catalogue import CatalogueCalls
from showfloor.session.catalogue.edges.rpc_products import ProductCalls
from showfloor.session.catalogue.views import catalogue

SLICE: Final = Slice(contracts=(catalogue_service_pb2,), deciders=(PRODUCT, PRODUCT_SET), views=(catalogue.VIEW,))


def start(base: Builder) -> Started:
    """Start what runs."""
    return Started((CatalogueCalls(base.runtime, base.clock), ProductCalls(base.runtime, base.clock)))
