"""A folder that is made beside its place and gets its name only when it is whole.

A killed run leaves a folder with our marker in it, which the next run removes.
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
    """Remove what killed runs left beside `place`. A folder without our marker stays, whatever its name."""
    for left in place.parent.glob(f"{_prefix(place)}*"):
        if not left.is_symlink() and left.is_dir():
            _remove(left)


def _remove(making: Path) -> None:
    """Remove an unfinished folder. Safe: the marker says that we made it, and it was never used under its final name.

    The marker goes last: a run that is killed here leaves a folder that the next run still knows. A folder with content
    and no marker is not ours: rmdir refuses it. Files that a killed program still writes are left for the next run.
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
