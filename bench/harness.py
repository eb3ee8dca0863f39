"""What every workload shares: interleaved rounds, a steady rate, percentiles, targets, results.

A workload is a module with `main(quick: bool) -> list[Result]` that raises when what was measured is not also right.
"""

import asyncio
import platform
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from os import cpu_count, getloadavg, sysconf
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar

import msgspec

ROUNDS = 5
T = TypeVar("T")


class Percentiles(NamedTuple):
    """Latencies in milliseconds."""

    p50: float
    p99: float
    p999: float

    def __str__(self) -> str:
        return " / ".join(f"{value:.1f}" if value < 100 else f"{value:.0f}" for value in self)


class Target(msgspec.Struct, frozen=True):
    """What is to be reached; every bound that is given must hold. Ratios are ours / peer."""

    ratio_min: float | None = None
    ratio_max: float | None = None
    ours_min: float | None = None
    ours_max: float | None = None

    def words(self, unit: str) -> str:
        """Say the bounds."""
        bounds = [
            (self.ratio_min, ">= {:g}x"),
            (self.ratio_max, "<= {:g}x"),
            (self.ours_min, ">= {:,.10g} " + unit),
            (self.ours_max, "<= {:,.10g} " + unit),
        ]
        return ", ".join(text.format(bound) for bound, text in bounds if bound is not None)

    def reached(self, ours: float, ratio: float | None) -> bool | None:
        """Tell whether every bound holds; None when a peer was not there to compare with."""
        if ratio is None and (self.ratio_min, self.ratio_max) != (None, None):
            return None
        bounds = ((ratio, self.ratio_min, self.ratio_max), (ours, self.ours_min, self.ours_max))
        return all(
            value is None or ((low is None or value >= low) and (high is None or value <= high))
            for value, low, high in bounds
        )


class Result(msgspec.Struct, frozen=True):
    """One line of a report: our figure beside the peer's (None: no peer); `low` and `high` of the rounds' ratios."""

    workload: str
    unit: str
    ours: float
    peer: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    target: Target | None = None
    ours_latency: Percentiles | None = None
    peer_latency: Percentiles | None = None
    note: str = ""


def rounds(sides: Mapping[str, Callable[[], T]], n: int = ROUNDS) -> dict[str, list[T]]:
    """Measure every side `n` times, one after the other, the order turned round each time; shows progress.

    What the machine does beside us then falls on all alike.
    """
    found: dict[str, list[T]] = {name: [] for name in sides}
    for number in range(n):
        for name, measure in list(sides.items())[:: 1 if number % 2 == 0 else -1]:
            found[name].append(measure())
            print(f"  round {number + 1} of {n}: {name}: {_shown(found[name][-1])}", file=sys.stderr, flush=True)
    return found


def compare(
    workload: str,
    unit: str,
    ours: Sequence[float],
    peer: Sequence[float] | None = None,
    *,
    target: Target | None = None,
    ours_latency: Percentiles | None = None,
    peer_latency: Percentiles | None = None,
    note: str = "",
) -> Result:
    """Sum up rounds as medians: the ratio is the median of the rounds' ratios, not the ratio of medians."""
    if peer is None:
        return Result(workload, unit, median(ours), target=target, ours_latency=ours_latency, note=note)
    ratios = [mine / theirs for mine, theirs in zip(ours, peer, strict=True)]
    figures = (median(ours), median(peer), median(ratios), min(ratios), max(ratios))
    return Result(workload, unit, *figures, target, ours_latency, peer_latency, note)


async def due(rate: float, seconds: float) -> AsyncIterator[float]:
    """Yield when each of `rate` things a second is due, at that time (open loop).

    Count latency from what is yielded: a stall then shows in all that waited for it, as it does for users.
    """
    start = time.perf_counter() + 0.2
    for number in range(int(rate * seconds)):
        at = start + number / rate
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        yield at


def percentiles(seconds: Iterable[float]) -> Percentiles:
    """Return p50, p99 and p99.9 of latencies given in seconds (nearest rank)."""
    ordered = sorted(seconds)
    if not ordered:
        raise ValueError("no samples")

    def rank(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1_000

    return Percentiles(rank(0.5), rank(0.99), rank(0.999))


def middle(runs: Sequence[Percentiles]) -> Percentiles:
    """Return the median of each percentile over several runs."""
    return Percentiles(*(median(column) for column in zip(*runs, strict=True)))


def machine() -> str:
    """Describe the machine in one line: processor, cores, memory, system, Python."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        processor = names[0] if names else processor
    memory = sysconf("SC_PAGE_SIZE") * sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{processor}, {cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {getloadavg()[0]:.1f} before"
    )


def table(results: Sequence[Result]) -> str:
    """Return the results as a Markdown table."""
    lines = [
        "| workload | unit | ours | peer | ratio (lowest to highest) | to reach | p50 / p99 / p99.9, ms | note |",
        "|---|---|---:|---:|---:|---|---|---|",
    ]
    for r in results:
        peer = "" if r.peer is None else _shown(r.peer)
        ratio = "" if r.ratio is None else f"{r.ratio:.3g}x ({r.low:.3g} to {r.high:.3g})"
        sides = [f"{name} {p}" for name, p in (("ours", r.ours_latency), ("peer", r.peer_latency)) if p is not None]
        cells = [r.workload, r.unit, _shown(r.ours), peer, ratio, _verdict(r), "; ".join(sides), r.note]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _verdict(r: Result) -> str:
    if r.target is None:
        return ""
    word = {True: "reached", False: "**not reached**", None: "not measured"}[r.target.reached(r.ours, r.ratio)]
    return f"{word}: {r.target.words(r.unit)}"


def _shown(figure: object) -> str:
    if not isinstance(figure, float | int):
        return str(figure)
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"
