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
from showfloor.platform.embedded.folder import AlreadyRunning, DataFolder
from showfloor.platform.trouble import Trouble

SUFFIX = ".showfloor-partial"
SPARE = 64 * 1024 * 1024  # bytes to leave free


@contextmanager
def workplace(result: Path) -> Iterator[Path]:
    """Yield an empty folder beside `result`; it is gone afterwards, however the block ends.

    What a killed run left is removed first. SIGTERM and SIGHUP end the block like Ctrl-C.
    """
    work = result.parent / f".{result.name}{SUFFIX}"
    for left in result.parent.glob(f".*{SUFFIX}"):
        with suppress(AlreadyRunning, OSError), DataFolder(left).locked():  # at work, or somebody else's
            shutil.rmtree(left)
    try:
        work.mkdir()
        # As root PostgreSQL runs under another account, which must be able to pass through.
        work.chmod(0o711 if os.geteuid() == 0 else 0o700)
        with _like_ctrl_c(), DataFolder(work).locked():
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)
    except (FileExistsError, AlreadyRunning):
        raise Trouble(
            "another backup or restore is at work on the same name",
            place=str(work),
            next_step="wait until it is done, or choose another name",
        ) from None


def need_space(folder: Path, needed: int, what: str) -> None:
    """Raise Trouble unless `folder` has room for `needed` bytes more."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise Trouble(
            f"{what} needs {(needed + SPARE) / 1e6:,.0f} MB, and only {free / 1e6:,.0f} MB are free",
            place=str(folder),
            next_step="free some space, or name a folder on another disk; nothing was written",
        )


def put_in_place(made: Path, result: Path) -> None:
    """Give what was made its name. It is on the disk before, and its name when this returns."""
    for folder, _, files in os.walk(made):
        for path in (*(Path(folder, file) for file in files), Path(folder)):
            if path.is_dir() or path.is_file():
                _flush(path)
    made.rename(result)
    _flush(result.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
