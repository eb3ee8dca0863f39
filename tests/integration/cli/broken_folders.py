"""Ways in which a data folder is broken, and what must be said of each. They are made out of a sound one."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from showfloor.embedded.condition import BACKUP_MANIFEST, FORM_FILE, RESTORING
from showfloor.embedded.folder import DataFolder

Break = Callable[[DataFolder], None]
STRANGER = 4711  # a user id that no machine knows


@dataclass(frozen=True)
class Broken:
    """How it is broken, and the words of the cause, of the place and of the way out."""

    how: Break
    cause: str
    place: str
    way_out: str
    check: str = "postgres files"


def delete(*names: str) -> Break:
    def how(folder: DataFolder) -> None:
        for name in names:
            path = folder.root / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return how


def write(name: str, content: bytes) -> Break:
    return lambda folder: (folder.root / name).write_bytes(content) and None


def mode(name: str, bits: int) -> Break:
    return lambda folder: (folder.root / name).chmod(bits)


def cut(name: str, size: int) -> Break:
    return lambda folder: os.truncate(folder.root / name, size)


def both(*breaks: Break) -> Break:
    def how(folder: DataFolder) -> None:
        for one in breaks:
            one(folder)

    return how


def link(folder: DataFolder) -> None:
    elsewhere = folder.root.with_name("elsewhere")
    folder.postgres.rename(elsewhere)
    folder.postgres.symlink_to(elsewhere)


def no_log(folder: DataFolder) -> None:
    for file in (folder.postgres / "pg_wal").glob("0*"):
        file.unlink()


def rotten_control(folder: DataFolder) -> None:
    with (folder.postgres / "global/pg_control").open("r+b") as file:
        file.seek(100)
        file.write(b"rotten")


def file_in_place(name: str) -> Break:
    return both(delete(name), write(name, b"a file"))


def give(name: str, user: int) -> Break:
    return lambda folder: os.chown(folder.root / name, user, -1)


VERSION, CONTROL = "postgres/PG_VERSION", "postgres/global/pg_control"
USED = write("secrets/postgres-session_app.pgpass", b"*:*:*:session_app:x\n")
FOLDER = "data folder"

FORM = f"postgres/{FORM_FILE}"
BROKEN = {
    "an older form": Broken(delete(FORM), "the data is of another form, 1", "", "another folder"),
    "a newer form": Broken(write(FORM, b"99\n"), "the data is of another form, 99", "", "another folder"),
    "version missing": Broken(delete(VERSION), "PG_VERSION is missing", VERSION, "printf '18"),
    "version empty": Broken(write(VERSION, b""), "PG_VERSION is missing or empty", VERSION, "printf '18"),
    "version garbage": Broken(write(VERSION, b"\xff\x00rubbish"), "holds no version", VERSION, "printf '18"),
    "version and control gone": Broken(
        both(USED, delete(VERSION, CONTROL)), "no whole database", VERSION, "copy the folder again"
    ),
    "only begun by an older Showfloor": Broken(
        delete(VERSION, CONTROL), "no whole database", VERSION, "it never served"
    ),
    "newer": Broken(write(VERSION, b"19\n"), "the data is of PostgreSQL 19", VERSION, "or a newer one"),
    "older": Broken(write(VERSION, b"17\n"), "the data is of PostgreSQL 17", VERSION, "upgrade_db"),
    "no control file": Broken(delete(CONTROL), "half copied: global/pg_control", "postgres", "copy the whole folder"),
    "half a control file": Broken(cut(CONTROL, 300), "300 of 8192 bytes", "postgres", "copy the whole folder"),
    "rotten control file": Broken(rotten_control, "pg_control is damaged", CONTROL, "restore the last backup"),
    "empty folders left out": Broken(
        delete("postgres/pg_notify", "postgres/pg_twophase"), "half copied: pg_notify, pg_twophase", "postgres", "empty"
    ),
    "a database left out": Broken(
        delete("postgres/base/5"), "half copied: base/5/PG_VERSION", "postgres", "copy the whole folder"
    ),
    "a database cut short": Broken(
        delete("postgres/base/5/PG_VERSION"), "half copied: base/5/PG_VERSION", "postgres", "copy the whole folder"
    ),
    "no log": Broken(no_log, "with which the server begins", "postgres/pg_wal", "copy the whole folder"),
    "a backup half unpacked": Broken(
        both(write(BACKUP_MANIFEST, b"{}"), delete("postgres/pg_wal")), "half restored", "postgres", "showfloor restore"
    ),
    "half restored": Broken(write(RESTORING, b""), "a restore into this folder", "", "showfloor restore", FOLDER),
    "databases gone": Broken(both(USED, delete("postgres")), "the databases are gone", "postgres", "bring them back"),
    "emptied": Broken(
        both(USED, delete("postgres"), lambda folder: folder.postgres.mkdir()), "are gone", "postgres", "--data"
    ),
    "a file": Broken(file_in_place("postgres"), "not a folder", "postgres", "move it away"),
    "a link": Broken(link, "a link to another place", "postgres", "move what it leads to"),
    "no right to write": Broken(mode(CONTROL, 0o400), "no right to read, write", CONTROL, "chmod -R u+rwX"),
    "a room is a file": Broken(file_in_place("keys"), "not a folder", "keys", "move it away", FOLDER),
    "a room is closed": Broken(mode("nats", 0o500), "no right to read, write", "nats", "chmod u+rwx", FOLDER),
    "the folder is closed": Broken(mode("", 0o500), "no right to read, write", "", "chmod u+rwx", FOLDER),
}
"""By what happened to it."""

FOREIGN = {
    "cluster of a stranger": Broken(give("postgres", STRANGER), "it belongs to 4711", "postgres", "chown -R"),
    "a file of root": Broken(give(CONTROL, 0), "it belongs to root", CONTROL, "chown -R"),
    "a room of a stranger": Broken(give("logs", STRANGER), "it belongs to 4711", "logs", "chown -R", FOLDER),
}
"""The same, where only root can break it."""


def sound_copy(sound: DataFolder, to: Path) -> DataFolder:
    """Return a copy with modes and owners."""
    subprocess.run(["cp", "-a", sound.root, to], check=True)
    return DataFolder(to)


def picture(root: Path) -> dict[str, tuple[int, int, int]]:
    """Return what is in a folder, with mode, owner and size; a read of a file does not show."""
    found = {str(path.relative_to(root)): path.lstat() for path in sorted((root, *root.rglob("*")))}
    return {
        name: (one.st_mode, one.st_uid, 0 if stat.S_ISDIR(one.st_mode) else one.st_size) for name, one in found.items()
    }
