"""What can go wrong, and how to bring it about: each fault lasts a while and is over when its function returns."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from cluster import NOISY, PROCESSES, REPLICA, Cluster
from load import Load

from showfloor.testing.links import Fault

LINKS: Final = (
    "browser - gateway", "gateway - session", "session - nats", "gateway - nats", "session - postgres",
    "gateway - postgres",
)  # fmt: skip
LATENCIES: Final = (0.05, 0.3, 1.0)  # seconds
WHILE: Final = (0.3, 3.0)  # seconds that a link stays broken
WRONG: Final = (120.0, -120.0, 3_600.0)  # seconds that a clock jumps; more than caches of tokens are kept
STOPS: Final = ((0.05, 1.0), (1.0, 4.0), (15.0, 30.0))  # seconds of a SIGSTOP: mostly short
STOP_WEIGHTS: Final = (12, 6, 1)
BURSTS: Final = (3, 5)  # kills, of different processes first
BETWEEN: Final = (0.0, 1.5)  # seconds between the kills of a burst
STARTING: Final = (0.5, 6.0)  # seconds until a process that starts is killed: it loads, or builds, or is just ready
NOISE: Final = 0.05  # share of a link's messages
RPC_BROWSER: Final = "browser - gateway"


@dataclass(frozen=True)
class Happening:
    """One kind of fault. `times`: faults in one go.

    `group` is "kill", "burst", "stop", "network", "nats", "database", "clock", "views" (a session service of another
    version comes and goes), or "replica", whose faults need two session services.
    """

    group: str
    name: str
    bring: Callable[[Cluster, Load, random.Random], Awaitable[None]]
    times: int = 1


def happenings() -> list[Happening]:
    """Return every kind of fault."""
    kills = [Happening("kill", f"kill -9 {name}", _kill(name)) for name in (*PROCESSES, "supervisor")]
    stops = [Happening("stop", f"SIGSTOP {name}", _stop(name)) for name in (*PROCESSES, "supervisor")]
    broken_links = [
        Happening("network", f"{fault.value}, {link}", _break(link, fault)) for link in LINKS for fault in Fault
    ]
    noise = [Happening("network", f"messages twice, lost, later, {link}", _noise(link)) for link in NOISY]
    ended = Happening("network", "every connection ended by PostgreSQL", _end_connections)
    bursts = [Happening("burst", f"kill -9 of {times} within seconds", _burst(times), times) for times in BURSTS]
    wiped = Happening("nats", "JetStream wiped", _wipe)
    database = [
        Happening("database", "PostgreSQL takes no writes", _no_writes),
        Happening("database", "PostgreSQL takes no writes, and every connection is ended", _failover),
        Happening("database", "PostgreSQL ends sessions that idle in a transaction", _no_idling),
    ]
    return [
        *kills,
        *bursts,
        *stops,
        *broken_links,
        *noise,
        ended,
        wiped,
        *database,
        *_clock_steps(),
        *_view_changes(),
        *_of_two_sessions(),
    ]


def _clock_steps() -> list[Happening]:
    """As when a laptop wakes, or a clock that was wrong is put right: steps both ways."""
    name = "clock of the services set {:+.0f} s, and right again"
    return [Happening("clock", name.format(seconds), _wrong_clock(seconds)) for seconds in WRONG]


def _view_changes() -> list[Happening]:
    """A deploy whose every view is defined anew: it ends well, is broken off, or is taken back."""
    return [
        Happening("views", "view change: another version comes, serves and goes", _deploy),
        Happening("views", "view change: kill -9 of the other version while it builds", _deploy_cut_off),
        Happening("views", "view change: kill -9 of either version while both serve", _deploy_and_kill),
    ]


def _of_two_sessions() -> list[Happening]:
    """What decides who leads: the one that leads dies, stands still, or loses the database and does not know it."""
    two = ("session", REPLICA)
    return [
        *(Happening("replica", f"two sessions: kill -9 {name}", _kill(name)) for name in two),
        *(Happening("replica", f"two sessions: SIGSTOP {name}", _stop(name)) for name in two),
        Happening("replica", "two sessions: every connection ended by PostgreSQL", _end_connections),
        *(Happening("replica", f"two sessions: {fault.value}, session - postgres", _break("session - postgres", fault))
          for fault in (Fault.BLACK_HOLE, Fault.RESET)),
        Happening("replica", "two sessions: PostgreSQL takes no writes, and every connection is ended", _failover),
    ]  # fmt: skip


def _kill(name: str) -> Callable[[Cluster, Load, random.Random], Awaitable[None]]:
    async def bring(cluster: Cluster, load: Load, _chance: random.Random) -> None:
        load.unreachable = name in ("gateway", "supervisor")
        await cluster.kill(name)

    return bring


def _burst(times: int) -> Callable[[Cluster, Load, random.Random], Awaitable[None]]:
    async def bring(cluster: Cluster, load: Load, chance: random.Random) -> None:
        load.unreachable = True
        victims = [
            *chance.sample(PROCESSES, min(times, len(PROCESSES))),
            *chance.sample(PROCESSES, max(0, times - len(PROCESSES))),
        ]
        for name in victims:
            os.kill(await cluster.alive(name), signal.SIGKILL)
            await asyncio.sleep(chance.uniform(*BETWEEN))

    return bring


def _stop(name: str) -> Callable[[Cluster, Load, random.Random], Awaitable[None]]:
    async def bring(cluster: Cluster, load: Load, chance: random.Random) -> None:
        load.unreachable = name == "gateway"
        pid, (shortest, longest) = cluster.pid(name), chance.choices(STOPS, STOP_WEIGHTS)[0]
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(chance.uniform(shortest, longest))
        finally:
            with suppress(ProcessLookupError):  # silent for too long: the supervisor has put another in its place
                os.kill(pid, signal.SIGCONT)

    return bring


def _break(link: str, fault: Fault) -> Callable[[Cluster, Load, random.Random], Awaitable[None]]:
    async def bring(cluster: Cluster, load: Load, chance: random.Random) -> None:
        load.unreachable = link == RPC_BROWSER
        cluster.links[link].inject(fault, chance.choice(LATENCIES))
        try:
            await asyncio.sleep(chance.uniform(*WHILE))
        finally:
            cluster.links[link].heal()

    return bring


def _noise(link: str) -> Callable[[Cluster, Load, random.Random], Awaitable[None]]:
    async def bring(cluster: Cluster, _load: Load, chance: random.Random) -> None:
        cluster.noises[link].share = NOISE
        try:
            await asyncio.sleep(chance.uniform(*WHILE))
        finally:
            cluster.noises[link].share = 0.0

    return bring


async def _end_connections(cluster: Cluster, _load: Load, _chance: random.Random) -> None:
    """As after a failover: leases are given up in the middle of things, and every pool holds dead connections."""
    await asyncio.to_thread(cluster.end_connections)


async def _no_writes(cluster: Cluster, _load: Load, chance: random.Random) -> None:
    """As when a guard finds the disk nearly full: sessions live on, and nothing can be written."""
    await asyncio.to_thread(cluster.take_writes, False)
    try:
        await asyncio.sleep(chance.uniform(*WHILE))
    finally:
        await asyncio.to_thread(cluster.take_writes, True)


async def _failover(cluster: Cluster, _load: Load, chance: random.Random) -> None:
    """As when another server takes over: connections end, and the one that answers takes no writes yet."""
    await asyncio.to_thread(cluster.take_writes, False)
    try:
        await asyncio.to_thread(cluster.end_connections)
        await asyncio.sleep(chance.uniform(*WHILE))
    finally:
        await asyncio.to_thread(cluster.take_writes, True)


async def _no_idling(cluster: Cluster, _load: Load, chance: random.Random) -> None:
    await asyncio.to_thread(cluster.let_idle, False)
    try:
        await asyncio.sleep(chance.uniform(*WHILE))
    finally:
        await asyncio.to_thread(cluster.let_idle, True)


async def _stepped(cluster: Cluster, load: Load, seconds: float) -> None:
    """Signals that are on their way carry the time of the old clock, and would rightly be refused: none are."""
    await load.only_facts()
    cluster.step_clock(seconds)
    load.ahead = cluster.ahead


def _wrong_clock(seconds: float) -> Callable[[Cluster, Load, random.Random], Awaitable[None]]:
    async def bring(cluster: Cluster, load: Load, chance: random.Random) -> None:
        try:
            await _stepped(cluster, load, seconds)
            if seconds > 0:  # what comes before its LIVE began is refused, and rightly
                load.all_lanes()
            await load.let_in()
            await asyncio.sleep(chance.uniform(*WHILE))
        finally:
            await _stepped(cluster, load, -seconds)
            load.all_lanes()
        await load.let_in()

    return bring


async def _deploy(cluster: Cluster, _load: Load, chance: random.Random) -> None:
    """It is there for the checks, too: what both answer is asked then."""
    await cluster.newcomer_starts()
    await cluster.newcomer_serves()
    await asyncio.sleep(chance.uniform(*WHILE))


async def _deploy_cut_off(cluster: Cluster, _load: Load, chance: random.Random) -> None:
    await cluster.newcomer_starts()
    try:
        await asyncio.sleep(chance.uniform(*STARTING))
    finally:
        await cluster.newcomer_goes(signal.SIGKILL)


async def _deploy_and_kill(cluster: Cluster, _load: Load, chance: random.Random) -> None:
    await cluster.newcomer_starts()
    try:
        await cluster.newcomer_serves()
        await asyncio.sleep(chance.uniform(*WHILE))
        await cluster.kill("session")
        await asyncio.sleep(chance.uniform(*WHILE))
    finally:
        await cluster.newcomer_goes(signal.SIGKILL)


async def _wipe(cluster: Cluster, load: Load, _chance: random.Random) -> None:
    """Signals that are acknowledged and not yet folded live in JetStream alone: they are let through first."""
    await load.only_facts()
    try:
        await cluster.wipe_jetstream()
    finally:
        load.all_lanes()
