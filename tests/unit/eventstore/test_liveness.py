"""A store says when its writer has ended: every command after that would wait for its deadline."""

from uuid import UUID

import pytest

from showfloor.eventstore.writer import Writer
from showfloor.kernel.refusal import Refusal
from showfloor.testing.ledger import LEDGER, deposit
from showfloor.testing.memory_log import memory_store


async def test_a_writer_that_has_ended_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    store = memory_store([LEDGER])
    assert store.alive()
    monkeypatch.setattr(Writer, "_take", lambda _writer: [])  # after the batch that it waits for now it ends
    await store.execute(LEDGER, UUID(int=1), deposit, 1)
    with pytest.raises(Refusal, match="no answer in time"):
        await store.execute(LEDGER, UUID(int=1), deposit, 1, timeout=0.2)
    assert not store.alive()
    await store.close()
