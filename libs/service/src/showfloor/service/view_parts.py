"""Status and rebuilds of a service's views, for operators."""

import asyncio
from collections.abc import AsyncIterator

from showfloor.api.common.v1.operator_service_pb2 import PartStatus, RebuildViewResponse
from showfloor.eventstore.views import Views

PROGRESS_EVERY = 0.2  # seconds between two reports of a rebuild
ALL = "all"
_STATES = {
    "live": "running",
    "catching up": "catching_up",
    "building": "catching_up",
    "rebuilding": "catching_up",
    "stalled": "stopped",
}
_BUILDING = "its tables are being built; until they have caught up it is not read"


async def view_parts(views: Views) -> list[PartStatus]:
    """Return how far each view is. The one that holds deadlines is a part of its own kind."""
    return [
        PartStatus(
            kind="deadlines" if view.name == "deadlines" else "view",
            name=view.name,
            position=view.position,
            lag=view.lag,
            state=_STATES.get(view.state, "failed"),
            detail=_BUILDING if view.state == "building" else view.error,
        )
        for view in await views.status()
    ]


async def rebuild_views(views: Views, view: str, compare: bool) -> AsyncIterator[RebuildViewResponse]:
    """Build a view, or all of them one after the other, again.

    Raises Refusal: UNKNOWN_VIEW, REBUILD_RUNNING, NOT_YET.
    """
    for name in [one.name for one in await views.status()] if view == ALL else [view]:
        async for progress in _rebuild(views, name, compare):
            yield progress


async def _rebuild(views: Views, name: str, compare: bool) -> AsyncIterator[RebuildViewResponse]:
    at = [0, 0]

    def note(done: int, end: int) -> None:
        at[:] = done, end

    work = asyncio.ensure_future(views.rebuild(name, note, compare=compare))
    while not (await asyncio.wait((work,), timeout=PROGRESS_EVERY))[0]:
        yield RebuildViewResponse(view=name, done=at[0], total=at[1])
    replaced, fingerprint = (await work).compared or ("", await views.fingerprint(name))
    yield RebuildViewResponse(
        view=name, done=at[1], total=at[1], swapped=True, fingerprint=fingerprint, replaced=replaced
    )
