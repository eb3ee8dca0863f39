"""Starting child processes that never outlive the supervisor."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The operating system account a child runs under."""

    uid: int
    gid: int


@dataclass(frozen=True)
class OpenFolder:
    """A folder as an argument of a command line: a child under another account gets it already open.

    The account needs no right to pass through the folders above, and gets none: it enters this one alone. `before`
    is what stands before the folder's name in the argument.
    """

    folder: Path
    before: str = ""


Argument = str | OpenFolder


@dataclass(frozen=True)
class Command:
    """How to start a child: argv, the variables added to our environment, the signal that stops it well."""

    argv: Sequence[Argument]
    env: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    folder: Path | None = None


def spawn(command: Command, log: Path) -> subprocess.Popen[bytes]:
    """Start a child that appends to `log`, has its own session and gets its stop signal if we are killed.

    The own session keeps Ctrl-C from reaching children: the supervisor stops them in order. On Linux the
    kernel sends the stop signal when the supervisor dies, however it dies.
    """
    with log.open("ab") as output, _opened(command.argv, command.account) as (argv, descriptors):
        return subprocess.Popen(
            argv,
            env={**os.environ, **command.env},
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # Safe with threads: the hook makes system calls only and takes no lock.
            preexec_fn=_die_with_parent(command.stop_signal),  # noqa: PLW1509
            pass_fds=descriptors,
            **_identity(command.account),
        )


def run_as(
    account: Account | None, argv: Sequence[Argument], folder: Path, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a short helper program under an account, in a folder, and let it read `text`; its exit is not checked.

    On Linux it is killed when we are: what it was making is thrown away then, and must not grow any more.
    """
    with _opened(argv, account) as (texts, descriptors):
        return subprocess.run(
            texts,
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            input=text,
            cwd=folder,
            preexec_fn=_die_with_parent(signal.SIGKILL),
            pass_fds=descriptors,
            **_identity(account),
        )


def _identity(account: Account | None) -> dict[str, Any]:
    """Return the arguments of Popen that change the user. The folder to start in is entered before, as ourselves."""
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}


@contextmanager
def _opened(argv: Sequence[Argument], account: Account | None) -> Iterator[tuple[list[str], list[int]]]:
    """Yield the arguments as text, and the descriptors of the open folders that they name."""
    texts: list[str] = []
    descriptors: list[int] = []
    try:
        for argument in argv:
            if isinstance(argument, str):
                texts.append(argument)
            elif account is None or sys.platform != "linux":
                texts.append(f"{argument.before}{argument.folder}")
            else:
                # Such a name leads straight into the folder: the way to it is not walked. Ours alone is followed.
                flags = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
                descriptors.append(os.open(argument.folder, flags))
                texts.append(f"{argument.before}/proc/self/fd/{descriptors[-1]}")
        yield texts, descriptors
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _die_with_parent(number: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def ask_the_kernel() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(number))
            if os.getppid() != parent:  # the supervisor died between fork and prctl
                os.kill(os.getpid(), number)

    return ask_the_kernel
