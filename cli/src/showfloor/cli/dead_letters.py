"""`showfloor dead-letters`: messages that could not be handled, and handling them again."""

import asyncio
from typing import Annotated

from cyclopts import Parameter

from showfloor.cli import operators
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console, running_folder
from showfloor.embedded.folder import DataFolder
from showfloor.platform.startup_error import StartupError


def dead_letters(
    *,
    data: Data = DEFAULT_FOLDER,
    replay: Annotated[bool, Parameter(negative="", help="Handle each again, oldest first.")] = False,
) -> None:
    """List the messages that could not be handled; exit code 1 when one could not be handled again."""
    asyncio.run(_dead_letters(running_folder(data), replay))


async def _dead_letters(folder: DataFolder, replay: bool) -> None:
    left = []
    for service, address in operators.addresses(folder).items():
        for message in await operators.dead_letters(folder, address):
            name = f"{service}: {message.dead_letter_id} {message.type} since {message.failed_time}"
            handled = replay and await operators.replay_dead_letters(folder, address, message.dead_letter_id)
            error = message.error.partition("\n")[0]
            console.print(f"{name}: {'handled' if handled else error}")
            left += [] if handled else [message.dead_letter_id]
    if replay and left:
        raise StartupError(
            f"{len(left)} could not be handled again",
            place=left[0],
            next_step="mend what the error names (see the service's log), then run this again: twice is once",
        )
    if not left:
        console.print("there is no dead letter")
