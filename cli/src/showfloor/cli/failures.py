"""How a command tells of a failure: cause, place, next step; the traceback goes to a file, on request."""

import errno
import traceback
from pathlib import Path

import httpx

from showfloor.cli.api import ApiRefusal, NotAnswering
from showfloor.cli.terminal import commands, marked, problems
from showfloor.kernel.refusal import Refusal
from showfloor.platform.startup_error import StartupError
from showfloor.rpc.errors import RemoteDefect


def tell(error: Exception, debug_file: Path | None) -> None:
    """Print a failure as three plain lines on stderr; append the traceback to `debug_file` if given."""
    told = startup_error_in(error)
    problems.print(marked(("✗", "bold red"), f" {commands(told.cause)}"))
    problems.print(f"  where: {told.place}")
    problems.print(f"  next:  {commands(told.next_step)}")
    if debug_file is not None:
        with debug_file.open("a", encoding="utf-8") as file:
            traceback.print_exception(error, file=file)
        problems.print(f"  trace: {debug_file}")


def startup_error_in(error: BaseException) -> StartupError:
    """Return the StartupError in an error (or in a group of them); any other error is put into the same words."""
    if isinstance(error, StartupError):
        return error
    if isinstance(error, BaseExceptionGroup):
        return startup_error_in(error.exceptions[0])
    if isinstance(error, httpx.TransportError):
        request = error.request if error._request is not None else None
        return StartupError(
            "Showfloor does not answer",
            place=str(request.url) if request else "the gateway",
            next_step="see `showfloor status`, and start it with `showfloor up`",
        )
    if isinstance(error, NotAnswering):
        return StartupError(
            "Showfloor did not answer, though asked again and again",
            place=str(error),
            next_step="see `showfloor status`; then run the command again: twice is once",
        )
    if isinstance(error, ApiRefusal):
        return StartupError(
            str(error.problem.get("detail", "the API refused, and did not say why")),
            place=f"{error.method} {error.path}",
            next_step=f"see {error.code} in docs/refusals.md",
        )
    return _unforeseen(error)


def _unforeseen(error: BaseException) -> StartupError:
    if isinstance(error, Refusal | RemoteDefect):
        said, code = (error.message, error.reason) if isinstance(error, Refusal) else (str(error), "INTERNAL")
        return StartupError(
            said, place=f"a service answered {code}", next_step="see `showfloor doctor`, then try again"
        )
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StartupError(
            "the disk is full",
            place=str(error.filename or "the data folder"),
            next_step="free some space; what was acknowledged is safe, and `showfloor up` goes on from there",
        )
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StartupError(
            f"there is no right to do that: {error.strerror}",
            place=str(error.filename or "the data folder"),
            next_step="run as the user who made it, or name another place; `showfloor doctor` looks at a data folder",
        )
    frame = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ else None
    return StartupError(
        f"unexpected {type(error).__name__}: {error}",
        place=f"{frame.filename}:{frame.lineno}" if frame else "unknown",
        next_step="run the command again with --debug and report the traceback it writes",
    )


def reason(error: Exception) -> str:
    """Return why in words: of an OSError without its number and its path, which `place` tells."""
    return str(error.strerror or error) if isinstance(error, OSError) else str(error)
