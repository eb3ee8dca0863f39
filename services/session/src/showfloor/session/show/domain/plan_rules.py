"""What a session does with its LIVE event: it is opened for it, moves with it, and goes with it.

The news of an event may be heard again, late, or from the beginning: what is so already, or no more, changes nothing.
"""

from datetime import datetime
from itertools import groupby
from uuid import UUID

from showfloor.kernel.event import Event
from showfloor.session.show.domain.session import BagEntry, Session
from showfloor.session.show.domain.session_events import (
    AddedToBag,
    PracticeEnded,
    SessionDeleted,
    SessionOpened,
    SessionRescheduled,
    SessionUpdated,
)
from showfloor.session.show.domain.session_rules import Command, about


class PlanCommand(Command, frozen=True, kw_only=True):
    """What an event says of a session that belongs to it."""

    event_id: UUID


class OpenForEvent(PlanCommand, frozen=True, kw_only=True):
    """`title` and `not_before` as the event has them after `sequence` changes; `bag`: what is in it from the start."""

    account_id: UUID
    shop_id: UUID
    currency: str
    affiliate: bool | None
    title: str
    not_before: datetime | None
    sequence: int = 0
    bag: tuple[BagEntry, ...] = ()


class RescheduleSession(PlanCommand, frozen=True, kw_only=True):
    """The event's name and start after `sequence` changes."""

    title: str
    not_before: datetime
    sequence: int


def open_for_event(state: Session, command: OpenForEvent) -> list[Event]:
    """Open the console of an event's session, with its bag. One that is there, or was deleted, stays so."""
    if state.status != "none":
        return []
    opened = SessionOpened(
        at=command.now,
        session_id=command.session_id,
        account_id=command.account_id,
        shop_id=command.shop_id,
        currency=command.currency,
        title=command.title,
        source="live",
        affiliate=command.affiliate,
        event_id=command.event_id,
        not_before=command.not_before,
        event_sequence=command.sequence,
    )
    events: list[Event] = [opened]
    here: tuple[UUID, ...] = ()
    for source, entries in groupby(command.bag, lambda entry: entry.source):
        new = tuple(entry.product_id for entry in entries)
        here += new
        events.append(
            AddedToBag(
                at=command.now,
                session_id=command.session_id,
                account_id=command.account_id,
                shop_id=command.shop_id,
                currency=command.currency,
                source=source,
                product_ids=new,
                bag=here,
            )
        )
    return events


def reschedule_session(state: Session, command: RescheduleSession) -> list[Event]:
    """Take the event's new name and start over, until the session is on air.

    A name of the session's own stays unless the event's name changed.
    """
    plan = state.announced
    if plan is None or plan.event_id != command.event_id or command.sequence <= plan.sequence:
        return []
    renamed, moved = command.title != plan.title, command.not_before != plan.not_before
    if not (renamed or moved):
        return []
    fields = about(state)
    events: list[Event] = [
        SessionRescheduled(
            at=command.now,
            title=command.title,
            not_before=command.not_before,
            event_sequence=command.sequence,
            **fields,
        )
    ]
    if renamed and command.title != state.title:
        events.append(SessionUpdated(at=command.now, title=command.title, **fields))
    return events


def drop_session(state: Session, command: PlanCommand) -> list[Event]:
    """Delete what was prepared for an event that is deleted or over. Practice ends first; what was on air stays."""
    plan = state.announced
    if plan is None or plan.event_id != command.event_id:
        return []
    fields = about(state)
    practising = [PracticeEnded(at=command.now, **fields)] if state.status == "practice" else []
    return [*practising, SessionDeleted(at=command.now, **fields)]
