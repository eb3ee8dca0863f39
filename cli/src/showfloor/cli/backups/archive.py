"""A backup is one gzipped tar: the manifest first, then every file it names, and nothing else.

Plain formats on purpose: `tar tzf` shows what is inside, on any machine, without Showfloor.
"""

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from showfloor.cli.backups import manifest as manifests
from showfloor.cli.backups.manifest import Content, Manifest, damaged, foreign
from showfloor.platform.startup_error import StartupError

COMPRESSION = 3  # of 9: twice as fast as the usual 6, and hardly larger
BLOCK = 1024 * 1024  # bytes
MAX_MANIFEST = 64 * 1024 * 1024  # bytes

ODD_HEADER = (
    ValueError,
    OverflowError,
    LookupError,
    TypeError,
)  # what tarfile raises for headers that it does not expect
UNREADABLE = (EOFError, zlib.error, tarfile.TarError, *ODD_HEADER)

Progress = Callable[[int, int], None]
"""(bytes done, bytes in all)."""


def contents(root: Path, progress: Progress) -> tuple[list[str], dict[str, Content]]:
    """Return the folders and the files under `root`, the files with size and hash. Raises StartupError at a link."""
    folders: list[str] = []
    files: dict[str, Content] = {}
    paths = sorted(root.rglob("*"))
    total, done = sum(path.lstat().st_size for path in paths), 0
    for path in paths:
        name = path.relative_to(root).as_posix()
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise StartupError(
                "what is neither a file nor a folder cannot be backed up",
                place=str(path),
                next_step="move what it leads to into the data folder: a backup must hold everything itself",
            )
        if path.is_dir():
            folders.append(name)
            continue
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            files[name] = Content(file.tell(), digest)
        done += files[name].size
        progress(done, total)
    return folders, files


def pack(root: Path, manifest: Manifest, archive: Path, progress: Progress) -> None:
    """Write the archive (mode 0600) and have it on disk before returning."""
    descriptor = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        zipped = gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=COMPRESSION, filename="", mtime=0)
        with zipped, tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            text = msgspec.json.format(msgspec.json.encode(manifest))
            tar.addfile(_member(manifests.NAME, len(text)), io.BytesIO(text))
            done = 0
            for name, content in manifest.files.items():
                with (root / name).open("rb") as file:
                    tar.addfile(_member(name, content.size), file)
                done += content.size
                progress(done, manifest.size)
        raw.flush()
        os.fsync(raw.fileno())


def unpack(archive: Path, root: Path, allow: Callable[[Manifest], None], progress: Progress) -> Manifest:
    """Write what the archive holds into the empty folder `root`, checking each file; return its manifest.

    `allow` sees the manifest before anything is written. Raises StartupError: foreign, too new, damaged; links, devices
    and files that the manifest does not name count as damage.
    """
    try:
        with gzip.open(archive) as zipped:
            with _tar_in(zipped, archive) as tar:
                manifest = _manifest(tar, archive)
                allow(manifest)
                _unpack_files(tar, manifest, archive, root, progress)
            while zipped.read(BLOCK):
                pass  # its checksum is at the very end
    except gzip.BadGzipFile:
        raise foreign(archive) from None
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise damaged(archive, f"it holds two things of one name ({error.filename})") from None
    except UNREADABLE as error:
        raise damaged(archive, f"it ends too early, or bytes were changed ({error})") from None
    return manifest


def _tar_in(zipped: gzip.GzipFile, archive: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=zipped, mode="r|")  # a stream: members in their order, one at a time
    except (tarfile.ReadError, *ODD_HEADER):
        raise foreign(archive) from None


def _manifest(tar: tarfile.TarFile, archive: Path) -> Manifest:
    first = tar.next()
    if first is None or first.name != manifests.NAME or not first.isreg() or first.size > MAX_MANIFEST:
        raise foreign(archive)
    return manifests.read(_opened(tar, first).read(), archive)


def _unpack_files(tar: tarfile.TarFile, manifest: Manifest, archive: Path, root: Path, progress: Progress) -> None:
    for folder in manifest.folders:
        (root / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    missing, done = dict(manifest.files), 0
    while (member := tar.next()) is not None:
        content = missing.pop(member.name, None)
        if content is None or not member.isreg():
            raise damaged(archive, f"{member.name} is a link, a device, comes twice, or is not named in its manifest")
        target = root / member.name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _copy(_opened(tar, member), target) != content:
            raise damaged(archive, f"{member.name} is not as it was written")
        done += content.size
        progress(done, manifest.size)
    if missing:
        raise damaged(archive, f"{next(iter(missing))} is missing, and {len(missing) - 1} files more")


def _copy(source: IO[bytes], target: Path) -> Content:
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while block := source.read(BLOCK):
            digest.update(block)
            size += file.write(block)
    return Content(size, digest.hexdigest())


def _opened(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(member)
    assert file is not None, "only regular files come here"
    return file


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member
