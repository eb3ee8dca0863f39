"""Starting child processes that never outlive the supervisor."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The operating system account a child runs under. `bypass` = it may pass through closed folders."""

    uid: int
    gid: int
    bypass: bool = False


@dataclass(frozen=True)
class Command:
    """How to start a child: argv, the variables added to our environment, the signal that stops it well."""

    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    folder: Path | None = None


def spawn(command: Command, log: Path) -> subprocess.Popen[bytes]:
    """Start a child that appends to `log`, has its own session and gets its stop signal if we are killed.

    The own session keeps Ctrl-C from reaching children: the supervisor stops them in order. On Linux the
    kernel sends the stop signal when the supervisor dies, however it dies.
    """
    user = _switched(command.account)
    with log.open("ab") as output:
        return subprocess.Popen(
            [*_prefix(command.account, command.stop_signal), *command.argv],
            env={**os.environ, **command.env},
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # Safe with threads: the hook makes system calls only and takes no lock.
            preexec_fn=_die_with_parent(command.stop_signal),  # noqa: PLW1509
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
        )


def run_as(
    account: Account | None, argv: Sequence[str], folder: Path, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a short helper program under an account, in a folder, and let it read `text`; its exit is not checked."""
    user = _switched(account)
    return subprocess.run(
        [*_prefix(account, signal.SIGTERM), *argv],
        check=False,
        capture_output=True,
        text=True,
        input=text,
        cwd=folder,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
    )


def _switched(account: Account | None) -> Account | None:
    return None if account is None or account.bypass else account


def _prefix(account: Account | None, stop_signal: signal.Signals) -> list[str]:
    """setpriv is needed only where the account must keep one capability across the change of user."""
    if account is None or not account.bypass:
        return []
    identity = [f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"]
    capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    # The change of user clears the parent death signal: setpriv sets it again.
    return ["setpriv", *identity, *capability, f"--pdeathsig={stop_signal.name.removeprefix('SIG')}", "--"]


def _die_with_parent(number: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def ask_the_kernel() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(number))
            if os.getppid() != parent:  # the supervisor died between fork and prctl
                os.kill(os.getpid(), number)

    return ask_the_kernel
