"""How a route changes the directory: the command is done, and its view answers with it before the caller is told."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.directory.edges import membership
from showfloor.gateway.directory.views.people import VIEW
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta

S = TypeVar("S")
F = TypeVar("F")


async def change(
    runtime: Runtime, decider: Decider[S], stream: UUID, rule: Callable[[S, F], Sequence[Event]], command: F, meta: Meta
) -> int:
    """Do a command and return its position, once it is seen. Raises what the rule refuses, REQUEST_ID_REUSED."""
    return await seen(runtime, (await runtime.store.execute(decider, stream, rule, command, meta)).position)


async def seen(runtime: Runtime, position: int) -> int:
    """Wait until rights and lists hold what was done at a position, and return it. Raises NOT_YET."""
    await runtime.views.wait_for([VIEW.name, membership.VIEW.name], position)
    return position
