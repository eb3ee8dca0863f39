"""Rounds of chaos: load, a fault at a random moment, recovery, every invariant. `make chaos` runs many.

A seed decides which faults come, when, and for how long. A violation prints how to play its rounds again.
"""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import ledger
import uvloop
import windows
from cluster import Cluster
from faults import Happening, happenings
from load import DEADLINE_SECONDS, Load

from showfloor.cli.operators import addresses, compared
from showfloor.kernel.refusal import Refusal

BEFORE, AFTER = (0.3, 1.2), (0.2, 0.6)  # seconds of load before a fault and after it
SETTLE = 45.0  # seconds until board, feed and streams show what was acknowledged
ROOM = 160 * 1024 * 1024  # bytes that a process may hold above its level: caches that fill up to their bounds
PER_CLUSTER = 40  # rounds until a fresh system: histories stay small, so that every view is rebuilt in every round


@dataclass
class Score:
    """What was done, and what was found wrong."""

    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    noise: Counter[str] = field(default_factory=Counter)  # messages changed on their way from NATS
    facts: int = 0
    calls: int = 0
    refusals: int = 0
    slowest: float = 0.0


class Chaos:
    """One cluster under load."""

    def __init__(self, cluster: Cluster, load: Load, score: Score) -> None:
        self.cluster, self.load, self.score = cluster, load, score
        self._level: dict[str, int] = {}
        self._ended: list[str] = []

    async def round(self, what: Happening, chance: random.Random) -> list[str]:
        """Let one fault happen and check everything. Returns what is violated."""
        await asyncio.sleep(chance.uniform(*BEFORE))
        await what.bring(self.cluster, self.load, chance)
        await self.cluster.well()
        self.load.unreachable = False
        await asyncio.sleep(chance.uniform(*AFTER))
        found = await self.load.pause(SETTLE) or await self.check()
        await self.cluster.newcomer_goes(signal.SIGTERM)
        found += await self._settled("tables of other versions dropped", self._definitions)
        found += self.load.broken()
        self.score.faults[what.group, what.name] += what.times
        if not found:
            async with asyncio.timeout(SETTLE):
                self._ended.append(await self.load.rotate())
        self.load.resume()
        return found

    async def check(self) -> list[str]:
        """Check every invariant of what stands still now."""
        found = await self._settled("facts and signals, lost 0, twice 0", self._counts)
        found += await self._settled("streams resumed without gap or repeat", self._streams)
        found += await self._settled("deadlines effective once", self._deadlines)
        found += await self._views()
        calls, self.load.slow = self.load.slow, []
        self.score.slowest = max([self.score.slowest, *(seconds for _, seconds in calls)])
        found += self._noted("no command hangs", ledger.hanging(calls, DEADLINE_SECONDS))
        now = self.cluster.memory()
        self._level = {name: self._level.get(name, held) for name, held in now.items()}
        return found + self._noted("memory at its level", ledger.grown(self._level, now, ROOM))

    async def _settled(self, name: str, look: object) -> list[str]:
        """Look until nothing is wrong any more, or patience ends."""
        end = time.monotonic() + SETTLE
        while (found := await look()) and time.monotonic() < end:  # type: ignore[operator]
            await asyncio.sleep(0.1)
        return self._noted(name, found)

    def _noted(self, name: str, found: list[str]) -> list[str]:
        self.score.checks[name] += 1
        return [f"{name}: {one}" for one in found]

    async def _counts(self) -> list[str]:
        found: list[str] = []
        for session in (*self.load.live, *self._ended[-3:]):
            found += ledger.lost_or_doubled(self.load.told[session], await self.load.seen(session))
        return found

    async def _streams(self) -> list[str]:
        found: list[str] = []
        for session in self.load.live:
            seen = await self.load.seen(session)
            for transcript in self.load.transcripts:
                if transcript.session == session:
                    found += ledger.gap_or_repeat(transcript, seen.feed)
        return found

    async def _deadlines(self) -> list[str]:
        return ledger.not_once(await asyncio.to_thread(self.cluster.reports), self._ended)

    async def _definitions(self) -> list[str]:
        return ledger.left_over(await asyncio.to_thread(self.cluster.definitions))

    async def _views(self) -> list[str]:
        found: list[str] = []
        for service, address in addresses(self.cluster.folder).items():
            at = await self._rebuilt([address, self.cluster.replica] if service == "session" else [address])
            found += ledger.views_differ(service, at)
        if self.cluster.newcomer:
            found += ledger.views_differ(
                "the other version", await compared(self.cluster.folder, self.cluster.newcomer)
            )
        return self._noted("views equal to their rebuild", found)

    async def _rebuilt(self, replicas: list[str]) -> dict[str, tuple[str, str]]:
        """Rebuild every view of a service, by its second replica if there is one: any can, whichever follows."""
        return await compared(self.cluster.folder, [address for address in replicas if address][-1])


