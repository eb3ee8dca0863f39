"""`showfloor rebuild`: build a view again from the log, beside the live one, and swap the two."""

import asyncio

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from showfloor.cli import operators
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console, running_folder
from showfloor.embedded.folder import DataFolder
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.platform.startup_error import StartupError

ALL = "all"


def rebuild(view: str, *, data: Data = DEFAULT_FOLDER, service: str | None = None, compare: bool = False) -> None:
    """Build a view again from the event log; readers see the old one until the new one is complete.

    Parameters
    ----------
    view
        Name of the view, as `showfloor status` shows it, or "all".
    service
        The service that owns the view; asked of each in turn when left out.
    compare
        Hash the old rows before they go, and tell whether the new ones are the same. Views stand still that long.
    """
    unlike: list[str] = []
    asyncio.run(_rebuild(running_folder(data), view, service, unlike if compare else None))
    if unlike:
        raise StartupError(
            f"the old rows were not what the log says: {', '.join(unlike)}",
            place="these views",
            next_step="the new rows are in place and follow the log: there is nothing more to mend; find out who"
            " changed the old ones, or which version of a view wrote them",
        )


async def _rebuild(folder: DataFolder, view: str, service: str | None, unlike: list[str] | None) -> None:
    addresses = operators.addresses(folder)
    if service is not None and service not in addresses:
        raise StartupError(
            f"there is no service {service}",
            place=str(folder.state_file),
            next_step=f"choose one of: {', '.join(addresses)}",
        )
    asked = [service] if service else list(addresses)
    owners = [name for name in asked if await _rebuilt(folder, addresses[name], view, unlike)]
    if not owners:
        raise StartupError(
            f"no service has a view {view}",
            place=", ".join(asked),
            next_step="see the views' names in `showfloor status`",
        )


async def _rebuilt(folder: DataFolder, address: str, view: str, unlike: list[str] | None) -> bool:
    """Rebuild in one service, with a bar per view. False when it has no such view. Adds those that differ."""
    columns = (
        TextColumn("{task.description:<24}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bars = {}
        try:
            async for step in operators.rebuild_view(folder, address, view, compare=unlike is not None):
                if step.view not in bars:
                    bars[step.view] = progress.add_task(step.view, total=step.total)
                progress.update(bars[step.view], completed=step.done, total=step.total)
                if step.swapped:
                    differs = unlike is not None and step.replaced != step.fingerprint
                    told = "" if unlike is None else ", DIFFERS from the old" if differs else ", as the old"
                    progress.console.print(f"{step.view}: in place, fingerprint {step.fingerprint[:16]}{told}")
                    if unlike is not None and differs:
                        unlike.append(step.view)
        except Refusal as refusal:
            if refusal.kind is RefusalKind.NOT_FOUND and view != ALL:
                return False
            raise StartupError(
                refusal.message, place=f"{view} ({refusal.reason})", next_step="see `showfloor status`"
            ) from refusal
    return True
