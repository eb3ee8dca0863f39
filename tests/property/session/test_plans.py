"""Whatever a host does meanwhile: what is heard of a LIVE event again, from the beginning, changes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from showfloor.kernel.refusal import Refusal
from showfloor.session.show.domain import plan_rules, session_rules
from showfloor.session.show.domain.session import SESSION, BagEntry, Session

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
ME: Any = {"session_id": UUID(int=1), "event_id": UUID(int=2), "now": T0}
OPEN = plan_rules.OpenForEvent(
    account_id=UUID(int=3), shop_id=UUID(int=4), currency="USD", affiliate=None, title="Mugs", not_before=T0,
    bag=(BagEntry(UUID(int=5), "set"), BagEntry(UUID(int=6), "link")), **ME,
)  # fmt: skip
Heard = tuple[Any, Any]
DROP: Heard = (plan_rules.drop_session, plan_rules.PlanCommand(**ME))
moves = st.lists(st.tuples(st.sampled_from(["Mugs", "Pots"]), st.integers(0, 2)), max_size=4)
acts = st.lists(st.sampled_from(["hear"] * 5 + ["practise", "stop", "rename", "live", "end", "delete"]), max_size=20)


def news_of(moved: list[tuple[str, int]], *, dropped: bool) -> list[Heard]:
    told: list[Heard] = [(plan_rules.open_for_event, OPEN)]
    for sequence, (title, hours) in enumerate(moved, 1):
        start = T0 + timedelta(hours=hours)
        move = plan_rules.RescheduleSession(title=title, not_before=start, sequence=sequence, **ME)
        told.append((plan_rules.reschedule_session, move))
    return told + [DROP] * dropped


def asked(state: Session, act: str, now: datetime) -> list[Any]:
    """What the host's side makes of it; what is refused is nothing."""
    me: Any = {"session_id": UUID(int=1), "now": now}
    try:
        match act:
            case "practise":
                return session_rules.start_practice(state, session_rules.StartPractice(**me))
            case "stop":
                return session_rules.end_practice(state, session_rules.EndPractice(**me))
            case "rename":
                return session_rules.update_session(state, session_rules.UpdateSession(title="Own", **me))
            case "live":
                return session_rules.go_live(state, session_rules.GoLive(**me))
            case "end":
                return session_rules.end_session(state, session_rules.EndSession(**me))
            case _:
                return session_rules.delete_session(state, session_rules.DeleteSession(**me))
    except Refusal:
        return []


@given(moves, st.booleans(), acts)
def test_news_heard_again_changes_nothing(moved: list[tuple[str, int]], dropped: bool, done: list[str]) -> None:
    news, heard, state = news_of(moved, dropped=dropped), 0, SESSION.initial()
    for number, act in enumerate(done):
        now = T0 + timedelta(minutes=10 * number)
        if act == "hear":
            rule, command = news[min(heard, len(news) - 1)]
            events, heard = rule(state, command), min(heard + 1, len(news))
        else:
            events = asked(state, act, now)
        for event in events:
            state = SESSION.evolve(state, event)
        plan = state.plan
        if state.went_at is not None:
            assert plan is not None and plan.not_before is not None and plan.not_before <= state.went_at
        assert state.status != "deleted" or DROP in news[:heard]
        assert [rule(state, command) for rule, command in news[:heard]] == [[]] * heard
