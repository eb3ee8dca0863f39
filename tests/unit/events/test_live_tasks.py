"""LIVE tasks: each LIVE counts once, each goal is reached once, whatever comes twice or late."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showfloor.events.home.domain.live_task_rules import BeginLive, NoteLive, begin_live, note_live, progress
from showfloor.events.home.domain.live_tasks import TASKS, LiveTasks, Task, TaskCompleted
from showfloor.events.home.domain.periods import period_of
from showfloor.kernel.event import Event

ACCOUNT = UUID(int=1)
WEEK = Task(key="week-2", title="Two", period="week", goal=2, minutes=30, reward="Badge")
MONTH = Task(key="month-3", title="Three", period="month", goal=3, minutes=60, reward="Cup")
OFFERED = (WEEK, MONTH)
MONDAY = datetime(2026, 5, 4, 18, tzinfo=UTC)


def after(state: LiveTasks, events: list[Event]) -> LiveTasks:
    for event in events:
        state = TASKS.evolve(state, event)
    return state


def told(state: LiveTasks, session: int, start: datetime, minutes: float) -> tuple[LiveTasks, list[TaskCompleted]]:
    """Tell of a LIVE from its start to its end; return what it completed."""
    about = {"account_id": ACCOUNT, "session_id": UUID(int=session)}
    state = after(state, begin_live(state, BeginLive(at=start, **about)))
    events = note_live(state, NoteLive(at=start + timedelta(minutes=minutes), tasks=OFFERED, **about))
    return after(state, events), [one for one in events if isinstance(one, TaskCompleted)]


@pytest.mark.requirement("R9")
def test_the_second_live_of_a_week_earns_the_reward_once() -> None:
    state, none = told(LiveTasks(), 1, MONDAY, 45)
    state, reached = told(state, 2, MONDAY + timedelta(days=1), 30)
    state, again = told(state, 3, MONDAY + timedelta(days=2), 90)
    assert (none, again) == ([], [])
    assert [(one.task, one.reward, one.session_id) for one in reached] == [("week-2", "Badge", UUID(int=2))]
    week = progress(state, OFFERED, MONDAY + timedelta(days=3))[0]
    assert (week.lives, week.completed) == (3, True)
    next_week = progress(state, OFFERED, MONDAY + timedelta(days=7))[0]
    assert (next_week.lives, next_week.completed) == (0, False)


@pytest.mark.requirement("R9")
def test_short_lives_and_those_of_another_week_do_not_count() -> None:
    state, _ = told(LiveTasks(), 1, MONDAY - timedelta(days=1), 60)
    state, _ = told(state, 2, MONDAY, 29.9)
    state, reached = told(state, 3, MONDAY + timedelta(hours=3), 60)
    assert reached == []
    assert [one.lives for one in progress(state, OFFERED, MONDAY)] == [1, 2]


def test_a_live_belongs_to_the_week_in_which_it_began() -> None:
    sunday = datetime(2026, 5, 10, 23, 50, tzinfo=UTC)
    state, _ = told(LiveTasks(), 1, MONDAY, 60)
    _, reached = told(state, 2, sunday, 120)
    assert [one.period_start for one in reached] == [datetime(2026, 5, 4, tzinfo=UTC)]


def test_an_end_without_a_beginning_is_no_live() -> None:
    ended = NoteLive(account_id=ACCOUNT, session_id=UUID(int=9), at=MONDAY, tasks=OFFERED)
    assert note_live(LiveTasks(), ended) == []


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 20), st.integers(0, 120)), max_size=30))
def test_told_again_in_any_way_nothing_counts_twice(rows: list[tuple[int, int, int]]) -> None:
    state, rewards = LiveTasks(), set[tuple[str, datetime]]()
    for session, day, minutes in rows:
        state, reached = told(state, session, MONDAY + timedelta(days=day), minutes)
        for one in reached:
            assert (one.task, one.period_start) not in rewards
            rewards.add((one.task, one.period_start))
    assert len({one.session_id for one in state.noted}) == len(state.noted)
    for one in state.rewards:
        task = next(task for task in OFFERED if task.key == one.task)
        period = period_of(task.period, one.period_start)
        counted = [live for live in state.noted if period.holds(live.started_at) and live.minutes >= task.minutes]
        assert len(counted) >= task.goal


@pytest.mark.parametrize(
    ("kind", "moment", "start", "end"),
    [
        ("week", "2026-05-10T23:59:59+00:00", "2026-05-04", "2026-05-11"),
        ("week", "2026-05-11T01:00:00+02:00", "2026-05-04", "2026-05-11"),
        ("month", "2026-12-31T23:59:59+00:00", "2026-12-01", "2027-01-01"),
        ("month", "2028-02-29T00:00:00+00:00", "2028-02-01", "2028-03-01"),
    ],
)
def test_periods_are_whole_weeks_and_months(kind: str, moment: str, start: str, end: str) -> None:
    found = period_of(kind, datetime.fromisoformat(moment))  # type: ignore[arg-type]
    assert (found.start.isoformat()[:10], found.end.isoformat()[:10]) == (start, end)
