"""Addresses of guests go: when somebody has them erased, and 30 days after the event."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from guests import Guests

from showfloor.api.common.v1.operator_service_pb2 import GetStatusRequest, RebuildViewRequest
from showfloor.api.events.v1 import invitation_service_pb2 as pb
from showfloor.api.events.v1.event_service_pb2 import DeleteEventRequest
from showfloor.events.config import Config
from showfloor.events.invitations.views import invitations
from showfloor.events.service import MIGRATIONS, SLICES, running
from showfloor.kernel.refusal import Refusal
from showfloor.testing.canaries import found_in
from showfloor.testing.ports import free_port
from showfloor.testing.service import Serve, Served
from showfloor.testing.waiting import until

CANARY = "canary-7d1f20"


@pytest.fixture
async def service(served: Serve, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    """The service, whose mails are files."""
    monkeypatch.setenv("SHOWFLOOR_SESSION_ADDRESS", f"127.0.0.1:{free_port()}")
    async with served(running, Config, MIGRATIONS, *SLICES.contracts) as one:
        yield one


async def registered(guests: Guests, event_id: str, *names: str) -> list[pb.Invitation]:
    """Register addresses, and return who is listed once all are."""
    for name in names:
        await guests.register(event_id, f"{name}@example.com")

    async def listed() -> bool:
        return len((await guests.listed(event_id)).invitations) == len(names)

    await until(listed, "all are listed")
    return list((await guests.listed(event_id)).invitations)


async def settled(served: Served) -> None:
    """Return once no mail is due."""

    async def done() -> bool:
        parts = (await served.operator().GetStatus(GetStatusRequest())).parts
        return all(part.lag == 0 for part in parts if part.kind in ("mails", "view"))

    await until(done, "the mails are written")


def masks(found: Any) -> list[str]:
    return sorted(one.masked_email for one in found.invitations)


@pytest.mark.requirement("D20")
async def test_an_erased_address_is_read_nowhere_any_more(service: Served, tmp_path: Path) -> None:
    guests = Guests(service)
    one, two = await guests.scheduled(2), await guests.scheduled(4)
    first = await registered(guests, one.event_id, CANARY, "bob")
    await registered(guests, two.event_id, CANARY)
    await settled(service)
    mails = tmp_path / "mail"
    assert len(found_in(mails, CANARY)) == 2  # without a mail server they are files
    chosen = next(guest for guest in first if guest.masked_email.startswith("c"))
    ask = {"request_id": uuid4().hex, "event_id": one.event_id, "invitation_id": chosen.invitation_id}
    with pytest.raises(Refusal) as foreign:
        await guests.stranger.EraseContact(pb.EraseContactRequest(**ask))
    assert foreign.value.reason == "EVENT_NOT_FOUND"
    with pytest.raises(Refusal) as elsewhere:
        await guests.host.EraseContact(pb.EraseContactRequest(**{**ask, "event_id": two.event_id}))
    assert elsewhere.value.reason == "INVITATION_NOT_FOUND"
    assert (await guests.host.EraseContact(pb.EraseContactRequest(**ask))).keys == 2
    assert (await guests.host.EraseContact(pb.EraseContactRequest(**ask))).keys == 0
    assert masks(await guests.listed(one.event_id)) == ["", "b…@e….com"]
    assert masks(await guests.listed(two.event_id)) == [""]
    assert found_in(mails, CANARY) == [] and found_in(mails, "bob@")

    async def ended() -> bool:
        return (await guests.listed(two.event_id)).unsubscribed == 1

    await until(ended, "the mails are ended")
    service.now.ahead = timedelta(days=1, minutes=1)
    await guests.register(two.event_id, f"{CANARY}@example.com")  # their own wish, a day later

    async def known_again() -> bool:
        return masks(await guests.listed(two.event_id)) == ["c…@e….com"]

    await until(known_again, "the address is known again")


@pytest.mark.requirement("D20")
async def test_a_registration_of_a_moment_ago_is_erased_too(service: Served, database: str) -> None:
    guests = Guests(service)
    one, two = await guests.scheduled(2), await guests.scheduled(4)
    (chosen,) = await registered(guests, one.event_id, CANARY)
    await guests.host.DeleteEvent(DeleteEventRequest(request_id=uuid4().hex, event_id=one.event_id))
    assert masks(await guests.listed(one.event_id)) == ["c…@e….com"]  # addresses of a deleted event are found, too
    with psycopg.connect(database) as other:
        other.execute(f"LOCK TABLE {invitations.VIEW.schema}.invitation IN EXCLUSIVE MODE")  # nobody writes it now
        await guests.register(two.event_id, f"{CANARY}@example.com")
        ask = {"request_id": uuid4().hex, "event_id": one.event_id, "invitation_id": chosen.invitation_id}
        erasing = asyncio.create_task(guests.host.EraseContact(pb.EraseContactRequest(**ask)))
        await asyncio.wait({erasing}, timeout=0.3)
    assert (await erasing).keys == 2

    async def ended() -> bool:
        return (await guests.listed(two.event_id)).unsubscribed == 1

    await until(ended, "the mails of the newest registration are ended")


@pytest.mark.requirement("D20")
async def test_addresses_are_forgotten_30_days_after_an_event(service: Served, tmp_path: Path, database: str) -> None:
    guests = Guests(service)
    event = await guests.scheduled(1)
    await registered(guests, event.event_id, CANARY)
    await settled(service)
    end = event.end_time.ToDatetime() - event.create_time.ToDatetime()
    service.now.ahead = end + timedelta(days=29)
    assert masks(await guests.listed(event.event_id)) == ["c…@e….com"]
    service.now.ahead = end + timedelta(days=30, minutes=1)

    async def gone() -> bool:
        return masks(await guests.listed(event.event_id)) == [""]

    await until(gone, "the address is forgotten")
    assert found_in(tmp_path / "mail", CANARY) == []
    with psycopg.connect(database) as connection:  # it never lay there
        rows = connection.execute("SELECT convert_from(state, 'UTF8') FROM stored_events").fetchall()
    assert rows and not [row for row in rows if CANARY in str(row)]
    for view in ("invitations", "notices"):
        asked = RebuildViewRequest(view=view, compare=True)
        told = [one async for one in service.operator().stream("RebuildView", asked)][-1]
        assert told.swapped and told.replaced == told.fingerprint
