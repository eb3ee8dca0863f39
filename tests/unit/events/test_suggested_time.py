"""When a history says when to begin, when it says nothing, and that what it rests on can be checked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showfloor.events.suggested_time.domain.past_live import PastLive, mean_of
from showfloor.events.suggested_time.domain.suggesting import (
    NoSuggestion,
    Suggestion,
    SuggestionPolicy,
    counted,
    next_start,
    suggest,
)
from showfloor.events.suggested_time.domain.week_grid import Point, Smoothing, estimates, explained

BERLIN = ZoneInfo("Europe/Berlin")
POLICY = SuggestionPolicy()
MONDAY = datetime(2026, 5, 4, tzinfo=BERLIN)


def live(day: int, hour: int, gmv: int | None = 1_000, hours: float = 2.0, viewers: float | None = None) -> PastLive:
    start = MONDAY + timedelta(days=day, hours=hour)
    return PastLive(
        started_at=start.astimezone(UTC),
        ended_at=start.astimezone(UTC) + timedelta(hours=hours),
        gmv_minor=gmv,
        average_viewers=viewers,
    )


def weeks(times: int, gmv: Callable[[int, int], int]) -> list[PastLive]:
    """Tuesday noon and Friday evening, every week."""
    return [live(7 * week + day, hour, gmv(week, day)) for week in range(times) for day, hour in ((1, 12), (4, 20))]


@pytest.mark.requirement("R96")
def test_the_better_evening_is_suggested_with_its_evidence() -> None:
    lives = weeks(12, lambda week, day: 4_000 + 10 * week if day == 4 else 1_000 + 10 * week)
    found = suggest(lives, BERLIN, POLICY)
    assert isinstance(found, Suggestion)
    assert (found.weekday, found.hour, found.sessions, found.duration_minutes) == (4, 20, 12, 120)
    assert found.explained > 0.5
    (gmv,) = found.evidence
    assert (gmv.metric, gmv.there, gmv.account) == ("gmv_per_hour", 2_027.5, 1_277.5)


@pytest.mark.requirement("R96")
def test_the_hour_is_that_of_the_zone_that_asks() -> None:
    lives = weeks(12, lambda _, day: 4_000 if day == 4 else 1_000 + day)
    found = suggest(lives, ZoneInfo("Asia/Tokyo"), POLICY)
    assert isinstance(found, Suggestion)
    assert (found.weekday, found.hour) == (5, 3)


@pytest.mark.requirement("R96")
def test_a_thin_history_suggests_nothing() -> None:
    assert suggest(weeks(9, lambda _, day: day), BERLIN, POLICY) == NoSuggestion("history_too_thin")
    unknown = [live(day, 20, gmv=None) for day in range(40)]
    assert suggest(unknown, BERLIN, POLICY) == NoSuggestion("history_too_thin")


def test_where_the_hour_explains_nothing_none_is_suggested() -> None:
    lives = weeks(12, lambda week, _: 100 * 2 ** (week % 5))
    assert suggest(lives, BERLIN, POLICY) == NoSuggestion("no_pattern")


def test_figures_that_contradict_each_other_suggest_nothing() -> None:
    both = [
        live(7 * week + day, hour, gmv, viewers=viewers)
        for week in range(12)
        for day, hour, gmv, viewers in ((1, 12, 1_000 + week, 900), (4, 20, 4_000 + week, 100))
    ]
    assert suggest(both, BERLIN, POLICY) == NoSuggestion("no_time_stands_out")


def test_tries_do_not_count_and_the_newest_do() -> None:
    lives = [live(day, 20, hours=0.1) for day in range(5)] + [live(day, 20) for day in range(5, 10)]
    few = SuggestionPolicy(most_sessions=3)
    assert [one.started_at.astimezone(BERLIN).day for one in counted(lives[::-1], few)] == [11, 12, 13]


@given(st.lists(st.tuples(st.integers(0, 80), st.integers(0, 23), st.integers(0, 10**9)), min_size=20, max_size=60))
def test_evidence_is_above_the_mean_and_starts_are_of_the_past(rows: list[tuple[int, int, int]]) -> None:
    lives = [live(day, hour, gmv) for day, hour, gmv in rows]
    found = suggest(lives, BERLIN, POLICY)
    if isinstance(found, Suggestion):
        starts = [one.started_at.astimezone(BERLIN) for one in lives]
        assert any((one.weekday(), one.hour) == (found.weekday, found.hour) for one in starts)
        assert found.sessions >= POLICY.least_in_slot
        assert all(one.there > one.account == mean_of(one.metric, lives) for one in found.evidence)


@given(st.lists(st.tuples(st.integers(0, 167), st.floats(0, 20), st.integers(0, 9)), min_size=1, max_size=40))
def test_a_grid_shrinks_towards_the_mean(rows: list[tuple[int, float, int]]) -> None:
    points = [Point(*row) for row in rows]
    strong, weak = Smoothing(prior=50.0), Smoothing(prior=1.0)
    by_slot, by_less = estimates(points, strong), estimates(points, weak)
    assert all(abs(by_slot[slot]) <= abs(by_less[slot]) + 1e-9 for slot in by_slot)
    share = explained(points, weak)
    assert share is None or share <= 1


def test_an_hour_explains_what_repeats_and_not_what_is_noise() -> None:
    repeats = [Point(slot, float(slot), week) for week in range(8) for slot in (20, 44, 68)]
    noise = [Point(slot, float((week * 7 + slot) % 5), week) for week in range(8) for slot in (20, 44, 68)]
    assert (explained(repeats, Smoothing()) or 0) > 0.5 > (explained(noise, Smoothing()) or 0)


@pytest.mark.parametrize(
    ("weekday", "hour", "now", "local"),
    [
        (4, 20, "2026-05-06T10:00+00:00", "2026-05-08T20:00:00+02:00"),
        (4, 20, "2026-05-08T16:30+00:00", "2026-05-15T20:00:00+02:00"),  # less than two hours ahead
        (6, 2, "2026-03-26T10:00+00:00", "2026-04-05T02:00:00+02:00"),  # that Sunday's clocks skip 02:00
        (6, 2, "2026-10-23T10:00+00:00", "2026-10-25T02:00:00+02:00"),  # it comes twice: the first
    ],
)
def test_the_next_start_is_a_moment_that_clocks_show(weekday: int, hour: int, now: str, local: str) -> None:
    found = Suggestion(weekday=weekday, hour=hour, duration_minutes=60, sessions=3, explained=0.1, evidence=())
    assert next_start(found, BERLIN, datetime.fromisoformat(now)).isoformat() == local
