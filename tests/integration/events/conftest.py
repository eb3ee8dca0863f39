"""The events service over real gRPC, PostgreSQL and NATS, with callers to ask it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from showfloor.access.actor import Role
from showfloor.api.common.v1.log_service_pb2 import ReadEventsRequest
from showfloor.api.events.v1 import event_pb2 as pb
from showfloor.api.events.v1 import event_service_pb2 as ask
from showfloor.api.events.v1 import events_events_pb2
from showfloor.events.config import Config
from showfloor.events.service import MIGRATIONS, SLICES, running
from showfloor.testing.members import Home, somebody
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

    async def scheduled(self, day: int, account: UUID = ACCOUNT, **more: Any) -> pb.LiveEvent:
        """An event of an hour at 20:00 in Berlin, so many days from now; more of its request may be said."""
        return (await self.user().ScheduleEvent(planned(day, account, **more))).event  # type: ignore[no-any-return]

    async def public(self) -> list[Any]:
        """The public events, as another service reads them from the log."""
        page = await self._served.reader().ReadEvents(ReadEventsRequest(after_position=0, limit=1000))
        return [getattr(events_events_pb2, one.type.rpartition(".")[2]).FromString(one.body) for one in page.events]


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
