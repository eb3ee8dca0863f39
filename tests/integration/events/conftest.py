"""The events service over real gRPC, PostgreSQL and NATS, with callers to ask it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from showfloor.access.actor import Role
from showfloor.api.common.v1.log_service_pb2 import ReadEventsRequest
from showfloor.api.events.v1 import event_pb2 as pb
from showfloor.api.events.v1 import event_service_pb2 as ask
from showfloor.api.events.v1 import events_events_pb2
from showfloor.api.session.v1.session_events_pb2 import SessionEnded, WentLive
from showfloor.events.config import Config
from showfloor.events.service import MIGRATIONS, SLICES, running
from showfloor.messaging.bus import StreamSpec
from showfloor.messaging.nats_bus import NatsBus
from showfloor.messaging.public import PublicEvent, PublicMessage, stream_of, subject_of, to_outgoing
from showfloor.rpc.fields import stamp
from showfloor.testing.members import Home, somebody
from showfloor.testing.nats import NatsServer
from showfloor.testing.ports import free_port
from showfloor.testing.service import Caller, Serve, Served

SHOP, ACCOUNT, SECOND, FOREIGN_SHOP, FOREIGN = (UUID(int=n) for n in range(1, 6))


class Service:
    """The running service and its world: a settable clock and callers."""

    def __init__(self, served: Served) -> None:
        self._served, self.now = served, served.now

    def user(self, role: Role = Role.HOST) -> Caller:
        """A person of two accounts of a shop."""
        accounts = {str(ACCOUNT): role, str(SECOND): role}
        homes = {account: Home(shop=str(SHOP), currency="USD") for account in accounts}
        return self._served.caller(somebody(f"user:{role.value}", accounts=accounts, homes=homes))

    def foreigner(self) -> Caller:
        """A person of another shop."""
        homes = {str(FOREIGN): Home(shop=str(FOREIGN_SHOP), currency="USD")}
        return self._served.caller(somebody("user:2", accounts={str(FOREIGN): Role.HOST}, homes=homes))

    def with_accounts(self, many: int, but: UUID | None = None) -> Caller:
        """A person of very many accounts, the two of the shop among them."""
        accounts = {str(UUID(int=number)): Role.HOST for number in range(2, many + 2) if UUID(int=number) != but}
        return self._served.caller(somebody(f"user:many:{but}", accounts=accounts))

    async def scheduled(self, day: int, account: UUID = ACCOUNT, **more: Any) -> pb.LiveEvent:
        """An event of an hour at 20:00 in Berlin, so many days from now; more of its request may be said."""
        return (await self.user().ScheduleEvent(planned(day, account, **more))).event  # type: ignore[no-any-return]

    async def public(self) -> list[Any]:
        """The public events, as another service reads them from the log."""
        page = await self._served.reader().ReadEvents(ReadEventsRequest(after_position=0, limit=1000))
        told = [(one.type.rpartition(".")[2], one.body) for one in page.events if ".events." in one.type]
        return [getattr(events_events_pb2, name).FromString(body) for name, body in told]


class Sessions:
    """What the session service tells on the broker: its stream, filled by the test."""

    def __init__(self, bus: NatsBus) -> None:
        self.bus, self.position = bus, 0

    async def tell(self, said: Any) -> None:
        """Publish a public event."""
        spec = StreamSpec(name=stream_of("session"), subjects=(subject_of("session"),), max_bytes=2**20)
        await self.bus.ensure_stream(spec)
        event = PublicEvent(said.DESCRIPTOR.full_name, said.session_id, said.SerializeToString(), datetime.now(UTC))
        message = PublicMessage("session", self.position + 1, self.position, event)
        await self.bus.publish(to_outgoing(message))
        self.position += 1

    async def live(self, session_id: str, time: datetime, account: UUID = ACCOUNT) -> None:
        """Tell that a session went on air."""
        await self.tell(WentLive(session_id=session_id, account_id=str(account), start_time=stamp(time)))

    async def ended(self, session_id: str, time: datetime, account: UUID = ACCOUNT) -> None:
        """Tell that a session ended."""
        await self.tell(SessionEnded(session_id=session_id, account_id=str(account), end_time=stamp(time)))


def at(day: int, clock: str = "20:00", minutes: int = 60) -> ask.EventTime:
    """A time in Berlin, so many days from now."""
    date = (datetime.now(UTC) + timedelta(days=day)).date()
    return ask.EventTime(local_start=f"{date}T{clock}", time_zone="Europe/Berlin", duration_minutes=minutes)


def planned(day: int, account: UUID = ACCOUNT, **more: Any) -> ask.ScheduleEventRequest:
    """A request for an event."""
    said = {"request_id": uuid4().hex, "account_id": str(account), "title": f"Show {day}", "time": at(day), **more}
    return ask.ScheduleEventRequest(**said)


@pytest.fixture
async def service(served: Serve, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    """The service on a fresh database and broker. The session service tells by the broker alone."""
    monkeypatch.setenv("SHOWFLOOR_SESSION_ADDRESS", f"127.0.0.1:{free_port()}")
    async with served(running, Config, MIGRATIONS, *SLICES.contracts) as one:
        yield Service(one)


@pytest.fixture
async def bus(nats_server: NatsServer) -> AsyncIterator[NatsBus]:
    """This test's broker."""
    made = await NatsBus.connect(nats_server.url, name="test")
    yield made
    await made.close()


@pytest.fixture
def sessions(bus: NatsBus) -> Sessions:
    """The session service, as far as others hear it."""
    return Sessions(bus)


@pytest.fixture
def plan() -> Any:
    """Makes requests for events, and times of them."""
    return SimpleNamespace(event=planned, at=at)
