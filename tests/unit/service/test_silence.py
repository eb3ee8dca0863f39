"""What operators are told while the directory does not answer."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from showfloor.access.membership.members import Members
from showfloor.observability.tasks import stop
from showfloor.service import directory
from showfloor.service.membership_part import MembershipPart
from showfloor.testing.waiting import PATIENCE, eventually

STALE = 900.0


class Clock:
    """Seconds that pass when a test says so."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def members(clock: Clock) -> Members:
    database: Any = None
    return Members(database, STALE, clock)


def test_status_tells_of_a_directory_that_is_not_heard(members: Members, clock: Clock) -> None:
    nothing: Any = None
    part = MembershipPart(members, nothing, "unused:")
    members.advanced(8)
    well = part.status()
    assert (well.kind, well.position, well.lag, well.state, well.detail) == ("membership", 8, 0, "running", "")
    clock.now += 61
    late = part.status()
    assert (late.state, late.detail) == (
        "failed",
        "the directory was not heard for 61 s; changes are refused after 900 s",
    )
    clock.now += STALE
    assert part.status().detail == "the directory was not heard for 961 s; changes are refused"
    members.heard(8)
    assert part.status().state == "running"


async def test_the_alarm_grows_while_an_answer_is_waited_for(
    members: Members, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def never(*_: object) -> None:
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(directory, "heard", never)
    nothing: Any = None
    following = asyncio.create_task(directory.keep_up(members, nothing, nothing, nothing, STALE))
    members.wanted.set()
    await asyncio.wait_for(asked.wait(), PATIENCE)
    clock.now += 61
    assert silence() == 61
    await stop(following)


async def test_the_log_tells_once_of_an_outage_and_once_of_its_end(
    members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    outages = [TimeoutError()] * 3

    async def answer(*_: object) -> None:
        members.wanted.set()
        await asyncio.sleep(0)
        if outages:
            raise outages.pop()

    monkeypatch.setattr(directory, "heard", answer)
    monkeypatch.setattr(directory, "PAUSE_S", 0.0)
    nothing: Any = None
    with capture_logs() as logged:
        members.wanted.set()
        following = asyncio.create_task(directory.keep_up(members, nothing, nothing, nothing, STALE))
        await eventually(lambda: len(logged) > 1)
        await stop(following)
    assert [one["event"] for one in logged] == ["the directory cannot be asked", "the directory answers again"]


def silence() -> float:
    (metric,) = directory.SILENCE.collect()
    return metric.samples[0].value
