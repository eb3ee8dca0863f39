"""What one check of `showfloor doctor` is told, and what it finds."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from showfloor.api.common.v1.operator_service_pb2 import GetStatusResponse
from showfloor.cli import operators
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import Postgres


class Level(Enum):
    """How bad it is: `WARN` works but will hurt, `FAIL` does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """What a check found: the cause, the place and the next step; the last two are empty when all is well."""

    level: Level
    says: str
    place: str = ""
    next_step: str = ""


class Patient:
    """The system that is looked at. What several checks need is asked once."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self.postgres = Postgres(folder)

    @cached_property
    def running(self) -> bool:
        """True while some `up` holds the lock."""
        return self.folder.running()

    @cached_property
    def state(self) -> dict[str, Any]:
        """What the supervisor last wrote."""
        return self.folder.state() if self.folder.root.exists() else {}

    @cached_property
    def processes(self) -> list[dict[str, Any]]:
        """The processes, as the supervisor describes them."""
        return list(self.state.get("processes", ()))

    def port(self, process: str, name: str) -> int:
        """Return a port of a process."""
        return int(next(row["ports"][name] for row in self.processes if row["name"] == process))

    @cached_property
    def answers(self) -> dict[str, GetStatusResponse | str]:
        """What each service says of its moving parts, or why it says nothing."""
        return asyncio.run(operators.statuses(self.folder))


Check = Callable[[Patient], Finding]
"""Its name is what the report calls it; whatever it raises is a finding too."""


def good(says: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, says)


def warning(says: str, place: object, next_step: str) -> Finding:
    """It works, but will hurt."""
    return Finding(Level.WARN, says, str(place), next_step)


def broken(says: str, place: object, next_step: str) -> Finding:
    """It does not work."""
    return Finding(Level.FAIL, says, str(place), next_step)
