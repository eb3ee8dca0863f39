"""`python -m bench [--quick] [WORKLOAD ...]`: measure, and write bench/RESULTS.md. Run by `make bench`.

Each workload runs in a process of its own, so that none inherits another's memory, threads or event loop. One that
fails its own check of correctness fails the run: nothing of it is written, and the exit code is 1. `--quick` is one
short round of each, to see that all still works; it writes nothing.
"""

import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import msgspec

from bench.harness import Result, machine, table
from bench.page import RESULTS, Measured, keep, write

WORKLOADS = {
    "store": "One-event commands, beside the library's own `Application.save` from the same number of threads",
    "view_rebuild": "A view built again from the log, beside the library's `ProjectionRunner` and a binary COPY",
    "signals": "Signals from a gRPC client to committed minute rollups with unique viewers",
    "order_to_frame": "An order over REST to its frame on the board's stream",
    "gateway_read": "A board read through the gateway, beside the bare framework's hello",
    "gateway_command": "A one-event command through the gateway, beside a bare grpc.aio echo",
    "partner_lists": "A partner bound to 5,000 shops with 20,000 accounts, among 100,000 sessions",
    "two_desks": "Two people at one LIVE: what one does, until the other's browser shows it",
    "growth": "The same work with 1, 4 and 16 times as many sessions and as much history",
    "presence": "What it costs the gateway that 10,000 viewers with a stream are still there",
    "deadlines": "1,000 starts of LIVE events, beside timers of the event loop",
    "boards": "2,000 boards on one gateway process, beside nginx with nchan",
}
LIMIT_S, GRACE_S = 300.0, 20.0  # no workload takes longer; then it may still stop its servers


def measure(name: str, quick: bool, into: str) -> None:
    """Run one workload here, and write its results as JSON."""
    results: list[Result] = import_module(f"bench.{name}").main(quick)
    Path(into).write_bytes(msgspec.json.encode(results))


def in_own_process(name: str, quick: bool) -> list[Result]:
    """Run one workload in a process of its own. Raises RuntimeError when it fails or takes too long."""
    with tempfile.NamedTemporaryFile() as into:
        code = f"from bench.__main__ import measure; measure({name!r}, {quick}, {into.name!r})"
        process = subprocess.Popen([sys.executable, "-c", code])
        try:
            code_of_exit = process.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            raise RuntimeError(f"{name} took longer than {LIMIT_S:.0f} s") from None
        finally:
            _ended(process)
        if code_of_exit:
            raise RuntimeError(f"{name} failed with exit code {code_of_exit}: see above")
        return msgspec.json.decode(Path(into.name).read_bytes(), type=list[Result])


def _ended(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main(words: list[str]) -> int:
    """Run the workloads named, or all; returns the exit code."""
    quick = "--quick" in words
    names = [word for word in words if not word.startswith("-")] or list(WORKLOADS)
    if unknown := [name for name in names if name not in WORKLOADS]:
        print(f"no such workload: {', '.join(unknown)}; there are {', '.join(WORKLOADS)}", file=sys.stderr)
        return 2
    failed = []
    for number, name in enumerate(names, start=1):
        print(f"[{number}/{len(names)}] {name}", file=sys.stderr, flush=True)
        where, begun = machine(), time.monotonic()
        try:
            results = in_own_process(name, quick)
        except RuntimeError as error:
            failed.append(str(error))
            continue
        seconds = time.monotonic() - begun
        print(f"{table(results)}\n\n{name}: {seconds:.0f} s", flush=True)
        if not quick:
            keep(name, Measured(f"{datetime.now(UTC):%Y-%m-%d}", where, seconds, results))
            write(WORKLOADS)
            print(f"written: {RESULTS.name}", file=sys.stderr)
    for line in failed:
        print(line, file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
