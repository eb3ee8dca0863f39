"""How a route changes the directory: it does a command, and waits until the view shows it."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from showfloor.eventstore.runtime import Runtime
from showfloor.gateway.directory.edges import membership
from showfloor.gateway.directory.views.directory import VIEW
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta

S = TypeVar("S")
F = TypeVar("F")


async def change(
    runtime: Runtime, decider: Decider[S], stream: UUID, rule: Callable[[S, F], Sequence[Event]], command: F, meta: Meta
) -> int:
    """Do a command, wait until the view shows it, and return its position. Raises the rule's refusals,
    REQUEST_ID_REUSED."""
    return await seen(runtime, (await runtime.store.execute(decider, stream, rule, command, meta)).position)


async def seen(runtime: Runtime, position: int) -> int:
    """Wait until rights and lists show everything up to a position, and return it. Raises NOT_YET."""
    await runtime.views.wait_for([VIEW.name, membership.VIEW.name], position)
    return position
