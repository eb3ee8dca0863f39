"""What may be reported of a session's numbers, and when."""

from datetime import datetime, timedelta

import msgspec

from showfloor.kernel.event import Event
from showfloor.session.analytics.domain.report import (
    MinuteSummarised,
    Reading,
    Report,
    SessionReported,
    SessionRestated,
)
from showfloor.session.show.domain.session import Session


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of a session as its rollups have them now."""

    session: Session
    now: datetime
    readings: tuple[Reading, ...] = ()
    simulated: bool = False
    minutes: tuple[tuple[datetime, tuple[Reading, ...]], ...] = ()  # closed minutes, oldest first


def summarise_minutes(state: Report, command: Numbers) -> list[Event]:
    """Report each closed minute once, in order. After the final report there are no more."""
    if state.reported:
        return []
    return [
        MinuteSummarised(at=command.now, session_id=command.session.session_id, minute=minute, readings=readings)
        for minute, readings in command.minutes
        if state.last_minute is None or minute >= state.last_minute + timedelta(minutes=1)
    ]


def report_session(state: Report, command: Numbers) -> list[Event]:
    """Give the final report of an ended session, once, after the minutes not yet reported."""
    if state.reported or command.session.status != "ended" or command.session.source == "import":
        return []
    final = SessionReported(
        at=command.now,
        session_id=command.session.session_id,
        account_id=command.session.account_id,
        shop_id=command.session.shop_id,
        readings=command.readings,
        simulated=command.simulated,
    )
    return [*summarise_minutes(state, command), final]


def restate_session(state: Report, command: Numbers) -> list[Event]:
    """Give the final numbers anew after something was told late. Details that are gone by now change nothing."""
    session = command.session
    if not state.reported or session.started_at is None:
        return []
    kept = session.details == "kept"
    restated = SessionRestated(
        at=command.now,
        session_id=session.session_id,
        account_id=session.account_id,
        shop_id=session.shop_id,
        currency=session.currency,
        started_at=session.started_at,
        revision=state.revision + 1,
        readings=command.readings if kept else state.readings,
        before=state.readings,
        simulated=command.simulated if kept else state.simulated,
        simulated_before=state.simulated,
    )
    return [restated]
