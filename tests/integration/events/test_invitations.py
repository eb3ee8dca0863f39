"""Invitations on real PostgreSQL, with a real mail server: each mail comes once, and none is lost."""

import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import icalendar
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from guests import PAGES, Guests, at, code_in
from mail_server import MailServer, calendar_of, mail_server, text_of

from showfloor.api.events.v1 import event_service_pb2 as ask
from showfloor.api.events.v1 import invitation_service_pb2 as pb
from showfloor.events.config import Config
from showfloor.events.invitations.edges import delivering
from showfloor.events.invitations.processes import outbox
from showfloor.events.service import MIGRATIONS, SLICES, running
from showfloor.kernel.refusal import Refusal
from showfloor.testing.ports import free_port
from showfloor.testing.service import Serve, Served
from showfloor.testing.waiting import eventually, until

Open = Callable[..., AbstractAsyncContextManager[Served]]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def open_service(served: Serve, port: int, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Runs the service; again on the same database."""
    monkeypatch.setenv("SHOWFLOOR_SESSION_ADDRESS", f"127.0.0.1:{free_port()}")
    told = {"smtp_url": f"smtp://127.0.0.1:{port}", "mail_from": "live@shop.example", "public_url": PAGES}
    return lambda **more: served(running, Config, MIGRATIONS, *SLICES.contracts, **told, **more)


async def came(server: MailServer, count: int) -> None:
    await eventually(lambda: len(server.came) >= count, f"{count} mails")


@pytest.mark.requirement("R103")
async def test_guests_are_told_of_each_thing_once(open_service: Open, port: int) -> None:
    async with mail_server(port) as server, open_service() as served:
        guests = Guests(served)
        event = await guests.scheduled(3)
        for _ in range(2):
            await guests.register(event.event_id, "Ana@example.com")
        await guests.register(event.event_id, "ana@EXAMPLE.com")
        await came(server, 1)
        assert f"\r\nList-Unsubscribe: <{PAGES}/e/{event.event_id}/unsubscribe?code=".encode() in server.raw[0]
        await guests.confirm(server.came[0])
        await guests.confirm(server.came[0])
        await guests.register(event.event_id, "ana@example.com")
        await came(server, 2)
        calendar = icalendar.Calendar.from_ical(calendar_of(server.came[1]))
        (first,) = calendar.walk("VEVENT")
        assert (calendar["method"], first["sequence"], str(first["url"])) == (
            "REQUEST", 0, f"{PAGES}/e/{event.event_id}",
        )  # fmt: skip
        await guests.change(event.event_id, description="More about it")  # nobody is told
        await guests.change(event.event_id, time=at(4))
        await came(server, 3)
        (moved,) = icalendar.Calendar.from_ical(calendar_of(server.came[2])).walk("VEVENT")
        assert (moved["uid"], moved["sequence"]) == (first["uid"], 1)
        assert moved.decoded("dtstart") - first.decoded("dtstart") == timedelta(days=1)
        request = ask.DeleteEventRequest(request_id=uuid4().hex, event_id=event.event_id)
        await guests.host.DeleteEvent(request)
        await came(server, 4)
        gone = icalendar.Calendar.from_ical(calendar_of(server.came[3]))
        assert (gone["method"], gone.walk("VEVENT")[0]["status"]) == ("CANCEL", "CANCELLED")
        with pytest.raises(Refusal, match="over or cancelled"):
            await guests.register(event.event_id, "bob@example.com")
        assert server.subjects() == ["Please confirm", "You are registered", "Changed", "Cancelled"]
        assert len({mail["Message-ID"] for mail in server.came}) == 4


@pytest.mark.requirement("R103")
async def test_who_unsubscribes_is_told_no_more(open_service: Open, port: int) -> None:
    async with mail_server(port) as server, open_service() as served:
        guests = Guests(served)
        event = await guests.scheduled(1)
        for number, name in enumerate(("ana", "bob", "cleo")):
            await guests.register(event.event_id, f"{name}@example.com")
            await came(server, number + 1)
        ana, bob, _ = server.came[:3]
        for mail in (ana, bob):
            await guests.confirm(mail)
        await came(server, 5)
        request = pb.DeclineInvitationRequest(code=code_in(ana, "unsubscribe"))
        for _ in range(2):
            await guests.anyone.DeclineInvitation(request)
        await guests.register(event.event_id, "ana@example.com")  # anybody could: no mail follows
        for bad in (code_in(ana, "confirm"), code_in(ana, "unsubscribe")[:-1] + "g", "x"):
            with pytest.raises(Refusal, match="not good"):
                await guests.anyone.ConfirmInvitation(pb.ConfirmInvitationRequest(code=bad))

        async def known() -> bool:
            return (await guests.listed(event.event_id)).unsubscribed == 1

        await until(known, "the list knows it")
        counts = await guests.listed(event.event_id)
        assert (counts.asked, counts.confirmed, counts.unsubscribed) == (1, 1, 1)
        assert sorted(one.masked_email for one in counts.invitations) == ["a…@e….com", "b…@e….com", "c…@e….com"]
        served.now.ahead = event.start_time.ToDatetime() - event.create_time.ToDatetime() - timedelta(minutes=5)
        await came(server, 6)
        assert server.subjects()[5:] == ["Starting soon"]
        assert "bob@example.com" in str(server.came[5]["To"])
        with pytest.raises(Refusal) as refused:
            await guests.stranger.ListInvitations(pb.ListInvitationsRequest(event_id=event.event_id))
        assert refused.value.reason == "EVENT_NOT_FOUND"


async def test_a_link_is_good_for_its_own_event_while_it_is_open(open_service: Open, port: int) -> None:
    async with mail_server(port) as server, open_service() as served:
        guests = Guests(served)
        event, other = await guests.scheduled(1), await guests.scheduled(2)
        await guests.register(event.event_id, "ana@example.com")
        await came(server, 1)
        codes = {act: code_in(server.came[0], act) for act in ("confirm", "unsubscribe")}
        with pytest.raises(Refusal, match="not good"):
            await guests.anyone.ConfirmInvitation(
                pb.ConfirmInvitationRequest(code=codes["confirm"], event_id=other.event_id)
            )
        with pytest.raises(Refusal, match="not good"):
            await guests.anyone.DeclineInvitation(
                pb.DeclineInvitationRequest(code=codes["unsubscribe"], event_id=other.event_id)
            )
        served.now.ahead = event.end_time.ToDatetime() - event.create_time.ToDatetime()
        own = {"code": codes["confirm"], "event_id": event.event_id}
        with pytest.raises(Refusal) as refused:
            await guests.anyone.ConfirmInvitation(pb.ConfirmInvitationRequest(**own))
        assert refused.value.reason == "REGISTRATION_CLOSED"
        own["code"] = codes["unsubscribe"]
        await guests.anyone.DeclineInvitation(pb.DeclineInvitationRequest(**own))


async def test_who_was_asked_often_is_asked_no_more_that_day(open_service: Open, port: int) -> None:
    async with mail_server(port) as server, open_service(invitations_asked=1) as served:
        guests = Guests(served)
        first, second = await guests.scheduled(1), await guests.scheduled(3)
        await guests.register(first.event_id, "ana@example.com")
        await came(server, 1)
        await guests.anyone.DeclineInvitation(pb.DeclineInvitationRequest(code=code_in(server.came[0], "unsubscribe")))
        await until(lambda: _ended(guests, first.event_id), "the mails are ended")
        for name in ("ana", "bob"):
            await guests.register(second.event_id, f"{name}@example.com")
        await came(server, 2)
        assert [str(mail["To"]) for mail in server.came] == ["ana@example.com", "bob@example.com"]
        served.now.ahead = timedelta(days=1, minutes=1)
        await guests.register(second.event_id, "ana@example.com")
        await came(server, 3)


async def _ended(guests: Guests, event_id: str) -> bool:
    return (await guests.listed(event_id)).unsubscribed == 1


async def test_a_server_that_is_away_is_waited_for(open_service: Open, port: int) -> None:
    async with open_service() as served:
        guests = Guests(served)
        event = await guests.scheduled(3)
        await guests.register(event.event_id, "ana@example.com")
        async with mail_server(port) as server:
            await came(server, 1)
            assert server.subjects() == ["Please confirm"]


async def test_one_refused_address_holds_up_no_other(
    open_service: Open, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MAIL_PAUSE", (0.05, 0.1))
    made = delivering.message_of

    def message_of(invitation: Any, *more: Any) -> Any:
        assert not invitation.email.startswith("odd"), "a defect"
        return made(invitation, *more)

    monkeypatch.setattr(delivering, "message_of", message_of)
    async with mail_server(port) as server, open_service() as served:
        guests = Guests(served)
        server.answer = lambda address: {"gone": "550 No such user", "full": "452 Full"}.get(address[:4], "")
        event = await guests.scheduled(3)
        for name in ("odd", "gone", "full", "good"):
            await guests.register(event.event_id, f"{name}@example.com")
        await came(server, 1)
        full = "full@example.com"
        await eventually(lambda: server.asked.count(full) > 1, "another try of the full mailbox")
        server.answer = lambda _address: ""
        await came(server, 2)
        assert server.subjects() == ["Please confirm"] * 2 and full in str(server.came[1]["To"])
        assert server.asked.count("gone@example.com") == 1  # refused for good: it is not tried again


async def test_a_mail_that_may_have_gone_is_known_again(open_service: Open, port: int) -> None:
    """The process ends after the server has taken a mail and before that is recorded."""
    async with mail_server(port) as server:
        server.hold.clear()
        async with open_service() as served:
            guests = Guests(served)
            event = await guests.scheduled(3)
            await guests.register(event.event_id, "ana@example.com")
            await came(server, 1)
        server.hold.set()
        async with open_service():
            await came(server, 2)
    first, second = server.came
    assert first["Message-ID"] == second["Message-ID"] and text_of(first) == text_of(second)
