"""A service that is killed while it imports leaves all of the file or nothing, and the import says which."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from import_files import CATALOGUE, SHOP, applying, goods, settled, upload
from session_process import environment_of, ready, started

from showfloor.access.actor import Role
from showfloor.access.tokens import Signer
from showfloor.api.session.v1 import catalogue_service_pb2 as cat
from showfloor.api.session.v1 import catalogue_service_pb2_grpc, import_service_pb2_grpc
from showfloor.api.session.v1 import import_service_pb2 as pb
from showfloor.kernel.refusal import Refusal
from showfloor.rpc import channel
from showfloor.testing.members import somebody, write_members
from showfloor.testing.waiting import PATIENCE

ROWS = 1_500


@pytest.fixture
def environment(database: str, nats_server: Any, tmp_path: Path) -> dict[str, str]:
    return {**environment_of(database, nats_server, tmp_path), "SHOWFLOOR_IMPORT_LEASE_S": "2"}


class Owner:
    """The owner of the shop, asking one service after another."""

    def __init__(self, address: str, token: str) -> None:
        self.link = channel.connect(address)
        self._stubs = (
            import_service_pb2_grpc.ImportServiceStub(self.link),
            catalogue_service_pb2_grpc.CatalogueServiceStub(self.link),
        )
        self._token = token

    def __getattr__(self, method: str) -> Any:
        (stub,) = [stub for stub in self._stubs if hasattr(stub, method)]

        async def ask(request: Any) -> Any:
            return await channel.call(getattr(stub, method), request, timeout=20, token=self._token)

        return ask


@asynccontextmanager
async def serving(environment: dict[str, str], token: str) -> AsyncIterator[tuple[Any, Owner]]:
    process = await started(environment)
    http = int(environment["SHOWFLOOR_HTTP_LISTEN"].rpartition(":")[2])
    drains = [asyncio.create_task(pipe.read()) for pipe in (process.stdout, process.stderr) if pipe]
    owner = Owner(environment["SHOWFLOOR_LISTEN"], token)
    try:
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(ready, http):
                assert process.returncode is None, (await drains[1]).decode()[-2000:]
                await asyncio.sleep(0.05)
        yield process, owner
    finally:
        await owner.link.close()
        if process.returncode is None:
            process.kill()
        await process.wait()
        await asyncio.gather(*drains)


async def kept(owner: Owner) -> int:
    """Return how many products there are, through all pages of the list."""
    count, token = 0, ""
    while True:
        page = await owner.ListProducts(cat.ListProductsRequest(shop_id=SHOP, page_size=200, page_token=token))
        count, token = count + len(page.products), page.next_page_token
        if not token:
            return count


@pytest.mark.parametrize("seed", range(3))
async def test_killed_while_it_applies(environment: dict[str, str], tmp_path: Path, seed: int) -> None:
    owns = somebody("user:1", shops={SHOP: Role.OWNER}, currencies={SHOP: "USD"})
    write_members(environment["SHOWFLOOR_DATABASE_URL"], [owns])
    token = Signer(tmp_path / "key.json").sign(owns.actor)
    async with serving(environment, token) as (process, owner):
        answer = await owner.CreateImport(upload(goods(ROWS), CATALOGUE, hosts=[]))
        job = await settled(owner, getattr(answer, "import"))
        assert job.created == ROWS
        call = asyncio.create_task(owner.ApplyImport(applying(job, hosts=[])))
        await asyncio.sleep(random.Random(seed).uniform(0.0, 0.6))
        process.kill()
        await process.wait()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
    async with serving(environment, token) as (_, owner):
        job = await told(owner, job)
        whole = job.state == pb.IMPORT_STATE_APPLIED
        assert whole or job.state == pb.IMPORT_STATE_READY
        await owner.ListProducts(cat.ListProductsRequest(shop_id=SHOP, min_position=job.position))
        assert await kept(owner) == (ROWS if whole else 0)
        done = await settled(owner, getattr(await owner.ApplyImport(applying(job, hosts=[])), "import"))
        assert (done.state, done.created) == (pb.IMPORT_STATE_APPLIED, ROWS)
        await owner.ListProducts(cat.ListProductsRequest(shop_id=SHOP, min_position=done.position))
        assert await kept(owner) == ROWS


async def told(owner: Owner, job: Any) -> Any:
    """Return the import once the lease of the process that was killed is over."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                found = getattr(await owner.GetImport(pb.GetImportRequest(import_id=job.import_id)), "import")
                if found.state != pb.IMPORT_STATE_APPLYING:
                    return found
            except Refusal as refusal:
                assert refusal.reason != "IMPORT_NOT_FOUND"
            await asyncio.sleep(0.2)
