"""Whatever people and imports do to a product, in whatever order: it stays one product, and none loses its version."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from showfloor.kernel.refusal import Refusal
from showfloor.session.catalogue.domain import product_rules as rules
from showfloor.session.catalogue.domain.product import (
    PRODUCT,
    Product,
    ProductCreated,
    ProductImported,
    Variant,
    summed,
)

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
NAMED: dict[str, Any] = {"product_id": UUID(int=1), "shop_id": UUID(int=2), "reference": "m-1", "currency": "USD"}
SIZES = tuple(
    Variant(reference=size, values=(size,), price_minor=price, compare_at_minor=before, stock=stock)
    for size, price, before, stock in (("S", 1, 2, 1), ("M", 2, None, 0), ("L", 1, None, None))
)
SUMS = {"options", "price_minor", "compare_at_minor", "stock"}  # what follows from the variants
sizes = st.lists(st.sampled_from(SIZES), unique=True, max_size=3).map(tuple)
details = st.fixed_dictionaries({
    "title": st.sampled_from(["Mug", "Cup"]),
    "price_minor": st.integers(0, 3),
    "compare_at_minor": st.none() | st.integers(0, 4),
    "stock": st.none() | st.integers(0, 2),
    "variants": sizes,
})  # fmt: skip
parts = details.flatmap(
    lambda all_: st.sets(st.sampled_from(sorted(all_))).map(lambda some: {k: all_[k] for k in some})
)
steps = st.one_of(
    st.tuples(st.sampled_from(["import", "create"]), details, st.just(0)),
    st.tuples(st.just("update"), parts, st.integers(0, 6)),
    st.tuples(st.just("update"), st.fixed_dictionaries({"variants": sizes}), st.just(0)),
    st.tuples(st.sampled_from(["archive", "restore"]), st.just({}), st.integers(0, 6)),
)


def decided(state: Product, number: int, kind: str, what: dict[str, Any], seen: int) -> list[Any]:
    now = T0 + timedelta(seconds=number)
    if "variants" in what:
        what = what | {"options": ("Size",) if what["variants"] else ()}
    asked: dict[str, Any] = {"product_id": NAMED["product_id"], "now": now, "expected_version": seen}
    match kind:
        case "import":
            return rules.import_product(
                state,
                rules.ImportProduct(
                    product=ProductImported(at=now, category="K", **NAMED, **what), tells_variants=number % 2 == 0
                ),
            )
        case "create":
            product = ProductCreated(at=now, category="K", **NAMED, **what)
            return rules.create_product(state, rules.CreateProduct(product=product))
        case "update":
            return rules.update_product(state, rules.UpdateProduct(**asked, changes=tuple(what.items())))
        case "archive":
            return rules.archive_product(state, rules.ArchiveProduct(**asked))
        case _:
            return rules.restore_product(state, rules.RestoreProduct(**asked))


@given(st.lists(steps, max_size=12), st.none() | details)
def test_a_product_stays_one_product(story: list[Any], first: dict[str, Any] | None) -> None:
    state = PRODUCT.initial()
    if first is not None:  # most stories begin with a product
        story = [("create", first, 0), *story]
    for number, (kind, what, seen) in enumerate(story):
        before = state
        try:
            events = decided(state, number, kind, what, seen)
        except Refusal:
            events = []
        for event in events:
            state = PRODUCT.evolve(state, event)
        assert len(events) <= 1 and state.version == before.version + len(events)
        kept = state.kept
        if kept is None:
            assert before.kept is None and not state.archived
            continue
        assert summed(kept) == kept and bool(kept.options) == bool(kept.variants)
        assert kept.compare_at_minor is None or kept.compare_at_minor > kept.price_minor
        if before.archived:  # nothing but its return changes an archived product
            assert kept == before.kept and (state.archived or kind == "restore")
        if events and kind in ("update", "archive", "restore"):
            assert seen in (0, before.version)
            untold = {name: getattr(before.kept, name) for name in before.kept.__struct_fields__} if before.kept else {}
            changed = {name for name, value in untold.items() if getattr(kept, name) != value} - {"at"}
            assert changed <= (set(what) | SUMS if "variants" in what else set(what))
