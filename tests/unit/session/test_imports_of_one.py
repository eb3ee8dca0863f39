"""One person's files do not keep everybody's waiting."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from showfloor.kernel.refusal import Refusal
from showfloor.service.allowing import ShopHome
from showfloor.session.imports.edges import runner
from showfloor.session.imports.edges.model import Job, Report, Upload
from showfloor.session.imports.edges.runner import MOST_OF_ONE, Imports

NOW = datetime(2026, 1, 2, tzinfo=UTC)
FILE = Upload(kind="catalogue", file_name="a.csv", sheet="", content=b"x")


class Table:
    """Jobs whose files take for ever to check."""

    def __init__(self) -> None:
        self.jobs: dict[UUID, Job] = {}

    async def get(self, job_id: UUID) -> Job | None:
        await asyncio.sleep(0)
        return self.jobs.get(job_id)

    async def running(self, shop_id: UUID) -> None:
        await asyncio.sleep(0)

    async def ready(self, shop_id: UUID) -> int:
        return 0

    def digest(self, upload: Any) -> bytes:
        return bytes(upload.content)

    async def add(self, job_id: UUID, shop: ShopHome, _upload: Any, digest: bytes, _hosts: Any) -> Job:
        await asyncio.sleep(0)
        self.jobs[job_id] = Job(
            import_id=job_id, shop_id=shop.shop_id, kind="catalogue", file_name="", sheet="", mapping=(), digest=digest,
            currency="USD", state="checking",
            report=Report(), position=0, detail="", created_at=NOW, expires_at=NOW, held=True,
        )  # fmt: skip
        return self.jobs[job_id]

    async def inside(self, job_id: UUID) -> Any:
        await asyncio.Event().wait()


async def test_of_one_person_few_files_are_checked_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "ANSWER_S", 0.0)
    table: Any = Table()
    monkeypatch.setattr(Imports, "_hold", lambda *_: asyncio.sleep(0))
    imports = Imports(None, table, None, lambda: NOW)  # type: ignore[arg-type]

    def send(who: str) -> Any:
        return imports.create(uuid4(), ShopHome(uuid4(), "USD"), FILE, {}, who)

    try:
        answers = await asyncio.gather(*(send("user:1") for _ in range(10)), return_exceptions=True)
        refused = [one.reason for one in answers if isinstance(one, Refusal)]
        assert refused == ["QUEUE_FULL"] * (10 - MOST_OF_ONE)
        assert (await send("user:2")).state == "checking"
    finally:
        await imports.close()
    assert (await send("user:1")).state == "checking"
    await imports.close()
