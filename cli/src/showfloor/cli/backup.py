"""`showfloor backup`: one file that `showfloor restore` makes the whole system of again."""

import asyncio
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from showfloor.api.common.v1.operator_service_pb2 import PartStatus
from showfloor.cli import operators
from showfloor.cli.backups import archive, cluster, keys
from showfloor.cli.backups.manifest import FORMAT, PRODUCT, Manifest, ServiceAt
from showfloor.cli.backups.workplace import need_space, put_in_place, step, workplace
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console
from showfloor.embedded.folder import DataFolder, read_json, write_private
from showfloor.embedded.postgres import Postgres
from showfloor.platform.startup_error import StartupError

SUFFIX = ".tar.gz"
SIGNAL_STORE = "jetstream/*/streams/SIGNALS"  # in the broker's folder
SIGNAL_PATIENCE = 60.0  # seconds for what is stored now to be folded
LOOK = 0.1  # seconds


def backup(target: Path, *, data: Data = DEFAULT_FOLDER) -> None:
    """Write everything Showfloor holds into one file, while it runs or while it is stopped.

    Every service's database is taken at one moment, and the copy is opened and read once before the file gets its
    name. The file holds the keys that sign people in: keep it as safe as the data folder itself. The keys of what
    people wrote are in files of their own beside it, the newest in place of those before.

    Parameters
    ----------
    target
        The file to write, named `….tar.gz`, or a folder for a file named after the time; made when it is missing.
    """
    folder = DataFolder(data)
    if not (folder.postgres / "PG_VERSION").exists():
        raise StartupError(
            "there is nothing to back up", place=str(folder.root), next_step="name the data folder with --data DIR"
        )
    file = _file(target)
    began = time.monotonic()
    with workplace(file) as work, _held(folder) as running:
        copied = [folder.postgres] if running else [folder.postgres, folder.nats]
        need_space(file.parent, 2 * cluster.size_of(*copied), "the backup (the databases twice, while it works)")
        manifest = _take(folder, work, running, file.parent)
        put_in_place(work / "archive", file)
    size = file.stat().st_size
    write_private(folder.root / "backup.json", json.dumps({"time": time.time(), "file": str(file), "size": size}))
    console.print(f"{file}: {size / 1e6:,.1f} MB in {time.monotonic() - began:.1f} s, mode 0600")
    views = sum(len(service.views) for service in manifest.services.values())
    console.print(f"  {len(manifest.files)} files, {views} views; holds what was acknowledged before {manifest.began}")
    console.print("  Keep the newest showfloor-keys-* beside it: without them nobody can read what people wrote.")
    console.print("  It holds the operator key and every signing key: whoever reads it can sign in as anybody.")


def last_backup(folder: DataFolder) -> dict[str, object]:
    """Return when the last backup was taken (`time`, Unix seconds), and where; empty when there was none."""
    try:
        return read_json(folder.root / "backup.json")
    except StartupError:
        return {}


def _take(folder: DataFolder, work: Path, running: bool, beside: Path) -> Manifest:
    began = _now()
    copied = DataFolder(work / "data")
    copied.prepare()
    if running:
        with step("wait for signals") as progress:
            asyncio.run(_fold_signals(folder, progress))
    with step("copy the databases") as progress:
        if running:
            cluster.copy_running(Postgres(folder), copied.postgres, work / "copy.log", progress)
        else:
            cluster.copy_stopped(folder.postgres, copied.postgres, cluster.size_of(folder.postgres), progress)
    ended = _now()
    _copy_the_rest(folder, copied, running)
    with step("open and read the copy"):
        postgres, services = _look_at(copied)
    # Safe: both are of our own copy, in our own workplace, and tell of the look at it alone.
    shutil.rmtree(copied.logs)
    shutil.rmtree(copied.root / "run", ignore_errors=True)
    copied.socket_file.unlink(missing_ok=True)
    copied.keyring.rmdir()
    with step("hash") as progress:
        folders, files = archive.contents(copied.root, progress)
    wanted = {name: service.keyring for name, service in services.items() if service.keyring}
    keyrings = keys.copy_beside(folder, beside, wanted)  # after the databases: these keys open whatever is in the copy
    manifest = Manifest(
        product=PRODUCT,
        format=FORMAT,
        version=version("showfloor-cli"),
        postgres=postgres,
        began=began,
        ended=ended,
        signals="folded" if running else "stored",
        keyrings=keyrings,
        services=services,
        folders=folders,
        files=files,
    )
    with step("pack") as progress:
        archive.pack(copied.root, manifest, work / "archive", progress)
    return manifest


