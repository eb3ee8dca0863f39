"""Local times of zones: those that do not exist, and those that come twice."""

from datetime import UTC, datetime

import pytest

from showfloor.events.schedule.domain.times import moment_of, zone_names
from showfloor.kernel.refusal import Refusal


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "shown", "moment"),
    [
        ("Europe/Berlin", "2026-01-15T20:00", "2026-01-15T19:00"),
        ("Europe/Berlin", "2026-07-15T20:00", "2026-07-15T18:00"),
        ("Europe/Berlin", "2026-03-29T01:59", "2026-03-29T00:59"),
        ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25T01:59", "2026-10-24T23:59"),
        ("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00"),
        ("Asia/Kathmandu", "2026-05-01T12:00", "2026-05-01T06:15"),
        ("America/New_York", "2026-12-31T23:00", "2027-01-01T04:00"),
        ("Pacific/Kiritimati", "2026-05-01T10:00", "2026-04-30T20:00"),
        ("UTC", "2026-05-01T10:00", "2026-05-01T10:00"),
    ],
)
def test_a_local_time_is_one_moment(zone: str, shown: str, moment: str) -> None:
    assert moment_of(local(shown), zone) == utc(moment)
    assert moment_of(local(shown), zone, "later") == utc(moment)  # it comes once: nothing is to be chosen


@pytest.mark.parametrize(
    ("zone", "shown", "instead"),
    [
        ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T03:00:00+02:00"),
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T03:00:00+02:00"),
        ("Europe/Berlin", "2026-03-29T02:59", "2026-03-29T03:00:00+02:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T02:30:00+11:00"),  # by half an hour
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-31T00:00:00+14:00"),  # a whole day was left out
    ],
)
def test_a_time_that_clocks_leave_out_is_refused(zone: str, shown: str, instead: str) -> None:
    with pytest.raises(Refusal) as refused:
        moment_of(local(shown), zone)
    assert refused.value.reason == "NO_SUCH_LOCAL_TIME"
    assert refused.value.metadata == {"local_start": shown, "time_zone": zone, "next_time": instead}


@pytest.mark.parametrize(
    ("zone", "shown", "earlier", "later"),
    [
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"),
        ("Europe/Berlin", "2026-10-25T02:00", "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-05T01:45:00+11:00", "2026-04-05T01:45:00+10:30"),
    ],
)
def test_a_time_that_comes_twice_is_asked_about(zone: str, shown: str, earlier: str, later: str) -> None:
    with pytest.raises(Refusal) as refused:
        moment_of(local(shown), zone)
    assert refused.value.reason == "LOCAL_TIME_TWICE"
    said = {"earlier_time": earlier, "later_time": later}
    assert refused.value.metadata == {"local_start": shown, "time_zone": zone, **said}
    assert moment_of(local(shown), zone, "earlier") == datetime.fromisoformat(earlier)
    assert moment_of(local(shown), zone, "later") == datetime.fromisoformat(later)


def test_zones_are_known_by_their_names() -> None:
    assert {"Europe/Berlin", "America/New_York", "Asia/Ho_Chi_Minh", "UTC"} <= zone_names()
    assert not {"Berlin", "europe/berlin", "../etc/passwd", "", "CET+1", "localtime"} & zone_names()
