"""`showfloor doctor`: looks at everything that can stop Showfloor from working, and says what to do."""

import json
import sys
from collections.abc import Iterator
from typing import Annotated

import httpx
from cyclopts import Parameter

from showfloor.cli.checks import broker, data, database, machine, moving, processes
from showfloor.cli.checks.finding import Check, Finding, Level, Patient, broken, good
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, commands, console, marked
from showfloor.embedded.folder import DataFolder
from showfloor.platform.startup_error import StartupError

ALWAYS: tuple[Check, ...] = (*machine.CHECKS, *data.CHECKS, *processes.CHECKS)
WHILE_RUNNING: tuple[Check, ...] = (
    *processes.WHILE_RUNNING,
    *database.WHILE_RUNNING,
    *broker.WHILE_RUNNING,
    *moving.WHILE_RUNNING,
)
SIGNS = {Level.OK: ("✓", "green"), Level.WARN: ("!", "yellow"), Level.FAIL: ("✗", "red")}
EXIT_BROKEN = 1


def doctor(
    *,
    data: Data = DEFAULT_FOLDER,
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="Print one JSON list for machines.")] = False,
) -> None:
    """Check this machine, the data folder and what runs in it. Exit code 1 when something is broken."""
    findings = dict(examine(DataFolder(data)))
    count = sum(finding.level is Level.FAIL for finding in findings.values())
    if as_json:
        rows = [
            {
                "check": name,
                "level": one.level.value,
                "says": one.says,
                "place": one.place,
                "next_step": commands(one.next_step),
            }
            for name, one in findings.items()
        ]
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
    else:
        for name, finding in findings.items():
            _print(name, finding)
        console.print(f"{len(findings)} checks, {count} broken")
    sys.exit(EXIT_BROKEN if count else 0)


def examine(folder: DataFolder) -> Iterator[tuple[str, Finding]]:
    """Yield the name of each check and what it found."""
    patient = Patient(folder)
    running = _runs(patient)
    for check in (*ALWAYS, *WHILE_RUNNING):
        name = check.__name__.replace("_", " ")
        if check in WHILE_RUNNING and not running:
            yield name, good("not running: nothing to check")
        else:
            yield name, look(check, patient)


def _runs(patient: Patient) -> bool:
    """True when it runs. Of a folder that we may not look into nothing is known: its own check says so."""
    try:
        return patient.running
    except (OSError, StartupError):
        return False


def look(check: Check, patient: Patient) -> Finding:
    """Return what a check finds; one that cannot look is a finding too."""
    try:
        return check(patient)
    except StartupError as error:
        return broken(error.cause, error.place, error.next_step)
    except (OSError, httpx.HTTPError) as error:
        return broken(f"it cannot be asked: {error}", patient.folder.root, "mend what is broken above, then look again")
    except Exception as error:
        return broken(f"{type(error).__name__}: {error}", check.__name__, "report this: the check itself broke")


def _print(name: str, finding: Finding) -> None:
    console.print(marked(SIGNS[finding.level], f" {name:<18} "), end="")
    console.print(" ".join(finding.says.split()))  # errors of PostgreSQL have lines of their own
    if finding.next_step:
        console.print(f"  {'':<18} where: {finding.place}")
        console.print(f"  {'':<18} next:  {commands(finding.next_step)}")
