"""One answer for all who ask at the same time, and for none who may not see it."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from showfloor.access.actor import Actor, Role
from showfloor.access.policy import authorize
from showfloor.access.resources import Session as Resource
from showfloor.api.session.v1.board_service_pb2 import GetBoardRequest, GetBoardResponse
from showfloor.api.session.v1.session_pb2 import SESSION_STATE_LIVE, Session
from showfloor.gateway.http import single_flight
from showfloor.gateway.http.single_flight import SingleFlight
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.testing.members import Members, somebody

ACCOUNT, SESSION = str(uuid4()), str(uuid4())
FRESH = 0.5


MEMBERS = Members()


def user(name: str, *accounts: str) -> Actor:
    one = somebody(f"user:{name}", accounts=dict.fromkeys(accounts, Role.HOST))
    MEMBERS.known[one.actor.subject] = one
    return one.actor


class Service:
    """The session service: answers those who may, each time with one comment more."""

    def __init__(self, fresh: float = FRESH) -> None:
        self.asked: list[str] = []
        self.away = False
        self.actors: dict[str, Actor] = {}
        self.boards = SingleFlight(self.ask, "GetBoard", GetBoardRequest, fresh, MEMBERS)

    async def ask(self, rpc: str, request: Any, token: str) -> GetBoardResponse:
        self.asked.append(token)
        await asyncio.sleep(0)
        if self.away:
            raise Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", "away")
        await authorize(self.actors[token], rpc, Resource(id=request.session_id, account=ACCOUNT), MEMBERS)
        return GetBoardResponse(
            session=Session(
                session_id=request.session_id, account_id=ACCOUNT, state=SESSION_STATE_LIVE, version=len(self.asked)
            )
        )

    async def read(self, actor: Actor) -> int:
        """Return which answer it was."""
        self.actors[actor.subject] = actor
        body = await self.boards.read(SESSION, actor, lambda actor: actor.subject)
        return int(json.loads(body)["session"]["version"])


async def refused(reading: Any) -> str:
    with pytest.raises(Refusal) as caught:
        await reading
    assert caught.value.kind is RefusalKind.NOT_FOUND
    return caught.value.reason


@pytest.fixture
def service() -> Service:
    return Service()


async def test_many_at_once_are_one_question(service: Service) -> None:
    hosts = [user(f"host {number}", ACCOUNT) for number in range(50)]
    assert set(await asyncio.gather(*(service.read(host) for host in hosts))) == {1}
    assert await service.read(hosts[0]) == 1
    assert len(service.asked) == 1


async def test_an_answer_is_good_for_half_a_second(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(single_flight.time, "monotonic", lambda: now)
    host = user("host", ACCOUNT)
    assert await service.read(host) == 1
    now += FRESH - 0.001
    assert await service.read(host) == 1
    now += 0.001
    assert await service.read(host) == 2


async def test_a_stranger_gets_nothing_that_was_read_for_others(service: Service) -> None:
    host, stranger = user("host", ACCOUNT), user("stranger", str(uuid4()))
    await service.read(host)
    assert await refused(service.read(stranger)) == "SESSION_NOT_FOUND"
    assert len(service.asked) == 1


async def test_a_stranger_who_asks_first_spoils_it_for_nobody(service: Service) -> None:
    host, stranger = user("host", ACCOUNT), user("stranger", str(uuid4()))
    first = asyncio.create_task(refused(service.read(stranger)))
    await asyncio.sleep(0)
    assert await service.read(host) == 2
    assert await first == "SESSION_NOT_FOUND"


async def test_who_lost_a_role_sees_nothing_from_then_on(service: Service) -> None:
    await service.read(user("host", ACCOUNT))
    assert await refused(service.read(user("host"))) == "SESSION_NOT_FOUND"


async def test_a_caller_who_leaves_takes_the_answer_from_nobody(service: Service) -> None:
    leaving = asyncio.create_task(service.read(user("one", ACCOUNT)))
    await asyncio.sleep(0)
    staying = asyncio.create_task(service.read(user("two", ACCOUNT)))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 1
    assert len(service.asked) == 1


async def test_what_must_be_new_is_never_older_than_its_question() -> None:
    service = Service(fresh=0)
    hosts = [user(f"host {number}", ACCOUNT) for number in range(50)]
    first = asyncio.create_task(service.read(hosts[0]))
    await asyncio.sleep(0)  # the first one is asking; the others wait for it, and go together with the next
    assert set(await asyncio.gather(*(service.read(host) for host in hosts[1:]))) == {2}
    assert await first == 1
    assert [await service.read(hosts[0]) for _ in range(3)] == [3, 4, 5]
    assert len(service.asked) == 5


async def test_nobody_waits_for_what_is_over() -> None:
    service = Service(fresh=0)

    async def reading(number: int) -> None:
        for turns in range(20):
            for _ in range((number + turns) % 6):  # so that some come just when an answer is there
                await asyncio.sleep(0)
            asked = len(service.asked)
            assert await service.read(user(f"host {number}", ACCOUNT)) > asked

    await asyncio.gather(*map(reading, range(50)))
    assert len(service.asked) < 200  # for 1,000 answers


async def test_who_waits_for_the_next_answer_must_be_allowed_to_see_it() -> None:
    service, host = Service(fresh=0), user("host", ACCOUNT)
    first = asyncio.create_task(service.read(host))
    await asyncio.sleep(0)
    stranger = asyncio.create_task(refused(service.read(user("stranger", str(uuid4())))))
    also = asyncio.create_task(service.read(host))
    assert await stranger == "SESSION_NOT_FOUND"  # whether it asked first of those who waited, or joined
    assert await first < await also


async def test_an_outage_is_asked_about_once(service: Service) -> None:
    service.away = True
    asking = (service.read(user(f"host {number}", ACCOUNT)) for number in range(50))
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert {str(answer) for answer in answers} == {"away"}
    assert len(service.asked) == 1
