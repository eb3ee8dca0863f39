"""What every benchmark shares: interleaved pairs, percentiles, the machine, a table.

A workload is a module with `main(quick: bool) -> list[Result]`; run one with `python -m bench.<name> [--quick]`.
"""

import os
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple

Measure = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Result:
    """One line of a report: our figure beside the peer's (None: no peer). `ratio` is ours / peer."""

    workload: str
    unit: str
    ours: float
    peer: float | None = None
    ratio: float | None = None
    low: float | None = None  # the lowest and the highest ratio of the pairs
    high: float | None = None
    note: str = ""


class Pairs(NamedTuple):
    """Figures of interleaved runs, in order."""

    ours: list[float]
    peer: list[float]

    def result(self, workload: str, unit: str, note: str = "") -> Result:
        """Sum up as medians: the ratio is the median of the pairs' ratios, not the ratio of medians."""
        ratios = [ours / peer for ours, peer in zip(self.ours, self.peer, strict=True)]
        return Result(
            workload, unit, median(self.ours), median(self.peer), median(ratios), min(ratios), max(ratios), note
        )


def pairs(ours: Measure, peer: Measure, n: int = 5) -> Pairs:
    """Measure both `n` times, one after the other, the order turned round each time.

    What the machine does beside us then falls on both alike.
    """
    found = Pairs([], [])
    for run in range(n):
        sides = [(ours, found.ours), (peer, found.peer)]
        for measure, figures in sides if run % 2 == 0 else reversed(sides):
            figures.append(measure())
    return found


class Percentiles(NamedTuple):
    """Latencies in milliseconds."""

    p50: float
    p99: float
    p999: float

    def __str__(self) -> str:
        return f"p50 {self.p50:.1f}, p99 {self.p99:.1f}, p99.9 {self.p999:.1f} ms"


def percentiles(seconds: Iterable[float]) -> Percentiles:
    """Return p50, p99 and p99.9 of latencies given in seconds (nearest rank)."""
    ordered = sorted(seconds)
    if not ordered:
        raise ValueError("no samples")

    def rank(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1_000

    return Percentiles(rank(0.5), rank(0.99), rank(0.999))


def machine() -> str:
    """Describe the machine in one line: processor, cores, memory, system, Python."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        processor = names[0] if names else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{processor}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {load:.1f} at the time"
    )


def table(results: Sequence[Result]) -> str:
    """Return the results as a Markdown table."""
    lines = [
        "| workload | unit | ours | peer | ratio (lowest to highest) | note |",
        "|---|---|---:|---:|---:|---|",
    ]
    for r in results:
        peer = "" if r.peer is None else f"{r.peer:,.0f}"
        ratio = "" if r.ratio is None else f"{r.ratio:.3g}x ({r.low:.3g} to {r.high:.3g})"
        lines.append(f"| {r.workload} | {r.unit} | {r.ours:,.0f} | {peer} | {ratio} | {r.note} |")
    return "\n".join(lines)


def run(main: Callable[[bool], list[Result]]) -> None:
    """Run one workload from the command line and print its table."""
    results = main("--quick" in sys.argv)
    print(f"\n{machine()}\n\n{table(results)}")
