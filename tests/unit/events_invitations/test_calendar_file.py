"""The calendar file, read back by two parsers that other people wrote."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import icalendar
import msgspec
import pytest
import vobject

from showfloor.events.invitations.domain.invited_event import InvitedEvent
from showfloor.events.invitations.edges.calendar_file import calendar_file

NOW = datetime(2026, 10, 1, 9, 30, 12, 5, tzinfo=UTC)
PAGE = "https://live.example.com/e/00000000-0000-0000-0000-000000000001"
EVENT = InvitedEvent(
    event_id=UUID(int=1),
    account_id=UUID(int=2),
    title="Autumn; tea, \\ and \N{SNOWMAN}",
    description="First line\nBEGIN:VEVENT\nwith a very long line " + "ö" * 200,
    start_time=datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    end_time=datetime(2026, 10, 25, 3, 0, tzinfo=UTC),
    time_zone="Europe/Berlin",
    sequence=3,
)


def read(file: bytes) -> Any:
    (entry,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
    return entry


@pytest.mark.requirement("R103")
def test_it_says_when_what_and_where() -> None:
    file = calendar_file(EVENT, NOW, PAGE)
    entry = read(file)
    assert entry["uid"] == f"{UUID(int=1)}@showfloor"
    assert (entry["sequence"], entry["status"], entry["url"]) == (3, "CONFIRMED", PAGE)
    assert (entry.decoded("dtstart"), entry.decoded("dtend")) == (EVENT.start_time, EVENT.end_time)
    assert entry.decoded("dtstamp") == NOW.replace(microsecond=0)
    assert (str(entry["summary"]), str(entry["description"])) == (EVENT.title, EVENT.description)
    assert b"DTSTART:20261025T013000Z" in file
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))


def test_another_parser_reads_the_same() -> None:
    event = vobject.readOne(calendar_file(EVENT, NOW, PAGE).decode()).vevent
    assert event.summary.value == EVENT.title
    assert event.description.value == EVENT.description
    assert event.dtstart.value == EVENT.start_time
    assert event.sequence.value == "3"


def test_a_change_keeps_the_uid_and_raises_the_sequence() -> None:
    moved = msgspec.structs.replace(EVENT, sequence=4, start_time=EVENT.start_time + timedelta(hours=1))
    before, after = (read(calendar_file(one, NOW, PAGE)) for one in (EVENT, moved))
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (3, 4)


def test_a_cancellation_takes_it_out_of_a_calendar() -> None:
    gone = msgspec.structs.replace(EVENT, cancelled=True)
    file = calendar_file(gone, NOW, PAGE, method="CANCEL", organizer="live@example.com", attendee="ana@example.com")
    assert icalendar.Calendar.from_ical(file)["method"] == "CANCEL"
    entry = read(file)
    assert entry["status"] == "CANCELLED"
    assert (entry["organizer"], entry["attendee"]) == ("mailto:live@example.com", "mailto:ana@example.com")