async def run(seed: int, count: int, groups: set[str], score: Score, begin: int = 0) -> None:
    """Let the faults that a seed chooses happen one after the other, from number `begin`, on fresh systems."""
    faults = choose(seed, count, groups)
    for first in range(begin, len(faults), PER_CLUSTER):
        again = f"make chaos SEED={seed} N={{}} ARGS='--groups {','.join(sorted(groups))} --begin {first}'"
        with tempfile.TemporaryDirectory(prefix="chaos") as root:
            cluster = Cluster(Path(root), random.Random(f"{seed}/{first}/noise"), replicas="replica" in groups)
            try:
                await cluster.open()
                await _rounds(cluster, seed, faults[first : first + PER_CLUSTER], first, score, again)
            finally:
                await cluster.close()


async def _rounds(cluster: Cluster, seed: int, faults: list[Happening], first: int, score: Score, again: str) -> None:
    load = Load(cluster.url, await asyncio.to_thread(cluster.system.token), random.Random(f"{seed}/{first}/load"))
    chaos = Chaos(cluster, load, score)
    try:
        await load.begin()
        for number, what in enumerate(faults, first):
            # A source for each round: how the load went until then changes nothing of when and for how long.
            chance = random.Random(f"{seed}/{number}")
            began = time.monotonic()
            try:
                async with asyncio.timeout(300):
                    found = await chaos.round(what, chance)
            except (AssertionError, KeyError, TimeoutError, ExceptionGroup, Refusal) as error:
                found = [f"the round did not end: {error!r}"]
            took = time.monotonic() - began
            sys.stdout.write(f"seed {seed} round {number}: {what.name}: {found or 'all well'} ({took:.1f} s)\n")
            sys.stdout.flush()
            if found:
                replay = again.format(number + 1)
                score.violations += [f"seed {seed} round {number}: {what.name}: {one}; {replay}" for one in found]
                sys.stdout.write(cluster.last_words())
                return  # what is wrong now would be found again in every later round
    finally:
        for noise in cluster.noises.values():
            score.noise.update(noise.counts)
        score.facts += sum(len(told.facts) for told in load.told.values())
        score.calls, score.refusals = score.calls + load.answered, score.refusals + load.refused
        with suppress(Exception):
            await load.end()


def choose(seed: int, count: int, groups: set[str]) -> list[Happening]:
    """Return `count` faults of these groups, every kind as often as every other, in a random order."""
    kinds = [one for one in happenings() if one.group in groups]
    chance = random.Random(seed)
    chosen: list[Happening] = []
    while len(chosen) < count:
        chance.shuffle(kinds)
        chosen += kinds
    return chosen[:count]


def report(score: Score) -> str:
    """Return the counts as Markdown."""
    lines = ["| group | fault | times |", "|---|---|---:|"]
    lines += [f"| {group} | {name} | {times} |" for (group, name), times in sorted(score.faults.items())]
    lines += ["", "| invariant | times checked |", "|---|---:|"]
    lines += [f"| {name} | {times} |" for name, times in sorted(score.checks.items())]
    lines += [
        "",
        f"{sum(score.faults.values())} faults, {score.facts:,} facts acknowledged in {score.calls:,} answers, "
        f"{score.refusals:,} refusals to be sent again, slowest answer {score.slowest:.1f} s, "
        f"NATS messages {', '.join(f'{what} {times}' for what, times in score.noise.items())}, "
        f"{len(score.violations)} violations.",
    ]
    return "\n".join([*lines, *(f"- {one}" for one in score.violations)])


def main() -> int:
    """Run a campaign and print the counts; 1 when an invariant was violated."""
    parser = argparse.ArgumentParser(description="Let many faults happen under load, and check every invariant.")
    parser.add_argument("--faults", type=int, default=60, help="how many faults")
    parser.add_argument("--begin", type=int, default=0, help="the number of the first: to play rounds again")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="decides what happens")
    groups = "kill,burst,stop,network,nats,database,clock,views"
    parser.add_argument("--groups", default=groups, help="which faults; or replica")
    parser.add_argument("--windows", type=int, default=50, help="how many start windows of LIVE events; 0 for none")
    asked = parser.parse_args()
    score = Score()
    uvloop.run(run(asked.seed, asked.faults, set(asked.groups.split(",")), score, asked.begin))
    score.violations += uvloop.run(windows.run(asked.seed, asked.windows)) if asked.windows else []
    sys.stdout.write(report(score) + "\n")
    return bool(score.violations)


if __name__ == "__main__":
    raise SystemExit(main())
