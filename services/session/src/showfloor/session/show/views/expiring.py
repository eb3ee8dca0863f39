"""Lets a view drop the rows of sessions that expired or were deleted, wherever its pages of the log begin and end."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final
from uuid import UUID

from showfloor.eventstore.statements import Change, Statement
from showfloor.kernel.event import Recorded
from showfloor.session.show.domain.session_events import SessionDeleted, SessionDetailsExpired

GONE: Final = (SessionDetailsExpired, SessionDeleted)
"""The events after which nothing more is kept of what happened in a session."""

Evolve = Callable[[Sequence[Recorded]], Iterable[Change]]


def expiring(evolve: Evolve, *tables: str) -> Evolve:
    """Return `evolve` for a view that also handles what is `GONE`, or a part of it: it empties `tables` of the session.

    Rows of earlier pages are deleted; what came before in the same page is not written at all. Safe: an event says so,
    and every row of a view can be made again from the log.
    """
    deletes = [
        f"DELETE FROM {table} USING unnest(%s::uuid[]) AS gone (id) WHERE session_id = gone.id"  # noqa: S608 - constants
        for table in tables
    ]

    def evolve_and_expire(page: Sequence[Recorded]) -> Iterable[Change]:
        kept, expired = outlasting(page)
        if expired:
            yield from (Statement(sql, columns=[expired]) for sql in deletes)
        if kept:
            yield from evolve(kept)

    return evolve_and_expire


def outlasting(page: Sequence[Recorded]) -> tuple[Sequence[Recorded], list[UUID]]:
    """Return the events of a page that no later expiry in it undoes, and the sessions that expire in it."""
    expired = {recorded.event.session_id: recorded.position for recorded in page if isinstance(recorded.event, GONE)}
    if not expired:
        return page, []
    kept = [recorded for recorded in page if recorded.position > expired.get(_session_of(recorded), 0)]
    return kept, list(expired)


def _session_of(recorded: Recorded) -> UUID:
    session_id: UUID = recorded.event.session_id  # type: ignore[attr-defined]  # every event handled has one
    return session_id
