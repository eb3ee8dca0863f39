"""Whoever has very many owners gets the lists that somebody with a few gets: another way to the same rows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.access.actor import Role
from showfloor.access.membership import lists
from showfloor.access.membership.relations import Home
from showfloor.api.session.v1 import analytics_service_pb2 as analytics_pb
from showfloor.api.session.v1 import session_pb2
from showfloor.session.analytics.edges.rpc_analytics import AnalyticsCalls
from showfloor.session.show.domain.policy import Policy
from showfloor.testing.members import somebody

ACCOUNT, SHOP, OTHER_ACCOUNT, OTHER_SHOP = (UUID(int=at) for at in (101, 102, 103, 104))
HOMES = {
    str(ACCOUNT): Home(shop=str(SHOP), currency="USD"),
    str(OTHER_ACCOUNT): Home(shop=str(OTHER_SHOP), currency="USD"),
}
PEOPLE = {
    "host": somebody("user:host", accounts={str(ACCOUNT): Role.HOST}, homes=HOMES),
    "owner": somebody("user:owner", shops={str(OTHER_SHOP): Role.OWNER}, homes=HOMES),
    "both": somebody(
        "user:both", accounts={str(ACCOUNT): Role.ANALYST}, shops={str(OTHER_SHOP): Role.STAFF}, homes=HOMES
    ),
    "nobody": somebody("user:nobody", homes=HOMES),
}


async def some_sessions(world: Any) -> None:
    for number in range(8):
        account = ACCOUNT if number % 2 else OTHER_ACCOUNT
        start = world.now - timedelta(hours=number)
        await world.live(UUID(int=number + 1), title=f"Evening {number}", account=account, start=start)
    await world.settle()


def asked(world: Any) -> list[analytics_pb.ListSessionsRequest]:
    """Return requests of every filter."""
    request = analytics_pb.ListSessionsRequest
    within = request()
    within.start_from.FromDatetime(world.now - timedelta(hours=5))
    within.start_until.FromDatetime(world.now - timedelta(hours=1))
    return [
        request(),
        request(query="evening 3"),
        request(account_ids=[str(ACCOUNT)]),
        request(account_ids=[str(ACCOUNT), str(OTHER_ACCOUNT)], states=[session_pb2.SESSION_STATE_LIVE]),
        request(states=[session_pb2.SESSION_STATE_LIVE, session_pb2.SESSION_STATE_ENDED]),
        request(states=[session_pb2.SESSION_STATE_ENDED]),
        within,
    ]


async def pages(world: Any, request: analytics_pb.ListSessionsRequest) -> list[str]:
    """Return the titles of all pages."""
    found: list[str] = []
    one = analytics_pb.ListSessionsRequest()
    one.CopyFrom(request)
    one.page_size = 2
    while True:
        answer = await AnalyticsCalls(world.reads, Policy()).ListSessions(one, None)
        found += [row.session.title for row in answer.sessions]
        if not answer.next_page_token:
            return found
        one.page_token = answer.next_page_token


@pytest.mark.parametrize("who", PEOPLE)
async def test_very_many_owners_list_what_few_do(
    world: Any, acting: Callable[..., None], monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    await some_sessions(world)

    async def everything() -> list[list[str]]:
        acting("ListSessions", PEOPLE[who])
        return [await pages(world, request) for request in asked(world)]

    few = await everything()
    monkeypatch.setattr(lists, "FEW", -1)
    assert await everything() == few
    assert len(few[0]) == {"host": 4, "owner": 4, "both": 8, "nobody": 0}[who]


@pytest.mark.parametrize("who", PEOPLE)
async def test_very_many_owners_list_the_same_days(
    world: Any, acting: Callable[..., None], monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    for number, account in enumerate((ACCOUNT, OTHER_ACCOUNT), 1):
        await world.live(UUID(int=number), account=account)
        await world.reported(UUID(int=number), gmv=number)
    await world.settle()

    async def days() -> list[str]:
        acting("ListDailyTotals", PEOPLE[who])
        answer = await AnalyticsCalls(world.reads, Policy()).ListDailyTotals(
            analytics_pb.ListDailyTotalsRequest(), None
        )
        return [str(day) for day in answer.days]

    few = await days()
    monkeypatch.setattr(lists, "FEW", -1)
    assert await days() == few
    assert len(few) == {"host": 1, "owner": 1, "both": 2, "nobody": 0}[who]
