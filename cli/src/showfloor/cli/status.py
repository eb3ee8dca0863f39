"""`showfloor status`: what runs, what it costs, and how far behind each moving part is."""

import asyncio
import time
from typing import Any

import psutil
from rich.table import Table
from rich.text import Text

from showfloor.cli import operators
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, age, console, marked, running_folder
from showfloor.embedded.folder import DataFolder

CPU_SECONDS = 0.3  # how long processor use is measured
COLOURS = {"running": "green", "catching_up": "yellow", "starting": "yellow", "stopped": "dim"}


def status(*, data: Data = DEFAULT_FOLDER) -> None:
    """Show every process (pid, processor, memory, restarts) and the lag of every view, relay and subscription."""
    folder = running_folder(data)
    state = folder.state()
    console.print(f"{state['status']}  {state.get('url', '')}  data in {folder.root}")
    console.print(_processes(state))
    for process in state["processes"]:
        if process["problem"]:
            told = f": {process['problem']} (log: {process['log']})"
            console.print(marked("  ", (process["name"], "yellow"), told))
    console.print()
    console.print(asyncio.run(_moving_parts(folder)))


def _processes(state: dict[str, Any]) -> Table:
    table = _table("process", "status", "pid", "cpu %", "MB", "restarts", "since", "ports")
    rows = [*state["processes"], {"name": "supervisor", "pid": state["pid"], "status": "running", "ports": {}}]
    usage = usage_of([process["pid"] for process in state["processes"]]) | usage_of([state["pid"]], children=False)
    for row in rows:
        cpu, memory = usage.get(row["pid"], (0.0, 0.0))
        ports = " ".join(f"{name}:{number}" for name, number in row["ports"].items())
        since = age(time.time() - row.get("since", state["started"]))
        figures = (f"{cpu:.0f}", f"{memory:.0f}", str(row.get("restarts", 0)))
        table.add_row(row["name"], _coloured(row["status"]), str(row["pid"] or ""), *figures, since, ports)
    total = sum(memory for _, memory in usage.values())
    table.add_row("together", "", "", "", f"{total:.0f}", style="bold")
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, no_wrap=column != columns[-1], overflow="fold")
    return table


def usage_of(pids: list[int | None], *, children: bool = True) -> dict[int, tuple[float, float]]:
    """Return (processor in percent of one core, memory in MB) of each process (with its children), by pid.

    Memory is the proportional share where the system tells it, so that shared pages count once.
    """
    trees: dict[int, list[psutil.Process]] = {}
    for pid in pids:
        try:
            if pid is not None:
                root = psutil.Process(pid)
                trees[pid] = [root, *(root.children(recursive=True) if children else ())]
        except psutil.NoSuchProcess:
            continue
    before = {pid: sum(map(_cpu_seconds, tree)) for pid, tree in trees.items()}
    time.sleep(CPU_SECONDS)
    return {
        pid: (
            max(0.0, sum(map(_cpu_seconds, tree)) - before[pid]) / CPU_SECONDS * 100,
            sum(map(_memory, tree)) / 1e6,
        )
        for pid, tree in trees.items()
    }


async def _moving_parts(folder: DataFolder) -> Table:
    table = _table("service", "kind", "name", "position", "lag", "state", "detail")
    for service, answer in (await operators.statuses(folder)).items():
        if isinstance(answer, str):
            table.add_row(service, "", "", "", "", marked(("no answer", "red")), answer)
            continue
        for part in answer.parts:
            figures = (str(part.position), str(part.lag))
            table.add_row(service, part.kind, part.name, *figures, _coloured(part.state), part.detail)
    return table


def _coloured(status: str) -> Text:
    return marked((status, COLOURS.get(status, "red")))


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
        return float(times.user + times.system)
    except psutil.Error:
        return 0.0


def _memory(process: psutil.Process) -> float:
    try:
        return float(getattr(process.memory_full_info(), "pss", 0) or process.memory_info().rss)
    except psutil.Error:
        try:
            return float(process.memory_info().rss)
        except psutil.Error:
            return 0.0
