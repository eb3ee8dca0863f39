"""The reporting day is UTC-8 all year (D6)."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from showfloor.metrics.days import after_whole_days, day_start, reporting_day


@pytest.mark.requirement("D6")
@pytest.mark.parametrize(
    ("start", "day"),
    [
        (datetime(2026, 3, 2, 7, 59, 59, 999999, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 2, 8, 0, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 1, 1, tzinfo=UTC), date(2025, 12, 31)),
        # In summer the west coast of America is at UTC-7; the reporting day is not.
        (datetime(2026, 7, 2, 7, 30, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 3, 2, 0, 30, tzinfo=timezone(timedelta(hours=8))), date(2026, 3, 1)),
        (datetime(2024, 2, 29, 12, 0, tzinfo=UTC), date(2024, 2, 29)),
    ],
)
def test_a_session_belongs_to_the_day_of_its_start(start: datetime, day: date) -> None:
    assert reporting_day(start) == day
    assert day_start(day) <= start < day_start(day + timedelta(days=1))


@pytest.mark.requirement("D6")
def test_a_day_starts_at_eight_utc_in_every_season() -> None:
    for month in range(1, 13):
        assert day_start(date(2026, month, 8)) == datetime(2026, month, 8, 8, tzinfo=UTC)


@pytest.mark.requirement("D6")
def test_whole_days_do_not_count_the_day_that_has_begun() -> None:
    early, late = datetime(2026, 3, 1, 8, 0, tzinfo=UTC), datetime(2026, 3, 2, 7, 59, tzinfo=UTC)
    assert after_whole_days(early, 1) == after_whole_days(late, 1) == datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert after_whole_days(late, 0) == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_time_without_a_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="zone"):
        reporting_day(datetime(2026, 3, 1))  # noqa: DTZ001 - that is the point
