"""What the others learn of a session's numbers."""

from collections.abc import Mapping
from typing import Final

from google.protobuf.message import Message

from showfloor.api.common.v1.common_pb2 import Reading as ReadingMessage
from showfloor.api.session.v1 import session_events_pb2 as public
from showfloor.kernel.currencies import EXPONENTS
from showfloor.kernel.event import Event
from showfloor.rpc.fields import stamp
from showfloor.service.publishing import Translation
from showfloor.session.analytics.domain import report


def _minute(event: report.MinuteSummarised) -> Message:
    return public.MinuteSummarised(
        session_id=str(event.session_id),
        minute=stamp(event.minute),
        readings=map(reading_message, event.readings),
    )


def _reported(event: report.SessionReported) -> Message:
    return public.SessionReported(
        session_id=str(event.session_id),
        account_id=str(event.account_id),
        readings=map(reading_message, event.readings),
        time=stamp(event.at),
        simulated=bool(event.simulated),
    )


def _restated(event: report.SessionRestated) -> Message | None:
    if not event.changed:
        return None
    return public.SessionReported(
        session_id=str(event.session_id),
        account_id=str(event.account_id),
        readings=map(reading_message, event.readings),
        time=stamp(event.at),
        simulated=event.simulated,
        revision=event.revision,
    )


def reading_message(reading: report.Reading) -> ReadingMessage:
    """Return a reading; a missing value stays absent."""
    message = ReadingMessage(metric=reading.metric, value=reading.value, missing=reading.missing)
    if reading.currency:
        message.currency, message.exponent = reading.currency, EXPONENTS[reading.currency]
    return message


TELLS: Final[Mapping[type[Event], Translation]] = {
    report.MinuteSummarised: Translation(public.MinuteSummarised, _minute),
    report.SessionReported: Translation(public.SessionReported, _reported),
    report.SessionRestated: Translation(public.SessionReported, _restated),
}
