"""Looking for sign-ins that have ended goes on, whatever goes wrong with one look."""

import asyncio
from typing import Any

import pytest

from showfloor.gateway.access import sign_ins as module
from showfloor.gateway.access.sign_ins import SignIns
from showfloor.kernel.clock import utc_now
from showfloor.testing.waiting import PATIENCE


async def test_a_defect_in_one_look_does_not_end_the_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", 0.01)
    stop, looks = asyncio.Event(), 0

    class Tables:
        async def fetch(self, *_: Any) -> list[Any]:
            nonlocal looks
            looks += 1
            if looks < 3:
                raise ValueError("a row that nobody expects")
            stop.set()
            return []

    tables: Any = Tables()
    async with asyncio.timeout(PATIENCE):
        await SignIns(tables, utc_now).watch(stop)
    assert looks == 3
