"""The first member of a backup: what it is of, who can read it, and what must come out of it."""

import hashlib
from importlib import resources
from pathlib import Path, PurePosixPath

import msgspec

from showfloor.cli.services import with_database
from showfloor.embedded.programs import MAJOR
from showfloor.platform.startup_error import StartupError

FORMAT = 2  # raise it when an older `restore` would misread what a newer `backup` writes
NAME = "manifest.json"
PRODUCT = "showfloor-backup"
_MAX_NAME = 1024  # characters
_MAX_PART = 255  # bytes: what file systems take


class Content(msgspec.Struct, frozen=True):
    """One file of the archive."""

    size: int
    sha256: str


class ViewAt(msgspec.Struct, frozen=True):
    """A view at the moment of the backup: the digest of its rows, and its position."""

    fingerprint: str
    position: int


class ServiceAt(msgspec.Struct, frozen=True):
    """A service's database at that moment. `migrations` are digests by file name. `keyring`: what it is sealed with."""

    last_position: int
    migrations: dict[str, str]
    views: dict[str, ViewAt]
    keyring: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Times are RFC 3339 UTC: everything acknowledged before `began` is inside, nothing after `ended`.

    `signals`: "folded" (those acknowledged before `began` are in the databases) or "stored" (as files of the stream).
    `keyrings`: by service, the name of the keys of what people wrote, which lie beside the backup.
    """

    product: str
    format: int
    version: str
    postgres: str
    began: str
    ended: str
    signals: str
    services: dict[str, ServiceAt]
    folders: list[str]
    files: dict[str, Content]
    keyrings: dict[str, str] = {}

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(content.size for content in self.files.values())


_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)  # what msgspec raises for nonsense


class _Head(msgspec.Struct):
    product: str
    format: int
    version: str = "of an unknown version"


def read(text: bytes, archive: Path) -> Manifest:
    """Return the manifest in `text`. Raises StartupError when it is foreign, too new, or leads out of its folder."""
    try:
        head = msgspec.json.decode(text, type=_Head)
    except _UNREADABLE:
        raise foreign(archive) from None
    if head.product != PRODUCT:
        raise foreign(archive)
    if head.format > FORMAT:
        raise _too_new(archive, f"it has format {head.format}, this version reads up to {FORMAT}", head.version)
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except _UNREADABLE as error:
        raise damaged(archive, f"{NAME}: {error}") from None
    for name in (*manifest.files, *manifest.folders, *manifest.keyrings, *manifest.keyrings.values()):
        if not _stays_inside(name):
            raise damaged(archive, f"{NAME} names {name!r}, which lies outside, or is too long")
    return manifest


def refuse_unreadable(manifest: Manifest, archive: Path) -> None:
    """Raise StartupError when this version cannot open the databases, or does not know what they hold."""
    if (major := manifest.postgres.partition(".")[0]) != MAJOR:
        raise StartupError(
            f"the backup holds data of PostgreSQL {major}, this version of Showfloor needs {MAJOR}",
            place=str(archive),
            next_step=f"restore it with Showfloor {manifest.version}, which wrote it; nothing was restored",
        )
    known = {service.name: migrations_of(service.module) for service in with_database()}
    for name, service in manifest.services.items():
        if name not in known:
            raise _too_new(archive, f"this version has no service {name}", manifest.version)
        if unknown := sorted(service.migrations.items() - known[name].items()):
            raise _too_new(archive, f"this version does not know {name}'s {unknown[0][0]}", manifest.version)


def migrations_of(module: str) -> dict[str, str]:
    """Return the digests of the migration files that a service brings, by name, as its database records them."""
    folder = resources.files(module) / "migrations"
    entries = folder.iterdir() if folder.is_dir() else ()
    files = (entry for entry in entries if entry.name.endswith(".sql") and entry.name[0].isdigit())
    return {entry.name: hashlib.sha256(entry.read_bytes()).hexdigest() for entry in files}


def foreign(archive: Path) -> StartupError:
    """Return the refusal of a file that no `showfloor backup` wrote."""
    return StartupError(
        "this is not a backup of Showfloor",
        place=str(archive),
        next_step="name a file that `showfloor backup` wrote",
    )


def damaged(archive: Path, what: str) -> StartupError:
    """Return the refusal of a backup that is not as it was written."""
    return StartupError(
        f"the backup is damaged: {what}",
        place=str(archive),
        next_step="copy the file again from where it is kept, or take an older backup; nothing was restored",
    )


def _too_new(archive: Path, why: str, version: str) -> StartupError:
    return StartupError(
        f"the backup was made by a newer Showfloor ({version}): {why}",
        place=str(archive),
        next_step=f"install Showfloor {version} or newer, then restore with it; nothing was restored",
    )


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    plain = bool(path.parts) and not path.is_absolute() and str(path) == name
    short = len(name) <= _MAX_NAME and all(len(part.encode()) <= _MAX_PART for part in path.parts)
    return plain and short and ".." not in path.parts and "\0" not in name and "\\" not in name
