"""Shape checks of the session service's own words, beside those in showfloor.rpc.checks."""

from showfloor.kernel.refusal import invalid
from showfloor.session.catalogue.domain.product import Label
from showfloor.session.catalogue.edges.messages import LABELS

NOT_KNOWN = "not known"  # a category that the source does not name

_LABELS: dict[int, Label] = {number: word for word, number in LABELS.items()}  # type: ignore[misc]


def label(field: str, value: int) -> Label:
    """Return a recommendation label; unspecified is none."""
    if value not in _LABELS:
        raise invalid(field, "must be one of the known labels, or unspecified for none")
    return _LABELS[value]
