"""How long the details of a session stay: three months after its end, then only the totals of its day (D9)."""

from showfloor.kernel.event import Event
from showfloor.session.show.domain import refusals
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import Session
from showfloor.session.show.domain.session_events import SessionDetailsExpired, SignalsForgotten
from showfloor.session.show.domain.session_rules import Command, about


class ExpireDetails(Command, frozen=True, kw_only=True):
    """`reported`: the final report is out, so the totals of the day hold this session."""

    policy: Policy
    reported: bool


def expire_details(state: Session, command: ExpireDetails) -> list[Event]:
    """Let the details go once they are due and counted for their day. Imported history is totals and stays."""
    if state.over_at is None or state.details != "kept" or not command.reported:
        return []
    due = command.policy.details_until(state.over_at)
    if command.now < due:
        return []
    return [SessionDetailsExpired(at=due, **about(state))]


def forget_signals(state: Session, command: Command) -> list[Event]:
    """Record that the counts of the session's signals are deleted."""
    if state.details != "expired":
        return []
    return [SignalsForgotten(at=command.now, **about(state))]


def must_have_details(state: Session) -> None:
    """Refuse to read or add details that are no longer kept. Raises DETAIL_EXPIRED."""
    if state.details != "kept":
        raise refusals.detail_expired(state.session_id)
