"""Checks that need nothing to run: this machine, the programs, the data folder."""

import os
import resource
import shutil
import socket
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import psutil

from showfloor.cli.checks.finding import Finding, broken, good, warning
from showfloor.platform.embedded import nats, postgres
from showfloor.platform.embedded.folder import SOCKET_PATH_LIMIT, DataFolder
from showfloor.platform.trouble import Trouble

Check = Callable[[DataFolder], Finding]

GIB = 1024**3
DISK_NEEDED, DISK_WISHED = 1 * GIB, 5 * GIB
MEMORY_NEEDED = 1 * GIB
FILES_NEEDED = 1024
SHARED_MEMORY_NEEDED = 16 * 1024 * 1024


def python(folder: DataFolder) -> Finding:
    """Runs it in an environment of its own? (Its version was settled when it was installed.)"""
    says = f"{'.'.join(map(str, sys.version_info[:3]))} at {sys.executable}"
    if sys.prefix == sys.base_prefix:
        return warning(
            "python", f"{says}, not in a virtual environment", "run `make install`, then .venv/bin/showfloor"
        )
    return good("python", says)


def data_folder(folder: DataFolder) -> Finding:
    """Is it there, ours, and writable?"""
    if not folder.root.exists():
        return warning("data folder", f"{folder.root} does not exist yet", "`showfloor up` makes it")
    owner = folder.root.stat().st_uid
    if owner != os.geteuid():
        return broken(
            "data folder", f"{folder.root} belongs to user {owner}", "run as that user, or choose another --data"
        )
    try:
        with tempfile.TemporaryFile(dir=folder.root):
            pass
    except OSError as error:
        return broken("data folder", f"not writable: {error.strerror}", f"chmod u+rwx {folder.root}")
    return good("data folder", str(folder.root))


def folder_is_private(folder: DataFolder) -> Finding:
    """Others may at most pass through."""
    if not folder.root.exists():
        return good("folder privacy", "nothing there yet")
    mode = stat.S_IMODE(folder.root.stat().st_mode)
    if mode & 0o066:
        return broken("folder privacy", f"mode {mode:o} lets others look in", f"chmod 711 {folder.root}")
    return good("folder privacy", f"mode {mode:o}")


def secrets(folder: DataFolder) -> Finding:
    """Every secret file is readable by its owner alone."""
    files = [folder.operator_key, *folder.secrets.glob("*"), *folder.keys.glob("*.key.json")]
    loose = [str(path) for path in files if path.exists() and path.stat().st_mode & 0o077]
    if loose:
        return broken("secrets", f"others can read {', '.join(loose)}", f"chmod 600 {' '.join(loose)}")
    return good("secrets", f"{sum(path.exists() for path in files)} files, all 0600")


def disk(folder: DataFolder) -> Finding:
    where = next(path for path in (folder.root, *folder.root.parents) if path.exists())
    free = shutil.disk_usage(where).free
    says = f"{free / GIB:.1f} GiB free at {where}"
    if free < DISK_NEEDED:
        return broken("disk", says, "free at least 1 GiB, or choose another --data folder")
    return warning("disk", says, "a busy shop needs about 5 GiB") if free < DISK_WISHED else good("disk", says)


def memory(folder: DataFolder) -> Finding:
    available = psutil.virtual_memory().available
    says = f"{available / GIB:.1f} GiB available"
    if available < MEMORY_NEEDED:
        return warning("memory", says, "all processes together use up to 1 GiB: close something")
    return good("memory", says)


def open_files(folder: DataFolder) -> Finding:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FILES_NEEDED:
        return warning("open files", f"limit {soft} (hard {hard})", f"run `ulimit -n {FILES_NEEDED}` first")
    return good("open files", f"limit {soft}")


def shared_memory(folder: DataFolder) -> Finding:
    """PostgreSQL keeps small shared segments in /dev/shm on Linux."""
    shm = Path("/dev/shm")  # noqa: S108
    if sys.platform != "linux":
        return good("shared memory", "not needed on this system")
    if not shm.is_dir():
        return broken("shared memory", f"{shm} is missing", "mount a tmpfs there")
    free = shutil.disk_usage(shm).free
    if free < SHARED_MEMORY_NEEDED:
        return broken("shared memory", f"{free // 1024} KiB free in /dev/shm", "give the container --shm-size=64m")
    return good("shared memory", f"{free / GIB:.1f} GiB free in /dev/shm")


def socket_path(folder: DataFolder) -> Finding:
    path = f"{folder.socket_folder()}/.s.PGSQL.5432"
    length = len(os.fsencode(path))
    if length > SOCKET_PATH_LIMIT:
        return broken("socket path", f"{length} bytes: {path}", "set TMPDIR to a shorter folder")
    return good("socket path", f"{length} of {SOCKET_PATH_LIMIT} bytes, in {folder.socket_folder()}")


def clock(folder: DataFolder) -> Finding:
    """The clock must not stand before what was already written."""
    started = folder.state().get("started", 0.0)
    if time.time() < started - 5:
        return broken("clock", "it stands before the last start", "set the clock: recorded times would run backwards")
    if time.gmtime().tm_year < 2024:
        return broken("clock", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), "set the clock")
    return good("clock", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()))


def loopback(folder: DataFolder) -> Finding:
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
    except OSError as error:
        return broken("loopback", f"127.0.0.1 cannot be used: {error}", "bring the loopback interface up")
    return good("loopback", "127.0.0.1 can be listened on")


def postgres_programs(folder: DataFolder) -> Finding:
    try:
        return good("postgres programs", str(postgres.binaries()))
    except Trouble as trouble:
        return broken("postgres programs", trouble.cause, trouble.next_step)


def nats_program(folder: DataFolder) -> Finding:
    try:
        program = nats.binary()
    except Trouble as trouble:
        return broken("nats program", trouble.cause, trouble.next_step)
    found = nats.version(program)
    says = f"{'.'.join(map(str, found))} at {program}"
    if found < nats.MINIMUM_VERSION:
        return broken("nats program", says, "run `make install`: 2.15.1 or newer is needed")
    return good("nats program", says)


def web_console(folder: DataFolder) -> Finding:
    """The static files that the gateway serves."""
    try:
        page = resources.files("showfloor.gateway") / "console" / "static" / "index.html"
    except ModuleNotFoundError:
        return broken("web console", "the gateway is not installed", "run `make install`")
    if not page.is_file():
        return warning("web console", "it is not built: the API works, the pages do not", "run `make console`")
    return good("web console", "built")


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
    data_folder,
    folder_is_private,
    secrets,
    socket_path,
)
