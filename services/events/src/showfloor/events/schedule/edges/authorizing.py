"""Which event is it, and may the caller do this to it? A foreign id is a missing one."""

from uuid import UUID

from showfloor.access.resources import Account
from showfloor.events.schedule.domain import refusals
from showfloor.events.schedule.edges.event_queries import EventRow, find_event
from showfloor.eventstore.query import Database
from showfloor.eventstore.store import Store
from showfloor.eventstore.views import Views
from showfloor.rpc import checks
from showfloor.service.allowing import allow

VIEWS = ("live_event", "event_session")


class Events:
    """Finds events by their ids."""

    def __init__(self, store: Store, views: Views, database: Database) -> None:
        self._store, self._views, self._database = store, views, database

    async def event_for(self, event_id: str, *, deleted: bool = False) -> EventRow:
        """Return the event if the caller may do the current RPC to it; with `deleted` also one that is gone.

        Raises INVALID_FIELD, EVENT_NOT_FOUND, PERMISSION.
        """
        key = checks.uuid("event_id", event_id)
        row = await self.known(key)
        missing = refusals.event_not_found(key)
        if row is None or (row.deleted and not deleted):
            raise missing
        await allow(Account(id=str(row.account_id), shop=str(row.shop_id)), missing)
        return row

    async def known(self, event_id: UUID) -> EventRow | None:
        """Return an event, whoever asks, also one that is gone."""
        row = await find_event(self._database, event_id)
        if row is None:  # it may have been made a moment ago
            await self._views.wait_for(VIEWS, await self._store.last_position())
            row = await find_event(self._database, event_id)
        return row
