"""The whole session service over real gRPC, PostgreSQL and NATS, with callers to ask it."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from showfloor.access.actor import Actor, ActorKind, Role, ViewerScope
from showfloor.access.tokens import Signer
from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.common.v1.log_service_pb2 import ReadEventsRequest
from showfloor.api.session.v1 import bag_service_pb2 as bag_pb
from showfloor.api.session.v1 import catalogue_service_pb2 as cat
from showfloor.api.session.v1 import product_pb2, session_events_pb2
from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.api.session.v1 import session_service_pb2 as ses
from showfloor.kernel.refusal import Refusal
from showfloor.session.config import Config
from showfloor.session.service import MIGRATIONS, SLICES, running
from showfloor.testing.members import Home, somebody
from showfloor.testing.service import Caller, Serve, Served

sys.path.insert(0, str(Path(__file__).parent))  # for the modules that tests share

SHOP, ACCOUNT, SECOND, FOREIGN_SHOP, FOREIGN = (UUID(int=n) for n in range(1, 6))
REPORT_AFTER = 0.2


class Service:
    """The running service and its world: a settable clock and callers of every kind."""

    def __init__(self, served: Served) -> None:
        self._served, self.now = served, served.now
        self.account = str(ACCOUNT)
        self.methods, self._caller = served.methods, served.caller
        self.operator, self.reader = served.operator, served.reader
        self.caller, self.directory = served.caller, served.directory

    def user(self, role: Role = Role.HOST, shop_role: Role = Role.OWNER) -> Caller:
        """A person of the shop and of both its accounts."""
        accounts = {str(ACCOUNT): role, str(SECOND): role}
        homes = {account: Home(shop=str(SHOP), currency="USD", affiliate=True) for account in accounts}
        usual = (role, shop_role) == (Role.HOST, Role.OWNER)
        name = "user:1" if usual else f"user:{role.value}:{shop_role.value}"
        return self._caller(
            somebody(
                name, accounts=accounts, shops={str(SHOP): shop_role}, homes=homes,
                currencies={str(SHOP): "USD"},
            )
        )  # fmt: skip

    def foreigner(self) -> Caller:
        """A person of another shop."""
        return self._caller(
            somebody(
                "user:2", accounts={str(FOREIGN): Role.HOST},
                shops={str(FOREIGN_SHOP): Role.OWNER},
                homes={str(FOREIGN): Home(shop=str(FOREIGN_SHOP), currency="USD")},
                currencies={str(FOREIGN_SHOP): "USD"},
            )
        )  # fmt: skip

    def viewer(self, session_id: str, ref: str = "v1") -> Caller:
        """A viewer of one session."""
        scope = ViewerScope(session_id=session_id, viewer_ref=ref)
        return self._caller(Actor(subject=f"viewer:{ref}", kind=ActorKind.VIEWER, viewer=scope))

    def connector(self, *scopes: str) -> Caller:
        """A system that reports facts of the account, by default also what was paid."""
        return self._caller(
            somebody(
                "service:shop", ActorKind.SERVICE, scopes=scopes or ("ingest", "payments"),
                accounts={str(ACCOUNT): Role.CONNECTOR},
            )
        )  # fmt: skip

    async def opened(self, host: Caller, account: UUID = ACCOUNT) -> pb.Session:
        """A new console."""
        request = ses.OpenSessionRequest(request_id=uuid4().hex, account_id=str(account), title="  Mugs 🏺 ")
        return (await host.OpenSession(request)).session  # type: ignore[no-any-return]

    async def catalogue(self, host: Caller, count: int = 3, **more: Any) -> list[str]:
        """The ids of `count` products at 9.99 with 2.5 % commission."""
        rows = [
            product_pb2.Product(
                reference=f"sku-{n}", title=f"Mug {n}", price=Money(minor=999, currency="USD"), commission_bps=250,
                in_showcase=True, **more,
            )
            for n in range(count)
        ]  # fmt: skip
        request = cat.ImportProductsRequest(request_id=uuid4().hex, shop_id=str(SHOP), products=rows)
        return list((await host.ImportProducts(request)).product_ids)

    async def on_air(self, host: Caller, products: int = 2) -> tuple[pb.Session, list[str]]:
        """A running LIVE and the ids of the products in its bag."""
        session, ids = await self.opened(host), await self.catalogue(host, products)
        me = {"session_id": session.session_id}
        source = product_pb2.PRODUCT_SOURCE_SHOWCASE
        await host.AddToBag(bag_pb.AddToBagRequest(request_id="bag", source=source, references=ids, **me))
        return (await host.GoLive(ses.GoLiveRequest(request_id="live", **me))).session, ids

    async def public(self, name: str) -> list[Any]:
        """The public events of a kind, as another service reads them from the log."""
        page = await self.reader().ReadEvents(ReadEventsRequest(after_position=0, limit=1000))
        found = [event for event in page.events if event.type == f"showfloor.api.session.v1.{name}"]
        return [getattr(session_events_pb2, name).FromString(event.body) for event in found]


@pytest.fixture
async def service(request: Any, served: Serve) -> AsyncIterator[Service]:
    """The service on a fresh database and broker. A test may parametrize it with more settings."""
    more = {"report_after_s": REPORT_AFTER, **getattr(request, "param", {})}
    async with served(running, Config, MIGRATIONS, *SLICES.contracts, **more) as one:
        yield Service(one)


@pytest.fixture
async def service_at(database: str) -> AsyncIterator[Callable[[str, Signer], Service]]:
    """`service_at(address, signer)` speaks to a service that runs as a process."""
    found: list[Served] = []

    def at(address: str, signer: Signer) -> Service:
        found.append(Served(address, signer, *SLICES.contracts, database=database))
        return Service(found[-1])

    yield at
    for one in found:
        await one.close()


@pytest.fixture
def refused() -> Callable[..., Awaitable[Refusal]]:
    """`await refused(call, reason)` asserts the refusal and returns it."""

    async def check(call: Awaitable[Any], reason: str) -> Refusal:
        try:
            answer = await call
        except Refusal as refusal:
            assert refusal.reason == reason, repr(refusal)
            return refusal
        raise AssertionError(f"not refused with {reason}: {answer}")

    return check


@pytest.fixture
def rid() -> Callable[[], str]:
    """A new request id at each call."""
    return lambda: uuid4().hex
