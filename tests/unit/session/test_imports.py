"""An import that an outage cut short is made good by sending it again."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from showfloor.eventstore.log import LogUnavailable
from showfloor.eventstore.store import Store
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.commands.catalogue import import_products
from showfloor.session.domain.product import PRODUCT, ProductKept

PRODUCTS = [
    ProductKept(
        at=datetime(2026, 5, 1, 20, tzinfo=UTC), product_id=UUID(int=n), shop_id=UUID(int=99), reference=f"m-{n}",
        request_id="r1", title="Mug", category="Kitchen", price_minor=999, currency="USD", label="new",
    )
    for n in range(1, 6)
]  # fmt: skip


async def test_products_that_an_outage_cut_off_come_with_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("showfloor.eventstore.writer.MAX_COMMANDS", 2)  # per commit
    monkeypatch.setattr("showfloor.eventstore.writer.PATIENCE", 0.1)
    store = Store.memory([PRODUCT])
    append, commits = store.log.append, 0

    def once(rows: Any) -> Any:
        nonlocal commits
        commits += 1
        if commits > 1:
            raise LogUnavailable("away")
        return append(rows)

    with monkeypatch.context() as outage:
        outage.setattr(store.log, "append", once)
        with pytest.raises(Refusal) as refused:
            await import_products(store, PRODUCTS, Meta())
        assert refused.value.kind is RefusalKind.UNAVAILABLE
        assert 0 < len(await store.read_log(0)) < len(PRODUCTS)
    again = await import_products(store, PRODUCTS, Meta())
    assert [one.state.kept for one in again] == PRODUCTS
    assert sorted(one.event.reference for one in await store.read_log(0)) == [one.reference for one in PRODUCTS]  # type: ignore[attr-defined]
    await store.close()
