"""A folder that is made beside its place and gets its name only when it is whole.

Whoever is killed in the middle leaves a folder that is recognisably ours, which the next one clears away.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MARKER = "made-by-showfloor"
CONTENT = "content"
_SAYS = (
    "Showfloor was making something here and did not finish: nobody uses this folder, and the next start deletes it.\n"
)


@contextmanager
def made_beside(place: Path) -> Iterator[Path]:
    """Yield an empty folder; when the block ends well it becomes `place`, which is empty or not there until then.

    The caller holds the lock of what `place` lies in. Raises OSError, such as ENOTEMPTY when something else took the
    place meanwhile.
    """
    clear(place)
    making = Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent))
    try:
        (making / MARKER).write_text(_SAYS, encoding="utf-8")
        content = making / CONTENT
        content.mkdir(mode=0o700)
        yield content
        os.rename(content, place)  # noqa: PTH104 - takes the place of nothing or of an empty folder, and of nothing else
        flush(place.parent)
    finally:
        _remove(making)


def clear(place: Path) -> None:
    """Remove what killed runs left beside `place`. What does not carry our mark stays, whatever its name."""
    for left in place.parent.glob(f"{_prefix(place)}*"):
        if not left.is_symlink() and left.is_dir():
            _remove(left)


def _remove(making: Path) -> None:
    """Safe: the marker says that we made the folder, and nobody ever used what did not get its name.

    The marker goes last, so that whoever is killed here leaves a folder that is still known. One without a marker and
    with content is somebody else's: rmdir refuses it. Files that a killed program still writes are left for next time.
    """
    marker = making / MARKER
    if marker.is_file():
        shutil.rmtree(making / CONTENT, ignore_errors=True)
        if (making / CONTENT).exists():
            return
        marker.unlink()  # safe: the folder holds nothing else now
    try:
        making.rmdir()
    except OSError:
        return


def _prefix(place: Path) -> str:
    return f".{place.name}-new-"


def flush(path: Path) -> None:
    """Have a file's content, or a folder's names, on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
