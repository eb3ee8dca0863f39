"""What fails by itself holds up no other: a mail, a guest, what guests are told. Who lost the lease sends no more."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from showfloor.events.invitations.domain import invitation_rules as rules
from showfloor.events.invitations.domain.guest_list import GUEST_LIST, guest_list_stream
from showfloor.events.invitations.domain.invitation import INVITATION, Invitation, Mail, invitation_stream
from showfloor.events.invitations.processes.outbox import MailPutOff, MailServerAway, Notice, Outbox, Sent
from showfloor.eventstore.store import Store
from showfloor.kernel.event import Meta
from showfloor.testing.memory_log import memory_store

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
EVENTS = [UUID(int=n) for n in (1, 2)]
GUESTS = [invitation_stream(EVENTS[0], str(n)) for n in range(6)]
META = Meta(actor="test")


class World:
    """An outbox, six guests, what was sent, and which of the guests' streams cannot be read."""

    def __init__(self) -> None:
        self.store = memory_store((INVITATION, GUEST_LIST))
        self.sent: list[tuple[UUID, str]] = []
        self.notices: list[Notice] = []
        self.broken: set[UUID] = set()
        self.problems: dict[UUID, Exception] = {}
        self.holding = True

        async def notices(_limit: int) -> list[Notice]:
            return self.notices

        async def waiting(after: UUID | None, _limit: int) -> list[UUID]:
            return [] if after else GUESTS

        async def guests(_event: UUID, after: UUID | None, _limit: int) -> list[UUID]:
            return [] if after else GUESTS

        async def wait_for(_names: object, _position: int) -> None:
            pass

        views: Any = SimpleNamespace(handles=lambda _name: (), on_advance=lambda _listener: None, wait_for=wait_for)
        tables: Any = SimpleNamespace(notices=notices, waiting=waiting, guests=guests)
        reading: Any = Reading(self.store, self.broken)
        self.outbox = Outbox(reading, views, tables, self.deliver, lambda: nullcontext(self), lambda: T0)

    async def held(self) -> bool:
        return self.holding

    async def deliver(self, invitation: Invitation, mail: Mail) -> Sent:
        assert invitation.invitation_id
        if problem := self.problems.get(invitation.invitation_id):
            raise problem
        self.sent.append((invitation.invitation_id, mail.kind))
        return Sent("sent", 0)

    async def asked(self) -> None:
        for number, guest in enumerate(GUESTS):
            command = rules.RequestInvitation(
                invitation_id=guest, event_id=EVENTS[0], account_id=UUID(int=3), contact=str(number),
                email="ana@example.com", now=T0, confirm_within=timedelta(days=7),
            )  # fmt: skip
            await self.store.execute(INVITATION, guest, rules.request_invitation, command, META)

    async def confirmed(self) -> None:
        await self.asked()
        for guest in GUESTS:
            command = rules.ConfirmInvitation(round=1, now=T0)
            await self.store.execute(INVITATION, guest, rules.confirm_invitation, command, META)


class Reading:
    """A store in which some streams cannot be read."""

    def __init__(self, store: Store, broken: set[UUID]) -> None:
        self._store, self._broken = store, broken
        self.last_position = store.last_position

    async def load(self, decider: Any, stream: UUID) -> Any:
        assert stream not in self._broken, "a defect"
        return await self._store.load(decider, stream)

    async def execute(self, decider: Any, stream: UUID, *more: Any) -> Any:
        assert stream not in self._broken, "a defect"
        return await self._store.execute(decider, stream, *more)


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("problem", [MailPutOff("the server hung up"), ValueError("a defect")])
async def test_a_mail_that_cannot_go_holds_up_no_other(world: World, problem: Exception) -> None:
    await world.asked()
    world.problems[GUESTS[0]] = problem
    world.broken.add(GUESTS[1])
    await world.outbox.round(world)
    assert [guest for guest, _ in world.sent] == GUESTS[2:]
    assert world.outbox.problem == "2 are put off"
    world.problems.clear()
    await world.outbox.round(world)
    assert len(world.sent) == 4  # they are not tried at once


async def test_without_a_server_no_other_mail_is_tried(world: World) -> None:
    await world.asked()
    world.problems = {guest: MailServerAway("away") for guest in GUESTS}
    await world.outbox.round(world)
    assert world.outbox.problem == "the mail server is away: away"
    world.problems.clear()
    await world.outbox.round(world)
    assert sorted(guest for guest, _ in world.sent) == sorted(GUESTS)


async def test_a_guest_who_cannot_be_told_holds_up_no_other(world: World) -> None:
    await world.confirmed()
    world.notices = [Notice(EVENTS[0], "moved", 1), Notice(EVENTS[1], "moved", 1)]
    world.broken |= {GUESTS[0], guest_list_stream(EVENTS[1])}
    await world.outbox.round(world)
    assert {guest for guest, kind in world.sent if kind == "moved"} == set(GUESTS[1:])
    told = (await world.store.load(GUEST_LIST, guest_list_stream(EVENTS[0]))).state.told
    assert told == frozenset()  # it stays, for who was not told
    world.broken.clear()
    await world.outbox.round(world)
    for event in EVENTS:
        told = (await world.store.load(GUEST_LIST, guest_list_stream(event))).state.told
        assert told == {("moved", 1)}
    assert len(world.sent) == len(set(world.sent))


async def test_who_lost_the_lease_sends_no_more(world: World) -> None:
    await world.asked()
    world.holding = False
    assert await world.outbox.round(world) == 0
    assert world.sent == []
