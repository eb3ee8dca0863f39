"""What an import would change of a product, as a file would write it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from showfloor.eventstore.group import Preview
from showfloor.kernel.currencies import to_amount
from showfloor.session.catalogue.domain.product import Product, ProductDetails, ProductImported, Variant
from showfloor.session.imports.edges.model import VariantChange

_SHOWN = (
    "title", "category", "price_minor", "compare_at_minor", "stock", "commission_bps", "in_showcase", "label",
    "collab_invite", "link", "image_url", "options",
)  # fmt: skip
_OF_VARIANTS = ("values", "price_minor", "compare_at_minor", "stock", "image_url")
_NAMES = {
    "price_minor": "price", "compare_at_minor": "compare_at_price", "gmv_minor": "gmv", "started_at": "start_time",
    "ended_at": "end_time",
}  # fmt: skip


def product_differences(before: ProductDetails, after: ProductDetails) -> Iterator[tuple[str, Any, Any]]:
    """Yield what differs of a product, but for its variants."""
    yield from _different(before, after, _SHOWN)


def variant_changes(preview: Preview, currency: str) -> Iterator[VariantChange]:
    """Yield the variants of a product that differ, in their new order; those that go come last."""
    (event,) = preview.events
    if not isinstance(event, ProductImported):
        return
    assert isinstance(preview.before, Product)
    assert preview.before.kept is not None
    known = {one.reference: one for one in preview.before.kept.variants}
    for variant in event.variants:
        before = known.pop(variant.reference, None)
        if before is None:
            every = ((name, None, getattr(variant, name)) for name in _OF_VARIANTS if name != "values")
            values = [told(name, old, new, currency) for name, old, new in every if new not in (None, "")]
            yield VariantChange(variant.reference, variant.name, "added", values)
        elif before != variant:
            values = [told(name, old, new, currency) for name, old, new in _different(before, variant, _OF_VARIANTS)]
            yield VariantChange(variant.reference, variant.name, "changed", values)
    for gone in known.values():
        yield VariantChange(gone.reference, gone.name, "removed", [])


def told(name: str, before: Any, after: Any, currency: str) -> tuple[str, str, str]:
    """Return a value before and after, as a file would write it."""
    return _NAMES.get(name, name), _shown(name, before, currency), _shown(name, after, currency)


def _different(
    before: ProductDetails | Variant, after: ProductDetails | Variant, names: Sequence[str]
) -> Iterator[tuple[str, Any, Any]]:
    for name in names:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield name, old, new


def _shown(name: str, value: Any, currency: str) -> str:
    if value is not None and name.endswith("_minor"):
        return str(to_amount(value, currency))
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return " / ".join(value)
    return "" if value is None else str(value)
