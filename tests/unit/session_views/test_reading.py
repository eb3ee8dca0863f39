"""The parts of views that need no database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from showfloor.session.analytics.edges.numbers import moment_of, room_until, still_present, watch_ms
from showfloor.session.analytics.edges.reads import metric_names
from showfloor.session.analytics.edges.session_queries import SessionRow
from showfloor.session.analytics.edges.trend import MAX_POINTS, grid
from showfloor.session.catalogue.domain.searching import containing, search_key

START = datetime(2026, 3, 1, 23, 50, 30, tzinfo=UTC)


def row(**changes: object) -> SessionRow:
    values = {
        "session_id": UUID(int=1), "account_id": UUID(int=2), "shop_id": UUID(int=3), "currency": "USD",
        "title": "", "title_key": "", "state": "live", "source": "live", "simulated": False, "opened_at": START,
        "started_at": START, "went_at": START, "touched_at": START, "for_silence": False,
        "ended_at": None, "sort_at": START, "pinned_product": None, "pinned_comment": None,
        "bag_size": 0, "version": 1, "over_at": None, "expired": False,
    }  # fmt: skip
    return SessionRow(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.requirement("R124")
def test_searching_ignores_case_and_takes_wildcards_literally() -> None:
    assert search_key("ＳＡＬＥ Straße") == "sale strasse"
    assert containing("50%_\\") == "%50\\%\\_\\\\%"


def test_now_is_the_end_the_clock_or_a_recordings_progress() -> None:
    later = START + timedelta(hours=1)
    assert moment_of(row(), (None, None), later) == later
    assert moment_of(row(ended_at=later), (None,), later + timedelta(1)) == later
    assert moment_of(row(source="replay"), (None, START + timedelta(minutes=3)), later) == START + timedelta(minutes=3)
    assert moment_of(row(source="replay"), (None, None), later) == START
    assert moment_of(row(started_at=None), (None,), later) is None


def test_watch_time_counts_stays_until_the_newest_signal() -> None:
    enter, later = int(START.timestamp() * 1000), START + timedelta(seconds=90)
    assert watch_ms({"watch_ms": 0, "stay_ms": -enter, "inside": 1}, later) == 90_000
    assert watch_ms({"watch_ms": 700, "stay_ms": 4_000, "inside": 0}, later) == 4_700
    assert watch_ms({"watch_ms": 0, "stay_ms": -enter, "inside": 1}, START - timedelta(seconds=1)) == 0
    assert room_until(START, None) == room_until(START, START - timedelta(seconds=1)) == START
    assert room_until(START, later) == later


def test_whoever_is_not_seen_for_75_seconds_is_gone() -> None:
    fading = [3, 0, 2, *([0] * 72), 1]  # 3 in the second of the newest signal, 2 two seconds before, 1 75 before
    for passed, present in ((-5, 6), (0, 6), (1, 5), (73, 5), (74, 3), (75, 3), (76, 0), (9_999, 0)):
        assert still_present(fading, START, START + timedelta(seconds=passed)) == present
    assert still_present([], START, START) == 0


@pytest.mark.parametrize(("hours", "step"), [(1, 1), (4, 2), (16, 5), (168, 43)])
def test_a_trend_chooses_its_step(hours: int, step: int) -> None:
    until = START + timedelta(hours=hours)
    points = grid(row(), START, until, until, 0)
    assert points.step == step
    assert points.steps <= MAX_POINTS
    assert points.times[0] <= START
    assert points.times[-1] < until <= points.times[-1] + timedelta(minutes=points.step)
    assert sum(points.on_air(at) for at in range(points.steps)) == hours * 3_600


def test_metric_names_are_those_of_the_registry_once_each() -> None:
    assert metric_names(["gmv", "ctr", "gmv"], (), 12) == ["gmv", "ctr"]
    assert metric_names([], ("views",), 12) == ["views"]