def _look_at(copied: DataFolder) -> tuple[str, dict[str, ServiceAt]]:
    """Start the copy once, alone: it must open, and shows what a restore must bring back."""
    cluster.tidy(copied.postgres)
    with cluster.out_of_service(copied) as postgres:
        seen = postgres.query("SHOW server_version"), cluster.services_in(postgres)
        others = cluster.others_in(postgres)
    if others:
        console.print(f"  databases of no service, copied and not checked: {', '.join(others)}")
    cluster.check_pages(copied.postgres)
    cluster.tidy(copied.postgres)
    return seen


def _copy_the_rest(folder: DataFolder, copied: DataFolder, running: bool) -> None:
    """Keys, secrets and what services keep in files; of a stopped broker the signals that are not folded yet."""
    for name in ("secrets", "keys", "services"):
        shutil.copytree(folder.root / name, copied.root / name, dirs_exist_ok=True)
    if folder.operator_key.exists():
        shutil.copyfile(folder.operator_key, copied.operator_key)
    if not running:
        for store in folder.nats.glob(SIGNAL_STORE):
            shutil.copytree(store, copied.nats / store.relative_to(folder.nats))


@contextmanager
def _held(folder: DataFolder) -> Iterator[bool]:
    """Yield whether the system runs; when it does not, nobody can start it while the block runs."""
    if folder.running():
        if (status := folder.state().get("status")) != "ready":
            raise StartupError(
                f"Showfloor is {status}",
                place=str(folder.root),
                next_step="wait until it is ready or stopped, then try again",
            )
        yield True
        return
    with cluster.stopped(folder):
        yield False


def _file(target: Path) -> Path:
    """Return the file to write, its folder made. Raises StartupError when it exists, or the folder cannot be made."""
    target = target.expanduser().absolute()
    file = target
    if not target.name.endswith(SUFFIX):
        file = target / f"showfloor-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}{SUFFIX}"
    if file.exists():
        raise StartupError(
            "the file exists", place=str(file), next_step="choose another name: backups overwrite nothing"
        )
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        text = f"the folder cannot be made: {error.strerror}"
        raise StartupError(
            text, place=str(file.parent), next_step=f"name another folder, or a file NAME{SUFFIX}"
        ) from None
    return file


async def _fold_signals(folder: DataFolder, progress: archive.Progress) -> None:
    """Wait until every signal that is acknowledged by now is in the databases. Raises StartupError."""
    for name, address in operators.addresses(folder).items():
        goal, first = None, 0
        end = time.monotonic() + SIGNAL_PATIENCE
        while True:
            parts = (await operators.status_of(folder, address)).parts
            fold = next((part for part in parts if part.kind == "fold"), None)
            if fold is None:
                break
            if fold.state == "running":  # of one that cannot look nothing is known, least of all how much waits
                if goal is None:
                    goal, first = fold.position + fold.lag, fold.position
                progress(fold.position - first, goal - first)
                if fold.position >= goal:
                    break
            if time.monotonic() > end:
                raise StartupError(
                    f"signals that are acknowledged may not be folded: {_waiting(fold, goal)}",
                    place=f"{name}: fold {fold.name}",
                    next_step="see `showfloor logs session`; or stop with `showfloor down` and back up then:"
                    " a backup of a stopped system holds them as they are",
                )
            await asyncio.sleep(LOOK)


def _waiting(fold: PartStatus, goal: int | None) -> str:
    return (
        fold.detail or fold.state if goal is None else f"waiting batches: {goal - fold.position} {fold.detail}".rstrip()
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
