"""`showfloor parked`: what subscriptions could not handle and set aside, and handling it again."""

import asyncio
from typing import Annotated

from cyclopts import Parameter

from showfloor.cli import operators
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console, running_folder
from showfloor.embedded.folder import DataFolder
from showfloor.platform.startup_error import StartupError


def parked(
    *,
    data: Data = DEFAULT_FOLDER,
    replay: Annotated[bool, Parameter(negative="", help="Handle each again, oldest first.")] = False,
) -> None:
    """List the messages that subscriptions set aside; exit code 1 when one could not be handled again."""
    asyncio.run(_parked(running_folder(data), replay))


async def _parked(folder: DataFolder, replay: bool) -> None:
    left = []
    for service, address in operators.addresses(folder).items():
        for message in await operators.parked(folder, address):
            name = f"{service}: {message.parked_id} {message.type} since {message.parked_time}"
            handled = replay and await operators.replay_parked(folder, address, message.parked_id)
            error = message.error.partition("\n")[0]
            console.print(f"{name}: {'handled' if handled else error}")
            left += [] if handled else [message.parked_id]
    if replay and left:
        raise StartupError(
            f"{len(left)} could not be handled again",
            place=left[0],
            next_step="mend what the error names (see the service's log), then run this again: twice is once",
        )
    if not left:
        console.print("nothing is parked")
