"""Files to import, and what tests of imports ask again and again."""

import asyncio
from typing import Any
from uuid import uuid4

from showfloor.api.session.v1 import import_service_pb2 as pb
from showfloor.testing.waiting import PATIENCE

SHOP, ACCOUNT, SECOND, FOREIGN_SHOP, FOREIGN = (f"00000000-0000-0000-0000-{n:012d}" for n in range(1, 6))
HISTORY, CATALOGUE = pb.IMPORT_KIND_HISTORY, pb.IMPORT_KIND_CATALOGUE
HOSTS = [pb.ImportHost(name="Ana", account_id=ACCOUNT), pb.ImportHost(name="Bea", account_id=SECOND)]
HEAD = "session,host,started_at,duration_s,gmv_usd,views,title\n"


def past(reference: str, host: str = "Ana", gmv: str = "10.50", views: str = "7", **more: str) -> str:
    known = {"at": "2026-03-01T20:00:00+07:00", "seconds": "3600", "title": "Night", **more}
    return f"{reference},{host},{known['at']},{known['seconds']},{gmv},{views},{known['title']}\n"


def goods(count: int, **odd: str) -> str:
    rows = [f"sku-{n:04d},Item {n},Home,{odd.get(f'p{n}', '15')}\n" for n in range(count)]
    return "product,title,category,price_usd\n" + "".join(rows)


def upload(text: str | bytes, kind: Any = HISTORY, *, key: str = "", hosts: Any = None, **more: Any) -> Any:
    content = text.encode() if isinstance(text, str) else text
    return pb.CreateImportRequest(
        request_id=key or uuid4().hex, shop_id=SHOP, kind=kind, file_name="file.csv", content=content,
        hosts=HOSTS if hosts is None else hosts, **more,
    )  # fmt: skip


async def checked(caller: Any, text: str | bytes, kind: Any = HISTORY, **more: Any) -> Any:
    return await settled(caller, getattr((await caller.CreateImport(upload(text, kind, **more))), "import"))


async def settled(caller: Any, job: Any) -> Any:
    async with asyncio.timeout(PATIENCE):
        while True:
            found = getattr(await caller.GetImport(pb.GetImportRequest(import_id=job.import_id)), "import")
            if found.state not in (pb.IMPORT_STATE_CHECKING, pb.IMPORT_STATE_APPLYING):
                return found
            await asyncio.sleep(0.05)


def applying(job: Any, *, key: str = "", hosts: Any = None, **more: Any) -> Any:
    return pb.ApplyImportRequest(
        request_id=key or uuid4().hex, import_id=job.import_id, hosts=HOSTS if hosts is None else hosts, **more
    )


async def applied(caller: Any, job: Any, **more: Any) -> Any:
    return await settled(caller, getattr(await caller.ApplyImport(applying(job, **more)), "import"))
