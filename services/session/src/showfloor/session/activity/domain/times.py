"""When something may have happened. Rules decide by the time they are handed, never by a clock."""

from datetime import datetime
from typing import TypedDict

from showfloor.session.activity.domain import refusals
from showfloor.session.show.domain.detail_rules import must_have_details
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.refusals import imported, in_the_future, outside_session, session_not_live
from showfloor.session.show.domain.session import Session


def fact_time(
    session: Session, requested: datetime | None, now: datetime, policy: Policy, field: str = "time"
) -> datetime:
    """Return when a viewer's fact happened: the time asked for, or now.

    A session that has ended still takes late reports of what happened while it ran: they carry their time.
    Raises SESSION_NOT_LIVE, IMPORTED, DETAIL_EXPIRED, IN_THE_FUTURE, OUTSIDE_SESSION.
    """
    must_have_run(session, late=requested is not None)
    assert session.started_at is not None
    if requested is None:
        # Another process may have stamped the start by a clock slightly ahead of ours.
        return max(now, session.started_at)
    not_in_future(session, requested, now, policy, field)
    if requested < session.started_at or (session.ended_at is not None and requested > session.ended_at):
        raise outside_session(field)
    return requested


def attributed_time(session: Session, requested: datetime | None, now: datetime, policy: Policy) -> datetime:
    """Return when an order outside the room was placed: while the session ran, or in the window after its end.

    Platforms attribute orders to a LIVE minutes and hours after it. Raises what `fact_time` raises.
    """
    if session.status != "ended" or session.source == "import":
        return fact_time(session, requested, now, policy)
    must_have_run(session, late=True)
    assert session.started_at is not None and session.ended_at is not None
    if requested is not None:
        not_in_future(session, requested, now, policy, "time")
    time, latest = requested or now, session.ended_at + policy.attribution
    if time > latest:
        raise refusals.attribution_over("time", latest)
    if time < session.started_at:
        raise outside_session("time")
    return time


class Reported(TypedDict):
    """When a fact was told, where that says something."""

    told_at: datetime | None
    late: bool


def reported(session: Session, now: datetime) -> Reported:
    """Return what an event keeps of when it was told: its own time is not that of a recording's player, or of whoever
    reports after the end."""
    ended = session.status == "ended"
    return Reported(told_at=now if ended or session.source == "replay" else None, late=ended)


def must_have_run(session: Session, *, late: bool) -> None:
    """Refuse unless the session is on air, or (`late`) was. Raises SESSION_NOT_LIVE, IMPORTED, DETAIL_EXPIRED."""
    if session.source == "import":
        raise imported(session.session_id)
    if session.status != "live" and not (late and session.status == "ended"):
        raise session_not_live(session.session_id, session.status)
    must_have_details(session)


def later_time(
    session: Session, requested: datetime | None, earliest: datetime, now: datetime, policy: Policy
) -> datetime:
    """Return when something happened that may lie after the session's end, such as a payment.

    Raises DETAIL_EXPIRED, IN_THE_FUTURE, and OUTSIDE_SESSION when it lies before `earliest`.
    """
    must_have_details(session)
    if requested is None:
        return max(now, earliest)
    not_in_future(session, requested, now, policy, "time")
    if requested < earliest:
        raise outside_session("time")
    return requested


def not_in_future(session: Session, time: datetime, now: datetime, policy: Policy, field: str) -> None:
    """Refuse a time after now. A running LIVE grants reporters a little slack, a recording needs none."""
    limit = now + policy.clock_slack if session.source == "live" else now
    if time > limit:
        raise in_the_future(field)
