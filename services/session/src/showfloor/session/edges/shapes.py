"""Shape checks of the session service's own words, beside those in showfloor.rpc.checks."""

from showfloor.kernel.refusal import invalid
from showfloor.session.domain.product import Label
from showfloor.session.domain.session_events import ProductSource
from showfloor.session.edges.messages import LABELS, PRODUCT_SOURCES

NOT_KNOWN = "not known"  # a category that the source does not name

_SOURCES: dict[int, ProductSource] = {number: word for word, number in PRODUCT_SOURCES.items()}  # type: ignore[misc]
_LABELS: dict[int, Label] = {number: word for word, number in LABELS.items()}  # type: ignore[misc]


def product_source(value: int) -> ProductSource:
    """Return how products come into the bag."""
    if value not in _SOURCES:
        raise invalid("source", "must be set, showcase, link or collab")
    return _SOURCES[value]


def label(field: str, value: int) -> Label:
    """Return a recommendation label; unspecified is none."""
    if value not in _LABELS:
        raise invalid(field, "must be one of the known labels, or unspecified for none")
    return _LABELS[value]
