"""A PostgreSQL cluster for a backup: copied at one moment, run out of service, and looked at."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from showfloor.cli.backups.archive import Progress
from showfloor.cli.backups.manifest import ServiceAt, ViewAt
from showfloor.cli.services import with_database
from showfloor.embedded.child import Command, run_as, spawn
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import SUPERUSER, Postgres
from showfloor.embedded.programs import binaries
from showfloor.eventstore.inventory import inventory
from showfloor.platform.startup_error import StartupError

RECOVERY_SECONDS = 900.0  # to replay what was written during the copy
STOP_SECONDS = 120.0
LOOK = 0.1  # seconds
_SERVICES = {service.name for service in with_database()}
NOT_COPIED = ("postmaster.pid", "postmaster.opts", "backup_manifest", "backup_label.old", "tablespace_map.old")


def copy_running(live: Postgres, to: Path, log: Path, progress: Progress) -> None:
    """Copy the cluster of a running server with the log that makes it whole. Raises StartupError.

    One copy of the whole cluster is one moment for every service's database; nobody waits for it.
    """
    to.mkdir(mode=0o700)
    argv = [str(binaries() / "pg_basebackup"), "-h", str(live.socket), "-U", SUPERUSER, "-D", str(to)]
    argv += ["--wal-method=stream", "--checkpoint=fast", "--progress", "--no-password"]
    _finish(spawn(Command(argv, env=live.login()), log), log, progress, "the databases cannot be copied")


def copy_stopped(cluster: Path, to: Path, total: int, progress: Progress) -> None:
    """Copy the cluster of a server that does not run."""
    done = 0

    def copy(source: str, target: str) -> str:
        nonlocal done
        shutil.copyfile(source, target)
        done += Path(target).stat().st_size
        progress(done, total)
        return target

    shutil.copytree(cluster, to, copy_function=copy, symlinks=True)


@contextmanager
def out_of_service(folder: DataFolder) -> Iterator[Postgres]:
    """Run the cluster of a folder for nobody but us while the block runs; it is shut down cleanly afterwards."""
    postgres = Postgres(folder)
    postgres.adopt()
    postgres.prepare()
    log = folder.log("postgres")
    server = spawn(postgres.command(), log)
    try:
        _wait_until_open(postgres, server, log)
        yield postgres
    finally:
        server.send_signal(postgres.command().stop_signal)
        try:
            server.wait(STOP_SECONDS)
        finally:
            server.kill()
            if postgres.socket.parent != folder.root:
                with suppress(OSError):
                    postgres.socket.rmdir()  # safe: the server that ended took its socket along, else it stays


@contextmanager
def at_hand(folder: DataFolder) -> Iterator[Postgres]:
    """Yield the server of a data folder: the one that runs, or one for nobody but us while the block runs."""
    if folder.running():
        yield Postgres(folder)
        return
    with stopped(folder), out_of_service(folder) as postgres:
        yield postgres


@contextmanager
def stopped(folder: DataFolder) -> Iterator[None]:
    """Keep a folder in which nothing runs from being started while the block runs. Raises StartupError."""
    left = Postgres(folder).leftover()
    if left is not None and psutil.pid_exists(left):
        raise StartupError(
            f"a PostgreSQL (pid {left}) runs in the folder, though Showfloor does not",
            place=str(folder.postgres / "postmaster.pid"),
            next_step="end it with `showfloor down`, then try again",
        )
    with folder.locked():
        yield


def check_pages(cluster: Path) -> None:
    """Check the checksum of every page of a stopped cluster. Raises StartupError.

    `pg_verifybackup` would compare files with what the server says it sent; the one in the wheel crashes.
    """
    checked = run_as(None, [str(binaries() / "pg_checksums"), "--check", "-D", str(cluster)], cluster)
    if checked.returncode:
        raise StartupError(
            f"pages of the databases are damaged: {' / '.join(checked.stderr.strip().splitlines()[-4:])}",
            place=str(cluster),
            next_step="look for faults of the disk and the memory; restore the last good backup elsewhere and compare",
        )


def tidy(cluster: Path) -> None:
    """Remove what belongs to the copying and to the last run, not to the data."""
    for name in NOT_COPIED:  # safe: of a copy that we made, and nothing that PostgreSQL needs to start
        (cluster / name).unlink(missing_ok=True)


def services_in(postgres: Postgres) -> dict[str, ServiceAt]:
    """Return what each service's database holds."""
    found = {}
    for name in sorted(_SERVICES & _databases(postgres)):
        seen = inventory(postgres.url(name, SUPERUSER))
        views = {view: ViewAt(at.fingerprint, at.position) for view, at in seen.views.items()}
        found[name] = ServiceAt(seen.last_position, seen.migrations, views, seen.keyring)
    return found


def keyrings_in(postgres: Postgres) -> dict[str, str]:
    """Return the id of the keyring that each service's database is sealed with; none where none was ever used."""
    found = {}
    for name in sorted(_SERVICES & _databases(postgres)):
        if postgres.query("SELECT to_regclass('public.log_keyring')", database=name):
            found[name] = postgres.query("SELECT id FROM log_keyring ORDER BY number DESC LIMIT 1", database=name)
    return {name: keyring for name, keyring in found.items() if keyring}


def others_in(postgres: Postgres) -> list[str]:
    """Return the databases that belong to no service: somebody made them by hand."""
    return sorted(_databases(postgres) - _SERVICES)


def _databases(postgres: Postgres) -> set[str]:
    sql = "SELECT datname FROM pg_database WHERE datname <> 'postgres' AND NOT datistemplate"
    return set(postgres.query(sql).splitlines())


def size_of(*folders: Path) -> int:
    """Return the bytes under some folders; files and folders may vanish meanwhile."""
    total = 0
    for folder in folders:
        for inside, folders_in_it, files in os.walk(folder):
            for name in (*folders_in_it, *files):
                with suppress(FileNotFoundError):
                    total += Path(inside, name).lstat().st_size
    return total


def _finish(child: "subprocess.Popen[bytes]", log: Path, progress: Progress, what: str) -> None:
    try:
        while child.poll() is None:
            if seen := re.findall(r"(\d+)/(\d+) kB", _tail(log)):
                progress(int(seen[-1][0]) * 1024, int(seen[-1][1]) * 1024)
            time.sleep(LOOK)
    finally:
        child.kill()
        child.wait()
    if child.returncode:
        raise StartupError(
            f"{what}: {_words(log)}", place=str(log.parent), next_step="see `showfloor doctor`, then try again"
        )


def _wait_until_open(postgres: Postgres, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            postgres.query("SELECT 1")
        except OSError as error:
            if server.poll() is None and time.monotonic() < end:
                time.sleep(LOOK)
                continue
            raise StartupError(
                f"the databases do not open ({error}): {_words(log)}",
                place=str(postgres.cluster),
                next_step="keep this message; take another backup, or restore an older one",
            ) from None
        return


def _tail(log: Path, size: int = 4096) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - size))
        return file.read().decode("utf-8", "replace")


def _words(log: Path) -> str:
    lines: Sequence[str] = _tail(log).strip().splitlines()
    return " / ".join(lines[-4:])
