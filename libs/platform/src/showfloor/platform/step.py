"""A step before a process begins: blocking work that ends, and what its end says.

It loads little: whoever starts a step, or is one, need not wait for what only a service needs.
"""

import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

from showfloor.platform.settings import SettingsT, load
from showfloor.platform.startup_error import StartupError

EXIT_OK, EXIT_FAILED, EXIT_STARTUP_ERROR, EXIT_NOT_DRAINED = 0, 1, 2, 3
MIGRATIONS_STEP = "showfloor.platform.migrations"  # the module that is run to bring a database up to date


def once(work: Callable[[SettingsT], object], name: str, kind: type[SettingsT]) -> NoReturn:
    """Read the settings, do blocking work, and end: a step before a process begins. Exit codes as for `run`."""
    try:
        work(load(kind))
    except StartupError as error:
        explain(name, error)
        sys.exit(EXIT_STARTUP_ERROR)
    except Exception as error:
        explain(name, unexpected(error, "see that what it names can be reached, then run this again"))
        sys.exit(EXIT_FAILED)
    sys.exit(EXIT_OK)


def explain(name: str, error: StartupError) -> None:
    """Write why process `name` cannot run: cause, place and next step, on stderr."""
    sys.stderr.write(f"{name}: {error}\n")
    sys.stderr.flush()


def unexpected(error: Exception, next_step: str) -> StartupError:
    """Return what to tell of an error that nobody foresaw: its kind, and where it happened."""
    return StartupError(f"unexpected {type(error).__name__}: {error}", place=_place(error), next_step=next_step)


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown"
