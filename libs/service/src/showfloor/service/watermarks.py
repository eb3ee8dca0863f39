"""Read-your-writes: waits until views contain a position, and tells how far an answer goes."""

from collections.abc import Sequence
from datetime import datetime

from showfloor.api.common.v1.common_pb2 import Watermark
from showfloor.eventstore.store import Store
from showfloor.eventstore.views import Views
from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks


async def reached(store: Store, views: Views, names: Sequence[str], min_position: int) -> None:
    """Return once these views contain the position asked for. Raises INVALID_FIELD, NOT_YET.

    A position that the log has not reached was never answered to anybody: waiting for it would be in vain.
    """
    wanted = checks.position(min_position)
    behind = any(views.position(name) < wanted for name in names)
    if behind and wanted > (last := await store.last_position()):
        raise invalid("min_position", f"must be a position that an answer carried; the log ends at {last}")
    await views.wait_for(names, wanted)


def watermark(views: Views, names: Sequence[str], signals: datetime | None = None) -> Watermark:
    """Return how far an answer from these views goes. Taken before the rows are read, it never promises more."""
    position = min(views.position(name) for name in names)
    when = "" if signals is None else signals.isoformat().replace("+00:00", "Z")
    return Watermark(position=position, signals_time=when)
