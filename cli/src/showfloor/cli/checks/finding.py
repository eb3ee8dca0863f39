"""What one check of `showfloor doctor` found."""

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How bad it is: `WARN` works but will hurt, `FAIL` does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report. `next_step` is empty when all is well."""

    name: str
    level: Level
    says: str
    next_step: str = ""


def good(name: str, says: str) -> Finding:
    """All is well."""
    return Finding(name, Level.OK, says)


def warning(name: str, says: str, next_step: str) -> Finding:
    """It works, but will hurt."""
    return Finding(name, Level.WARN, says, next_step)


def broken(name: str, says: str, next_step: str) -> Finding:
    """It does not work."""
    return Finding(name, Level.FAIL, says, next_step)
