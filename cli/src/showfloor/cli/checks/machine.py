"""Checks of this machine and of the programs. They need nothing to run."""

import resource
import shutil
import socket
import sys
import time
from importlib import resources
from pathlib import Path

import psutil

from showfloor.cli.checks.finding import Check, Finding, Patient, broken, good, warning
from showfloor.embedded import nats
from showfloor.embedded import programs as embedded
from showfloor.platform.startup_error import StartupError

GIB = 1024**3
DISK_NEEDED, DISK_WISHED = 1 * GIB, 5 * GIB
MEMORY_NEEDED = 1 * GIB
FILES_NEEDED = 1024
SHARED_MEMORY_NEEDED = 16 * 1024 * 1024


def python(patient: Patient) -> Finding:
    """Runs it in an environment of its own? (Its version was settled when it was installed.)"""
    says = f"{'.'.join(map(str, sys.version_info[:3]))} at {sys.executable}"
    if sys.prefix == sys.base_prefix:
        step = "run `make install`, then .venv/bin/showfloor"
        return warning(f"{says}, not in a virtual environment", sys.executable, step)
    return good(says)


def clock(patient: Patient) -> Finding:
    """The clock must not stand before what was already written."""
    now = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    if time.time() < patient.state.get("started", 0.0) - 5:
        place = patient.folder.state_file
        return broken(f"{now} is before the last start", place, "set the clock: recorded times would run backwards")
    if time.gmtime().tm_year < 2024:
        return broken(now, "this machine", "set the clock")
    return good(now)


def memory(patient: Patient) -> Finding:
    available = psutil.virtual_memory().available
    says = f"{available / GIB:.1f} GiB available"
    if available < MEMORY_NEEDED:
        return warning(says, "this machine", "all processes together use up to 1 GiB: close something")
    return good(says)


def disk(patient: Patient) -> Finding:
    root = patient.folder.root
    where = next(path for path in (root, *root.parents) if path.exists())
    free = shutil.disk_usage(where).free
    says = f"{free / GIB:.1f} GiB free at {where}"
    if free < DISK_NEEDED:
        return broken(says, where, "free at least 1 GiB, or choose another --data folder")
    return warning(says, where, "a busy shop needs about 5 GiB") if free < DISK_WISHED else good(says)


def open_files(patient: Patient) -> Finding:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FILES_NEEDED:
        return warning(f"limit {soft} (hard {hard})", "this shell", f"run `ulimit -n {FILES_NEEDED}` before `up`")
    return good(f"limit {soft}")


def shared_memory(patient: Patient) -> Finding:
    """PostgreSQL keeps small shared segments in /dev/shm on Linux."""
    shm = Path("/dev/shm")  # noqa: S108
    if sys.platform != "linux":
        return good("not needed on this system")
    if not shm.is_dir():
        return broken(f"{shm} is missing", shm, "mount a tmpfs there")
    free = shutil.disk_usage(shm).free
    if free < SHARED_MEMORY_NEEDED:
        return broken(f"{free // 1024} KiB free", shm, "give the container --shm-size=64m")
    return good(f"{free / GIB:.1f} GiB free in {shm}")


def loopback(patient: Patient) -> Finding:
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
    except OSError as error:
        return broken(f"it cannot be used: {error}", "127.0.0.1", "bring the loopback interface up")
    return good("127.0.0.1 can be listened on")


def postgres_programs(patient: Patient) -> Finding:
    try:
        return good(str(embedded.binaries()))
    except StartupError as error:
        return broken(error.cause, error.place, error.next_step)


def nats_program(patient: Patient) -> Finding:
    try:
        program = nats.binary()
    except StartupError as error:
        return broken(error.cause, error.place, error.next_step)
    found = nats.version(program)
    says = f"{'.'.join(map(str, found)) or 'an unknown version'} at {program}"
    if found < nats.MINIMUM_VERSION:
        return broken(says, program, "run `make install`: 2.15.1 or newer is needed")
    return good(says)


def web_console(patient: Patient) -> Finding:
    """The static files that the gateway serves."""
    page = resources.files("showfloor.gateway") / "console" / "static" / "index.html"
    if not page.is_file():
        return warning("it is not built: the API works, the pages do not", page, "run `make console`")
    return good("built")


CHECKS: tuple[Check, ...] = (
    python,
    clock,
    memory,
    disk,
    open_files,
    shared_memory,
    loopback,
    postgres_programs,
    nats_program,
    web_console,
)
