"""Reads a service's public events from its log, for subscriptions that start or found a gap."""

from collections.abc import Sequence

from showfloor.api.common.v1.log_service_pb2 import PublicEvent
from showfloor.eventstore.store import Store
from showfloor.messaging.unpublished import Publish, told

MAX_PAGE_BYTES = 2 * 1024**2  # of events in one answer; a call carries 4 MB


class PublicLog:
    """Reads them page by page. Without `publish` the service tells others nothing."""

    def __init__(self, store: Store, publish: Publish | None) -> None:
        self._store, self._publish = store, publish

    async def read(self, after: int, limit: int) -> tuple[Sequence[PublicEvent], int]:
        """Scan `limit` positions after `after`; return the public events and the last position scanned: an earlier one
        than `after` when the log ends before it, as one does that was restored from a backup."""
        events: list[PublicEvent] = []
        size = 0
        if self._publish is None:
            return events, after
        page = await self._store.read_log(after, limit)
        if not page:
            return events, min(after, await self._store.last_position())
        for recorded in page:
            event, _why_not = told(self._publish, recorded)
            if event is not None:
                size += len(event.message)
                if events and size > MAX_PAGE_BYTES:
                    break
                events.append(
                    PublicEvent(
                        position=recorded.position,
                        type=event.type,
                        key=event.key,
                        body=event.message,
                        time=event.time.isoformat().replace("+00:00", "Z"),
                        traceparent=recorded.meta.traceparent,
                    )
                )
            after = recorded.position
        return events, after
