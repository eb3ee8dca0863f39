"""What the others learn of a schedule: no description, and nothing of how an event is promoted."""

from collections.abc import Mapping
from typing import Final

from google.protobuf.message import Message

from showfloor.api.events.v1 import events_events_pb2 as public
from showfloor.events.schedule.domain import schedule_events as own
from showfloor.kernel.event import Event
from showfloor.rpc.fields import stamp, text
from showfloor.service.publishing import Translation


def _scheduled(event: own.EventScheduled) -> Message:
    return public.EventScheduled(
        event_id=str(event.event_id),
        account_id=str(event.account_id),
        shop_id=str(event.shop_id),
        title=event.title,
        start_time=stamp(event.start_at),
        end_time=stamp(event.end_at),
        session_id=str(event.session_id),
        time=stamp(event.at),
    )


def _updated(event: own.EventUpdated) -> Message | None:
    if not event.retimed:
        return None
    return public.EventUpdated(
        event_id=str(event.event_id),
        account_id=str(event.account_id),
        title=event.title,
        start_time=stamp(event.start_at),
        end_time=stamp(event.end_at),
        session_id=text(event.session_id),
        sequence=event.sequence,
        time=stamp(event.at),
    )


def _deleted(event: own.EventDeleted) -> Message:
    return public.EventDeleted(
        event_id=str(event.event_id),
        account_id=str(event.account_id),
        session_id=text(event.session_id),
        time=stamp(event.at),
    )


def _starting_soon(event: own.EventStartingSoon) -> Message:
    return public.EventStartingSoon(
        event_id=str(event.event_id),
        account_id=str(event.account_id),
        title=event.title,
        start_time=stamp(event.start_at),
        session_id=str(event.session_id),
        time=stamp(event.at),
    )


def _ready(event: own.EventReady) -> Message:
    return public.EventReady(
        event_id=str(event.event_id),
        account_id=str(event.account_id),
        title=event.title,
        end_time=stamp(event.end_at),
        session_id=str(event.session_id),
        time=stamp(event.at),
    )


def _session_started(event: own.EventSessionStarted) -> Message:
    return public.EventStarted(
        event_id=str(event.event_id),
        account_id=str(event.account_id),
        session_id=str(event.session_id),
        number=event.number,
        time=stamp(event.at),
    )


def _session_ended(event: own.EventSessionEnded) -> Message | None:
    if event.next_session_id is None:
        return None  # the event is over with it, and says so
    return public.EventPaused(
        event_id=str(event.event_id),
        account_id=str(event.account_id),
        title=event.title,
        end_time=stamp(event.end_at),
        ended_session_id=str(event.session_id),
        next_session_id=str(event.next_session_id),
        time=stamp(event.at),
        start_time=stamp(event.start_at),
        sequence=event.sequence,
    )


def _ended(event: own.EventEnded) -> Message:
    return public.EventEnded(
        event_id=str(event.event_id),
        account_id=str(event.account_id),
        session_id=text(event.session_id),
        sessions=event.sessions,
        time=stamp(event.at),
    )


TELLS: Final[Mapping[type[Event], Translation]] = {
    own.EventScheduled: Translation(public.EventScheduled, _scheduled),
    own.EventUpdated: Translation(public.EventUpdated, _updated),
    own.EventDeleted: Translation(public.EventDeleted, _deleted),
    own.EventStartingSoon: Translation(public.EventStartingSoon, _starting_soon),
    own.EventReady: Translation(public.EventReady, _ready),
    own.EventSessionStarted: Translation(public.EventStarted, _session_started),
    own.EventSessionEnded: Translation(public.EventPaused, _session_ended),
    own.EventEnded: Translation(public.EventEnded, _ended),
}
