"""`showfloor doctor`: looks at everything that can stop Showfloor from working, and says what to do."""

import sys

from showfloor.cli.checks import health, machine
from showfloor.cli.checks.finding import Finding, Level
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console
from showfloor.platform.embedded.folder import DataFolder

SIGNS = {Level.OK: "[green]✓[/]", Level.WARN: "[yellow]![/]", Level.FAIL: "[red]✗[/]"}
EXIT_BROKEN = 1


def doctor(*, data: Data = DEFAULT_FOLDER) -> None:
    """Check this machine, the data folder and what runs in it. Exit code 1 when something is broken."""
    folder = DataFolder(data)
    findings = [_look(check, folder) for check in (*machine.CHECKS, *health.CHECKS)]
    for finding in findings:
        console.print(f"{SIGNS[finding.level]} {finding.name:<18} {finding.says}", markup=True)
        if finding.next_step:
            console.print(f"  {'':<18} → {finding.next_step}")
    broken = sum(finding.level is Level.FAIL for finding in findings)
    console.print(f"{len(findings)} checks, {broken} broken")
    sys.exit(EXIT_BROKEN if broken else 0)


def _look(check: machine.Check, folder: DataFolder) -> Finding:
    try:
        return check(folder)
    except Exception as error:  # a check that fails is a finding too
        return Finding(check.__name__, Level.FAIL, f"{type(error).__name__}: {error}", "report this: the check broke")
