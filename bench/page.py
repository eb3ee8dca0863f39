"""bench/RESULTS.md, put together: figures from bench/results/*.json, words from bench/findings/*.md.

A workload that was not measured this time keeps its figures and the date they are of.
"""

from pathlib import Path

import msgspec

from bench.harness import Result, table

HERE = Path(__file__).parent
RESULTS, FIGURES, FINDINGS = HERE / "RESULTS.md", HERE / "results", HERE / "findings"

_INTRODUCTION = """\
# Results

`make bench` measures and writes this page; `make bench ARGS="NAME ..."` measures some workloads again, and the
others keep their figures. Words come from `bench/findings/`. Peer and ours run in turn, five rounds, on the same
machine as the load generator, so that what the machine does beside them falls on all; a ratio is ours / peer, the
median of the rounds. Every workload checks in the same run that its answers are right: a fast wrong run fails. Where
latency is named, load comes at a steady rate (open loop) and a latency counts from when the request was due."""


class Measured(msgspec.Struct, frozen=True):
    """What one workload's last full run said. Kept as JSON."""

    date: str
    machine: str
    seconds: float
    results: list[Result]


def keep(name: str, measured: Measured) -> None:
    """Remember a workload's figures."""
    FIGURES.mkdir(exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(measured), indent=1)
    (FIGURES / f"{name}.json").write_bytes(text + b"\n")


def text(titles: dict[str, str]) -> str:
    """Return the page: what is kept, in the order of `titles`."""
    parts = [_INTRODUCTION]
    for name, title in titles.items():
        kept = FIGURES / f"{name}.json"
        if kept.exists():
            found = msgspec.json.decode(kept.read_bytes(), type=Measured)
            how = f"`{name}`, measured {found.date} in {found.seconds:.0f} s on {found.machine}."
            parts += [f"## {title}", how, table(found.results)]
            parts += _words(name)
    parts += _words("other")
    return "\n\n".join(parts) + "\n"


def write(titles: dict[str, str]) -> None:
    """Write RESULTS.md."""
    RESULTS.write_text(text(titles))


def _words(name: str) -> list[str]:
    path = FINDINGS / f"{name}.md"
    return [path.read_text().strip()] if path.exists() else []
