"""The events service as guests use it, and the host whose events they are invited to."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from mail_server import text_of

from showfloor.access.actor import Actor, ActorKind, Role
from showfloor.api.events.v1 import event_pb2
from showfloor.api.events.v1 import event_service_pb2 as ask
from showfloor.api.events.v1 import invitation_service_pb2 as pb
from showfloor.testing.members import Home, somebody
from showfloor.testing.service import Caller, Served

PAGES = "https://live.example.com/shop"
ACCOUNT, OTHER = (str(UUID(int=n)) for n in (1, 2))


def at(day: int) -> ask.EventTime:
    """Return an hour of the evening in Berlin, so many days from now."""
    date = (datetime.now(UTC) + timedelta(days=day)).date()
    return ask.EventTime(local_start=f"{date}T20:00", time_zone="Europe/Berlin", duration_minutes=60)


class Guests:
    """The service as somebody without sign-in uses it."""

    def __init__(self, served: Served) -> None:
        self.anyone: Caller = served.caller(Actor(subject="viewer:anonymous", kind=ActorKind.VIEWER))
        self.host, self.stranger = (
            served.caller(somebody(f"user:{n}", accounts={n: Role.HOST}, homes={n: Home(shop=n, currency="EUR")}))
            for n in (ACCOUNT, OTHER)
        )

    async def scheduled(self, day: int) -> event_pb2.LiveEvent:
        """Return an event of so many days from now."""
        said = {"request_id": uuid4().hex, "account_id": ACCOUNT, "title": "Tea", "time": at(day)}
        return (await self.host.ScheduleEvent(ask.ScheduleEventRequest(**said))).event  # type: ignore[no-any-return]

    async def register(self, event_id: str, email: str) -> None:
        await self.anyone.RequestInvitation(pb.RequestInvitationRequest(event_id=event_id, email=email))

    async def confirm(self, mail: Any) -> None:
        await self.anyone.ConfirmInvitation(pb.ConfirmInvitationRequest(code=code_in(mail, "confirm")))

    async def listed(self, event_id: str) -> pb.ListInvitationsResponse:
        request = pb.ListInvitationsRequest(event_id=event_id)
        return await self.host.ListInvitations(request)  # type: ignore[no-any-return]

    async def change(self, event_id: str, **more: Any) -> None:
        request = ask.UpdateEventRequest(request_id=uuid4().hex, event_id=event_id, **more)
        await self.host.UpdateEvent(request)


def code_in(mail: Any, act: str) -> str:
    """Return the code of a link of a mail."""
    found = re.search(rf"{PAGES}/e/[0-9a-f-]+/{act}\?code=(\S+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]
