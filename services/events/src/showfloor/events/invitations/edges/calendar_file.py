"""The calendar file of a LIVE event (RFC 5545): one VEVENT whose UID never changes and whose SEQUENCE rises."""

from datetime import UTC, datetime
from typing import Final, Literal

import icalendar

from showfloor.events.invitations.domain.invited_event import InvitedEvent

KIND: Final = "text/calendar"
PRODUCT: Final = "-//Showfloor//LIVE events//EN"

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
"""A file for anybody; an invitation of one address, new or changed; and its end (RFC 5546)."""


def uid_of(event: InvitedEvent) -> str:
    """Return what calendars know the event by."""
    return f"{event.event_id}@showfloor"


def calendar_file(
    event: InvitedEvent, now: datetime, url: str, *, method: Method = "PUBLISH", organizer: str = "", attendee: str = ""
) -> bytes:
    """Return the file. Times are in UTC, which every calendar shows in its reader's zone.

    `url`: the event's page. `organizer` and `attendee`: addresses, of an invitation that goes to one.
    """
    entry = icalendar.Event()
    entry.add("uid", uid_of(event))
    entry.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    entry.add("sequence", event.sequence)
    entry.add("dtstart", event.start_time.astimezone(UTC))
    entry.add("dtend", event.end_time.astimezone(UTC))
    entry.add("summary", event.title)
    if event.description:
        entry.add("description", event.description)
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")  # who watches a LIVE is not busy
    if url:
        entry.add("url", url)
    if organizer:
        entry.add("organizer", icalendar.vCalAddress(f"mailto:{organizer}"))
    if attendee:
        guest = icalendar.vCalAddress(f"mailto:{attendee}")
        guest.params["PARTSTAT"] = "ACCEPTED"
        guest.params["RSVP"] = "FALSE"
        entry.add("attendee", guest)
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
