"""Shape checks of the words of a show, beside those in showfloor.rpc.checks."""

from showfloor.kernel.refusal import invalid
from showfloor.session.show.domain.session_events import ProductSource
from showfloor.session.show.edges.messages import PRODUCT_SOURCES

_SOURCES: dict[int, ProductSource] = {number: word for word, number in PRODUCT_SOURCES.items()}  # type: ignore[misc]


def product_source(value: int) -> ProductSource:
    """Return how products come into the bag."""
    if value not in _SOURCES:
        raise invalid("source", "must be set, showcase, link or collab")
    return _SOURCES[value]
