"""`python -m bench [--quick] [WORKLOAD ...]`: measure, and write bench/RESULTS.md. Run by `make bench`.

Each workload runs in a process of its own, so that none inherits another's memory, threads or event loop.
A workload that fails its own correctness check fails the run, and nothing is written.
"""

import json
import subprocess
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from bench.harness import Result, machine, table

WORKLOADS = {
    "store": "One-event commands, beside the library's own `Application.save` from the same number of threads",
    "view_rebuild": "A view built again from the log, beside the library's `ProjectionRunner` and a binary COPY",
    "signals": "Signals from a gRPC client to committed minute rollups with unique viewers",
    "order_to_frame": "An order over REST to its frame on the board's stream",
}
RESULTS = Path(__file__).with_name("RESULTS.md")
FINDINGS = Path(__file__).with_name("FINDINGS.md")


def measure(name: str, quick: bool) -> list[Result]:
    """Run one workload here."""
    results: list[Result] = import_module(f"bench.{name}").main(quick)
    return results


def in_own_process(name: str, quick: bool) -> list[Result]:
    """Run one workload in a process of its own; raises when it fails."""
    code = (
        "import json; from dataclasses import asdict; from bench.__main__ import measure; "
        f"print('RESULT ' + json.dumps([asdict(r) for r in measure({name!r}, {quick})]))"
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    return [Result(**fields) for fields in json.loads(line.removeprefix("RESULT "))]


def page(sections: list[tuple[str, list[Result]]], quick: bool) -> str:
    """Return RESULTS.md."""
    lines = [
        "# Results",
        "",
        f"Measured {datetime.now(UTC):%Y-%m-%d} by `make bench{' ARGS=--quick' if quick else ''}` on {machine()}.",
        "",
        "Ours and the peer run in turn, so that what the machine does beside them falls on both; a ratio is the median",
        "of the pairs. Every workload checks in the same run that nothing was lost or counted twice.",
    ]
    for title, results in sections:
        lines += ["", f"## {title}", "", table(results)]
    if FINDINGS.exists():
        lines += ["", FINDINGS.read_text().rstrip()]
    return "\n".join(lines) + "\n"


def main(words: list[str]) -> None:
    """Run the workloads named, or all; write the page when all ran."""
    quick = "--quick" in words
    names = [word for word in words if not word.startswith("-")] or list(WORKLOADS)
    sections = []
    for number, name in enumerate(names, start=1):
        print(f"[{number}/{len(names)}] {name}", file=sys.stderr, flush=True)
        results = in_own_process(name, quick)
        print(table(results), flush=True)
        sections.append((WORKLOADS[name], results))
    if names == list(WORKLOADS) and not quick:
        RESULTS.write_text(page(sections, quick))
        print(f"written: {RESULTS.name}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
