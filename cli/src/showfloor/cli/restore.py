"""`showfloor restore`: a whole system out of one backup, proven before it gets its name."""

import asyncio
import os
import time
from pathlib import Path
from typing import Annotated

import psutil
from cyclopts import Parameter

from showfloor.cli import operators
from showfloor.cli.backups import archive, cluster
from showfloor.cli.backups.keys import put_back
from showfloor.cli.backups.manifest import Manifest, ServiceAt, damaged, refuse_unreadable
from showfloor.cli.backups.workplace import need_space, put_in_place, step, workplace
from showfloor.cli.hosting import host
from showfloor.cli.services import services
from showfloor.cli.terminal import console, marked, problems
from showfloor.embedded.condition import RESTORING
from showfloor.embedded.folder import VOLUME_OWN, DataFolder
from showfloor.embedded.topology import System
from showfloor.platform.startup_error import StartupError

CATCH_UP_SECONDS = 600.0
LOOK = 0.1  # seconds


def restore(
    file: Path,
    *,
    data: Annotated[Path, Parameter(name="--data", help="The new data folder: empty, or not there.")],
    keys: Annotated[
        Path | None, Parameter(help="The folder of the newest showfloor-keys-*, if not the backup's.")
    ] = None,
) -> None:
    """Make a data folder out of a backup, and prove it: hashes of all files, and every view equal to its rebuild.

    The folder gets its name only when that is done; start it then with `showfloor up --data FOLDER`. A view that is
    not what the log says is named (exit code 1): in the new folder it follows the log.
    """
    file, target = file.expanduser().absolute(), data.expanduser().resolve()
    _refuse_used(target)
    if not file.is_file():
        raise StartupError(
            "there is no such file", place=str(file), next_step="name a file that `showfloor backup` wrote"
        )
    with workplace(target) as work:
        folder = DataFolder(work / "data")
        manifest = _unpacked(file, folder, keys.expanduser().absolute() if keys else file.parent)
        _compare(file, folder, manifest)
        with folder.locked():
            unlike = _run_once(folder)
        for left in (folder.state_file, folder.ports_file, folder.socket_file, folder.root / RESTORING):
            left.unlink(missing_ok=True)  # safe: of our own run just now; each start writes the first two again
        with step("write to the disk"):
            put_in_place(folder.root, target)
    console.print(f"restored into {target}; start it with `showfloor up --data {target}`")
    if unlike:
        raise StartupError(
            f"these views were not what the log says when the backup was taken: {', '.join(unlike)}",
            place=str(target),
            next_step="the restored folder is sound: the log is whole, and these views were built from it again;"
            " where the backup was taken run `showfloor rebuild VIEW --compare`, and find out what changed them",
        )


def _unpacked(file: Path, folder: DataFolder, keys: Path) -> Manifest:
    def allow(manifest: Manifest) -> None:
        refuse_unreadable(manifest, file)
        need_space(folder.root.parent, manifest.size, "the restored folder")
        console.print(f"backup {describe(manifest)}")

    folder.prepare()
    (folder.root / RESTORING).touch()  # `up` says what a killed run left
    with step("unpack and check") as progress:
        manifest = archive.unpack(file, folder.root, allow, progress)
    put_back(manifest.keyrings, keys, folder)
    return manifest


def describe(manifest: Manifest) -> str:
    """Return the manifest in one line."""
    events = sum(service.last_position for service in manifest.services.values())
    return f"of {manifest.ended}, {events} events, {manifest.size / 1e6:,.1f} MB, PostgreSQL {manifest.postgres}"


def _compare(file: Path, folder: DataFolder, manifest: Manifest) -> None:
    """Open the databases alone and compare what they hold with the manifest. Raises StartupError when it differs."""
    with step("compare with the manifest"), cluster.out_of_service(folder) as postgres:
        found = cluster.services_in(postgres)
    for name, wanted in manifest.services.items():
        if (unlike := difference(wanted, found.get(name))) is not None:
            raise damaged(file, f"{name}: {unlike}")


def difference(wanted: ServiceAt, found: ServiceAt | None) -> str | None:
    """Return in what a database differs from the manifest; None when in nothing."""
    if found is None:
        return "its database is missing"
    unlike = [view for view, at in wanted.views.items() if found.views.get(view) != at]
    if unlike:
        return f"other rows than at the backup in view {', '.join(unlike)}"
    return None if found == wanted else "its log or its migrations are not those of the backup"


def _run_once(folder: DataFolder) -> list[str]:
    """Start everything, have JetStream filled from the log and every view rebuilt. Returns views that differ.

    Nobody can sign in meanwhile: what is written then would be lost if the restore fails.
    """
    unlike: list[str] | None = None

    async def prove() -> None:
        nonlocal unlike
        stopping = asyncio.Event()

        async def look(_system: System) -> None:
            nonlocal unlike
            unlike = await _rebuilt(folder)
            stopping.set()

        shut = services(web=False)
        await host(folder, shut, report=_report, probe=_nothing, when_ready=look, stopping=stopping)

    with step("rebuild and compare"):
        asyncio.run(prove())
        if unlike is None:
            raise KeyboardInterrupt
    return unlike


async def _rebuilt(folder: DataFolder) -> list[str]:
    """Have every view built again; say of each whether the rows that came out of the backup are the same."""
    unlike: list[str] = []
    for service, address in operators.addresses(folder).items():
        await _caught_up(folder, service, address)
        for view, (restored, rebuilt) in (await operators.compared(folder, address)).items():
            equal = restored == rebuilt
            console.print(f"  {service}/{view}: {restored[:16]} {'equals its rebuild' if equal else 'DIFFERS'}")
            unlike += [] if equal else [f"{service}/{view}"]
    return unlike


async def _caught_up(folder: DataFolder, service: str, address: str) -> None:
    """Wait until the log is on JetStream again, and what came as signals is folded. Raises StartupError."""
    end = time.monotonic() + CATCH_UP_SECONDS
    while True:
        parts = (await operators.status_of(folder, address)).parts
        late = [part for part in parts if part.kind in ("relay", "fold") and (part.lag or part.state != "running")]
        if not late:
            return
        if time.monotonic() > end:
            raise StartupError(
                f"{late[0].kind} {late[0].name} is still {late[0].lag} behind: {late[0].detail or late[0].state}",
                place=service,
                next_step="look at the messages above; the backup itself is whole, and nothing was left behind",
            )
        await asyncio.sleep(LOOK)


async def _nothing(_system: System) -> None:
    """Writes no self-test into a log that is to be compared."""


def _report(process: str, news: str) -> None:
    problems.print(marked("  ", (process, "yellow"), f": {news}"))


def _refuse_used(target: Path) -> None:
    if not target.parent.is_dir():
        raise StartupError("there is no such folder", place=str(target.parent), next_step="make it, or name another")
    held = {entry.name for entry in target.iterdir()} if target.is_dir() else set()
    if held - {VOLUME_OWN} or (target.exists() and not target.is_dir()):
        raise StartupError(
            "a backup is restored into a new or an empty folder only",
            place=str(target),
            next_step="name another with --data DIR: what is there stays as it is",
        )
    mounts = {part.mountpoint for part in psutil.disk_partitions(all=True)}
    if held or str(target) in mounts or os.path.ismount(target):
        raise StartupError(
            "this is the topmost folder of a volume: the restored folder cannot take its place",
            place=str(target),
            next_step=f"name a folder inside the volume: --data {target / 'showfloor'}",
        )
