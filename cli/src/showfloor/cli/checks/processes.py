"""Checks of the processes: who runs, who should not, and how they are."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import psutil

from showfloor.cli.checks.finding import Check, Finding, Patient, broken, good, warning
from showfloor.embedded.folder import port_is_free
from showfloor.embedded.probes import http_probe
from showfloor.embedded.supervisor import supervisor_pid

RESTARTS_MANY = 3
FILES_SHARE = 0.8  # of a process's limit
MEMORY_PROMISED = 1024 * 1024 * 1024  # bytes, all together


def lock(patient: Patient) -> Finding:
    """Does the lock agree with the state file?"""
    named = supervisor_pid(patient.state) is not None
    if patient.running == named:
        return good(f"held by pid {patient.state['pid']}" if named else "free")
    return broken(
        "the lock and state.json disagree", patient.folder.lock_file, "run `showfloor down`, then `showfloor up`"
    )


def orphans(patient: Patient) -> Finding:
    """Without a supervisor nothing of ours may run."""
    left = [process for process in patient.processes if not patient.running and supervisor_pid(process) is not None]
    if left:
        names = ", ".join(process["name"] for process in left)
        pids = ", ".join(str(process["pid"]) for process in left)
        return broken(f"running without a supervisor: {names}", f"pid {pids}", "run `showfloor down`")
    return good("none")


def last_start(patient: Patient) -> Finding:
    """While stopped, did the last start succeed?"""
    failed = "" if patient.running else str(patient.state.get("failed", ""))
    if failed:
        return broken(f"it failed: {failed}", patient.folder.state_file, "mend what it says, then `showfloor up`")
    return good("did not fail")


def ports(patient: Patient) -> Finding:
    """While stopped, are the remembered ports still free?"""
    if patient.running:
        return good("in use by Showfloor")
    chosen = {
        f"{process['name']} {name}": port for process in patient.processes for name, port in process["ports"].items()
    }
    taken = [f"{name} {port}" for name, port in chosen.items() if not port_is_free(port)]
    if taken:
        return warning("taken by another program", ", ".join(taken), "end it, or let `up` choose others")
    return good("free")


def services(patient: Patient) -> Finding:
    """Every process with a health port is ready."""
    asked = [process for process in patient.processes if "http" in process["ports"]]
    reasons = [(process["name"], asyncio.run(http_probe(process["ports"]["http"], "/readyz"))) for process in asked]
    unwell = {name: reason for name, reason in reasons if reason}
    if unwell:
        says = "; ".join(f"{name}: {reason}" for name, reason in unwell.items())
        return broken(says, ", ".join(unwell), f"see `showfloor logs {next(iter(unwell))}`")
    return good(f"{', '.join(name for name, _ in reasons)} ready")


def restarts(patient: Patient) -> Finding:
    looping = [process for process in patient.processes if process["status"] == "crash-loop"]
    if looping:
        names = "; ".join(f"{process['name']} ({process['problem']})" for process in looping)
        return broken(
            f"dies again and again: {names}", looping[0]["log"], f"read `showfloor logs {looping[0]['name']}`"
        )
    often = [
        f"{process['name']} {process['restarts']}"
        for process in patient.processes
        if process["restarts"] >= RESTARTS_MANY
    ]
    if often:
        log = patient.folder.log("supervisor")
        return warning(f"restarted: {', '.join(often)}", log, "look for the cause in `showfloor logs supervisor`")
    return good("none or few")


def files_in_use(patient: Patient) -> Finding:
    """A process at its limit of open files refuses connections."""
    most = 0.0
    says, place = "nothing runs", ""
    for name, process in _all(patient):
        with suppress(psutil.AccessDenied):  # another account's, PostgreSQL's: its own limits keep it far from this one
            share = process.num_fds() / process.rlimit(psutil.RLIMIT_NOFILE)[0]
            if share > most:
                most, says, place = share, f"{name} uses {share:.0%} of its limit", f"pid {process.pid}"
    if most > FILES_SHARE:
        return broken(says, place, "raise `ulimit -n` and restart; then look who holds connections")
    return good(says)


def memory_in_use(patient: Patient) -> Finding:
    total = sum(process.memory_info().rss for _, process in _all(patient))
    says = f"{total / 1e6:.0f} MB in all services"
    if total > MEMORY_PROMISED:
        return warning(says, patient.folder.root, "see `showfloor status`; restart with `down` and `up`, and report it")
    return good(says)


def _all(patient: Patient) -> Iterator[tuple[str, psutil.Process]]:
    """Yield the processes that run, without PostgreSQL's own children."""
    for process in patient.processes:
        if (pid := supervisor_pid(process)) is not None:
            yield process["name"], psutil.Process(pid)


CHECKS: tuple[Check, ...] = (lock, orphans, last_start, ports)
WHILE_RUNNING: tuple[Check, ...] = (services, restarts, files_in_use, memory_in_use)
