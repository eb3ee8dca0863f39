"""An import that an outage stops keeps nothing, and comes whole when it is sent again."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from showfloor.eventstore.log import LogUnavailable
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.catalogue.commands import import_products
from showfloor.session.catalogue.domain.product import PRODUCT, ProductImported
from showfloor.testing.memory_log import memory_store

PRODUCTS = [
    ProductImported(
        at=datetime(2026, 5, 1, 20, tzinfo=UTC), product_id=UUID(int=n), shop_id=UUID(int=99), reference=f"m-{n}",
        title="Mug", category="Kitchen", price_minor=999, currency="USD", label="new",
    )
    for n in range(1, 6)
]  # fmt: skip


async def test_products_that_an_outage_cut_off_come_with_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("showfloor.eventstore.group.PATIENCE", 0.1)
    store = memory_store([PRODUCT])

    def away(*_args: Any) -> Any:
        raise LogUnavailable("away")

    with monkeypatch.context() as outage:
        outage.setattr(store.log, "append", away)
        with pytest.raises(Refusal) as refused:
            await import_products(store, PRODUCTS, Meta())
        assert refused.value.kind is RefusalKind.UNAVAILABLE
        assert await store.read_log(0) == []
    again = await import_products(store, PRODUCTS, Meta())
    assert [one.state.kept for one in again] == PRODUCTS
    assert [one.event.reference for one in await store.read_log(0)] == [one.reference for one in PRODUCTS]  # type: ignore[attr-defined]
    await store.close()
