"""Ticks on core NATS: how they are sent. One may be lost: the next holds what it told, or whoever watches asks."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol, TypeVar
from uuid import UUID

from showfloor.eventstore.outage import is_outage
from showfloor.kernel.refusal import Refusal
from showfloor.observability.logging import get_logger

log = get_logger(__name__)

A = TypeVar("A")
B = TypeVar("B")

RETRY_AFTER: Final = 1.0  # seconds


class Bus(Protocol):
    """The part of the message bus that ticks need."""

    async def tick(self, subject: str, body: bytes) -> None:
        """Tell whoever listens."""
        ...


async def keep_telling(tell: Callable[[], Awaitable[None]]) -> None:
    """Tell again and again, whatever goes wrong."""
    while True:
        try:
            await tell()
        except Refusal as refusal:  # an outage, or a view that is being built
            log.warning("ticks not told; they are tried again", reason=refusal.reason)
            await asyncio.sleep(RETRY_AFTER)
        except Exception:
            log.exception("ticks not told; the next ones are tried")
            await asyncio.sleep(RETRY_AFTER)


async def each_session_by_itself(
    what: Sequence[A], read: Callable[[Sequence[A]], Awaitable[Sequence[B]]], of: Callable[[A], UUID]
) -> list[tuple[A, B]]:
    """Read for all at once; when a defect forbids it, for each session alone, so that it stops only its own.

    Raises what an outage raises: then nothing is told, and all of it later.
    """
    try:
        return list(zip(what, await read(what), strict=True))
    except Exception as error:
        if is_outage(error):
            raise
    done: list[tuple[A, B]] = []
    for session_id in dict.fromkeys(map(of, what)):
        own = [one for one in what if of(one) == session_id]
        try:
            done += zip(own, await read(own), strict=True)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("a session's ticks are not told", session=str(session_id))
    return done
