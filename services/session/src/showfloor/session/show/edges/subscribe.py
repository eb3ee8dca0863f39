"""Follows the events service: the session of a LIVE event is opened for it, moves with it, and goes with it.

News may come again, late, or from the beginning. What is so already, or no more, stays as it is.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from showfloor.access.membership.members import Members
from showfloor.api.events.v1 import events_events_pb2 as public
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.store import Store
from showfloor.kernel.event import Meta
from showfloor.messaging.public import PublicMessage
from showfloor.messaging.subscription import Handle
from showfloor.observability.logging import get_logger
from showfloor.service.allowing import home_of
from showfloor.session.show import commands
from showfloor.session.show.domain import plan_rules as rules
from showfloor.session.show.domain.session import SESSION, Session

log = get_logger(__name__)

_META = Meta(actor="process:events")


class _Here(NamedTuple):
    """What news is handled with."""

    store: Store
    members: Members


def following_events(store: Store, members: Members) -> Handle[Statement]:
    """Return what is done about a public event of the events service."""
    here = _Here(store, members)

    async def handle(message: PublicMessage) -> tuple[()]:
        if (known := _DONE.get(message.event.type)) is not None:
            kind, do = known
            await do(here, kind.FromString(message.event.message))
        return ()

    return handle


async def _open_first(here: _Here, told: public.EventScheduled) -> None:
    start = _moment(told.start_time)
    await _open(here, told, told.session_id, Session(), not_before=start)


async def _open_next(here: _Here, told: public.EventPaused) -> None:
    last = (await here.store.load(SESSION, UUID(told.ended_session_id))).state
    plan = last.plan
    start, sequence = (plan.not_before, plan.sequence) if plan is not None else (None, 0)
    if told.HasField("start_time"):  # The last session may have gone on air before a move of the event was heard.
        start, sequence = _moment(told.start_time), told.sequence
    await _open(here, told, told.next_session_id, last, not_before=start, sequence=sequence)


async def _open(
    here: _Here, told: public.EventScheduled | public.EventPaused, session_id: str, last: Session, **plan: Any
) -> None:
    home = await home_of(here.members, UUID(told.account_id))
    if home is None:
        log.warning("no session for an event of an unknown account", live_event=told.event_id, account=told.account_id)
        return
    command = rules.OpenForEvent(
        session_id=UUID(session_id),
        now=_moment(told.time),
        event_id=UUID(told.event_id),
        account_id=home.account_id,
        shop_id=home.shop_id,
        currency=home.currency,
        affiliate=home.affiliate,
        title=told.title,
        **plan,
    )
    await commands.open_for_event(here.store, command, last, _META)


async def _move(here: _Here, told: public.EventUpdated) -> None:
    if not told.session_id:
        return
    command = rules.RescheduleSession(
        session_id=UUID(told.session_id),
        now=_moment(told.time),
        event_id=UUID(told.event_id),
        title=told.title,
        not_before=_moment(told.start_time),
        sequence=told.sequence,
    )
    await here.store.execute(SESSION, command.session_id, rules.reschedule_session, command, _META)


async def _drop(here: _Here, told: public.EventDeleted | public.EventEnded) -> None:
    if not told.session_id:
        return
    command = rules.PlanCommand(session_id=UUID(told.session_id), now=_moment(told.time), event_id=UUID(told.event_id))
    await here.store.execute(SESSION, command.session_id, rules.drop_session, command, _META)


def _moment(time: Timestamp) -> datetime:
    return time.ToDatetime(tzinfo=UTC)


def _does(*known: tuple[type[Message], Callable[[_Here, Any], Awaitable[None]]]) -> Mapping[str, Any]:
    return {kind.DESCRIPTOR.full_name: (kind, do) for kind, do in known}


_DONE: Final = _does(
    (public.EventScheduled, _open_first),
    (public.EventUpdated, _move),
    (public.EventDeleted, _drop),
    (public.EventPaused, _open_next),
    (public.EventEnded, _drop),
)
