"""A share of the campaign: some faults of every group, every invariant after each. `make chaos` runs many."""

import os
import sys

import pytest
import rounds
import windows
from faults import happenings

SEED = int(os.environ.get("SHOWFLOOR_CHAOS_SEED", "7"))
# Rounds of each group: about three minutes.
SHARE = {"kill": 2, "burst": 1, "stop": 1, "network": 3, "nats": 1, "database": 2, "clock": 1, "views": 1, "replica": 2}
WINDOWS = 5


@pytest.mark.timeout(900)
@pytest.mark.parametrize("group", SHARE)
async def test_nothing_is_lost_and_nothing_counts_twice(group: str) -> None:
    score = rounds.Score()
    await rounds.run(SEED, SHARE[group], {group}, score)
    sys.stdout.write(rounds.report(score))
    assert not score.violations, "\n".join(score.violations)
    assert sum(score.faults.values()) >= SHARE[group]


@pytest.mark.timeout(900)
@pytest.mark.requirement("R65", "R105", "R108")
async def test_an_event_begins_once_whatever_is_killed() -> None:
    assert await windows.run(SEED, WINDOWS) == []


def test_a_seed_decides_what_happens() -> None:
    groups = {one.group for one in happenings()}
    names = [[one.name for one in rounds.choose(seed, 80, groups)] for seed in (3, 3, 4)]
    assert names[0] == names[1] != names[2]
    assert set(names[0]) == {one.name for one in happenings()}, "every kind comes in its turn"
