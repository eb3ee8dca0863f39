"""What is remembered of a membership, for how long, and who waits for it."""

import asyncio
from typing import Any

import pytest

from showfloor.access.actor import Role
from showfloor.access.membership.members import Members
from showfloor.access.membership.relations import About
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.testing.waiting import PATIENCE

_HOME = ("known", "home_shop", "home_creator", "home_currency", "affiliate", "shop_currency")
_ROLES = ("account_role", "shop_role", "creator_role", "partner_role", "owner_role", "works_for_shop")
ROW: dict[str, Any] = dict.fromkeys((*_HOME, *_ROLES, "bound", "owns", "grants"))
HERE = About(account="a")


class Tables:
    """Answers like the tables, as often as it is asked."""

    def __init__(self) -> None:
        self.role, self.asked, self.held = "host", 0, asyncio.Event()
        self.held.set()

    async def fetch_one(self, sql: str, values: Any) -> dict[str, Any]:
        self.asked += 1
        row = {**ROW, "account_role": self.role}
        await self.held.wait()
        return row

    async def fetch(self, sql: str, values: Any) -> list[dict[str, Any]]:
        self.asked += 1
        return []


class Clock:
    """Seconds that pass when a test says so."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def tables() -> Tables:
    return Tables()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def members(tables: Any, clock: Clock) -> Members:
    return Members(tables, 30.0, clock)


async def test_what_was_asked_once_costs_no_question_more(members: Members, tables: Tables) -> None:
    for _ in range(3):
        assert (await members.relations("user:1", HERE)).account == (Role.HOST,)
        await members.scope("user:1")
    assert tables.asked == 3  # what they are, whose things they list, which grants they have
    await members.relations("user:2", HERE)
    assert tables.asked == 4


async def test_it_is_asked_again_when_the_directory_has_moved(members: Members, tables: Tables) -> None:
    await members.relations("user:1", HERE)
    tables.role = "analyst"
    members.advanced(7)
    assert (await members.relations("user:1", HERE)).account == (Role.ANALYST,)


async def test_an_answer_older_than_a_change_is_not_kept(members: Members, tables: Tables) -> None:
    tables.held.clear()
    asking = asyncio.create_task(members.relations("user:1", HERE))
    await asyncio.sleep(0)
    tables.role = "analyst"
    members.advanced(7)
    tables.held.set()
    assert (await asking).account == (Role.HOST,)
    assert (await members.relations("user:1", HERE)).account == (Role.ANALYST,)


async def test_a_call_waits_for_what_its_token_names(members: Members) -> None:
    waiting = asyncio.create_task(members.reached(7))
    await asyncio.wait_for(members.wanted.wait(), PATIENCE)  # whoever follows the directory is woken
    members.advanced(6)
    await asyncio.sleep(0)
    assert not waiting.done()
    members.advanced(7)
    await waiting
    await members.reached(7)


async def test_it_waits_no_longer_than_a_second(members: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("showfloor.access.membership.members.WAIT_S", 0.0)
    with pytest.raises(Refusal) as refused:
        await members.reached(1)
    assert (refused.value.kind, refused.value.reason) == (RefusalKind.UNAVAILABLE, "MEMBERSHIP_BEHIND")


async def test_changes_are_refused_once_the_directory_is_silent(members: Members, clock: Clock) -> None:
    clock.now += 30
    members.must_be_fresh()
    clock.now += 1
    with pytest.raises(Refusal) as refused:
        members.must_be_fresh()
    assert (refused.value.kind, refused.value.reason) == (RefusalKind.UNAVAILABLE, "MEMBERSHIP_STALE")
    members.heard(3)
    members.must_be_fresh()
    assert members.position == 3


async def test_it_is_behind_by_what_calls_have_named(members: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("showfloor.access.membership.members.WAIT_S", 0.0)
    members.advanced(4)
    with pytest.raises(Refusal):
        await members.reached(9)
    assert members.lag == 5
    members.advanced(7)
    assert members.lag == 2
    members.heard(7)  # there is no more: who named more knew another directory
    assert members.lag == 0


async def test_a_directory_is_heard_anew_by_a_question_of_now(members: Members) -> None:
    waiting = asyncio.create_task(members.heard_anew())
    await asyncio.wait_for(members.wanted.wait(), PATIENCE)
    members.heard(3)  # asked before
    members.wanted.clear()
    await asyncio.wait_for(members.wanted.wait(), PATIENCE)
    assert not waiting.done()
    members.heard(3)
    await waiting


async def test_a_directory_that_is_away_is_not_heard(members: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("showfloor.access.membership.members.WAIT_S", 0.0)
    with pytest.raises(Refusal) as refused:
        await members.heard_anew()
    assert (refused.value.kind, refused.value.reason) == (RefusalKind.UNAVAILABLE, "MEMBERSHIP_BEHIND")
