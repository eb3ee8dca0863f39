"""Where a backup or a restore works until it is whole: a hidden folder beside the place of the result."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from showfloor.cli.terminal import console
from showfloor.embedded.beside import MARKER, flush
from showfloor.embedded.folder import AlreadyRunning, DataFolder
from showfloor.platform.startup_error import StartupError

SUFFIX = ".showfloor-partial"
SPARE = 64 * 1024 * 1024  # bytes to leave free


@contextmanager
def workplace(result: Path) -> Iterator[Path]:
    """Yield an empty folder beside `result`; it is gone afterwards, however the block ends.

    What a killed run left is removed first. SIGTERM and SIGHUP end the block like Ctrl-C.
    """
    work = result.parent / f".{result.name}{SUFFIX}"
    for left in result.parent.glob(f".*{SUFFIX}"):
        if (left / MARKER).is_file() or _empty(left):
            with suppress(AlreadyRunning, OSError), DataFolder(left).locked():  # another may be at work there
                remove_marked(left)
    if work.exists() and not (work / MARKER).is_file():
        raise StartupError(
            "what has this name was not made by a backup or a restore of this version, and is not touched",
            place=str(work),
            next_step="look what it is, and move it away; or choose another name",
        )
    try:
        work.mkdir(mode=0o700)
        (work / MARKER).touch()
        with _like_ctrl_c(), DataFolder(work).locked():
            try:
                yield work
            finally:
                remove_marked(work)
    except (FileExistsError, AlreadyRunning):
        raise StartupError(
            "another backup or restore is at work on the same name",
            place=str(work),
            next_step="wait until it is done, or choose another name",
        ) from None


def remove_marked(work: Path) -> None:
    """Remove a workplace. Safe: the marker says that we made it, the lock that nobody is at work in it, and a result is
    moved out of it before it counts. The marker goes last: a process that is killed here leaves it."""
    for path in work.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != MARKER:
            path.unlink()
    (work / MARKER).unlink(missing_ok=True)
    with suppress(OSError):
        work.rmdir()


def _empty(folder: Path) -> bool:
    """True when one was killed before it could mark its folder."""
    return folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())


def need_space(folder: Path, needed: int, what: str) -> None:
    """Raise StartupError unless `folder` has room for `needed` bytes more."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise StartupError(
            f"{what} needs {(needed + SPARE) / 1e6:,.0f} MB, and only {free / 1e6:,.0f} MB are free",
            place=str(folder),
            next_step="free some space, or name a folder on another disk; nothing was written",
        )


def put_in_place(made: Path, result: Path) -> None:
    """Give what was made its name. It is on the disk before, and its name when this returns."""
    for folder, _, files in os.walk(made):
        for path in (*(Path(folder, file) for file in files), Path(folder)):
            if path.is_dir() or path.is_file():
                flush(path)
    made.rename(result)
    flush(result.parent)


@contextmanager
def step(text: str) -> Iterator[Callable[[int, int], None]]:
    """Show a step with a bar while the block runs, and a line when it is done."""
    columns = (
        TextColumn("  {task.description:<28}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(text, total=None)
        yield lambda done, total: progress.update(bar, completed=done, total=total)
    console.print(f"  {text}: done")


@contextmanager
def _like_ctrl_c() -> Iterator[None]:
    """An end that is asked for must clean up too."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
