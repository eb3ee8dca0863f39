"""What guests are still to be told, which session they are led to, and when their addresses go."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from showfloor.events.invitations.domain.guest_list import (
    GUEST_LIST,
    GuestList,
    GuestsNotified,
    NotifyGuests,
    notify_guests,
)
from showfloor.events.invitations.edges.invited import invited_event
from showfloor.events.invitations.processes.forgetting import FORGET, KEPT, changes
from showfloor.events.invitations.views import notices
from showfloor.events.schedule.domain.schedule_events import EventDeleted, EventScheduled, EventStartingSoon
from showfloor.events.schedule.edges.event_queries import EventRow
from showfloor.eventstore.deadlines import Deadline
from showfloor.eventstore.statements import Statement
from showfloor.kernel.event import Event, Meta, Recorded

START = datetime(2026, 5, 1, 20, tzinfo=UTC)
END, HOUR = START + timedelta(hours=1), timedelta(hours=1)
SHOW, SESSION, ACCOUNT, SHOP = (UUID(int=n) for n in range(1, 5))
SECOND = int(START.timestamp())


def recorded(position: int, event: Event) -> Recorded:
    return Recorded(position, UUID(int=9), position, event, Meta())


def soon() -> Event:
    return EventStartingSoon(
        at=START, title="Tea", start_at=START, session_id=SESSION, account_id=ACCOUNT, shop_id=SHOP, event_id=SHOW
    )


def deleted(at: datetime = START - HOUR) -> Event:
    return EventDeleted(
        at=at, title="Tea", start_at=START, end_at=END, time_zone="UTC", session_id=SESSION, sequence=1,
        account_id=ACCOUNT, shop_id=SHOP, event_id=SHOW,
    )  # fmt: skip


def notified() -> Event:
    return GuestsNotified(at=START, event_id=SHOW, kind="starting", number=SECOND)


def rows(*pages: list[Recorded]) -> dict[tuple[object, ...], object]:
    """Return the rows of the table after these pages: by key the position."""
    found: dict[tuple[object, ...], object] = {}
    for page in pages:
        for change in notices.evolve(page):
            assert isinstance(change, Statement) and change.columns is not None
            for row in zip(*change.columns, strict=True):
                if change.sql.strip().startswith("DELETE"):
                    found.pop(row[:3], None)
                else:
                    found.setdefault(row[:3], row[3])
    return found


def test_what_guests_are_told_twice_is_cleared_twice() -> None:
    state = GuestList()
    for _ in range(2):
        command = NotifyGuests(event_id=SHOW, kind="starting", number=SECOND, now=START)
        (told,) = notify_guests(state, command)
        state = GUEST_LIST.evolve(state, told)
    log = [recorded(n, event) for n, event in enumerate([soon(), notified(), soon(), notified()], 1)]
    assert rows(log) == rows(*([one] for one in log)) == {}


@pytest.mark.parametrize("events", [[soon()], [soon(), notified(), soon()], [soon(), notified(), soon(), soon()]])
def test_what_came_after_guests_were_told_is_due(events: list[Event]) -> None:
    log = [recorded(n, event) for n, event in enumerate(events, 1)]
    due = {(SHOW, "starting", SECOND): 3 if len(log) > 1 else 1}
    assert rows(log) == rows(log[::-1]) == rows(*([one] for one in log)) == rows(log[:1], log[1:]) == due


def test_addresses_of_a_deleted_event_go_after_its_deletion() -> None:
    scheduled = EventScheduled(
        at=START - 60 * HOUR, title="Tea", description="", start_at=START, end_at=END, time_zone="UTC",
        origin="desktop", session_id=SESSION, soon_at=None, account_id=ACCOUNT, shop_id=SHOP, event_id=SHOW,
    )  # fmt: skip
    assert list(changes(recorded(1, scheduled))) == [Deadline(FORGET, SHOW, END + KEPT)]
    at = START - 50 * HOUR
    assert list(changes(recorded(2, deleted(at)))) == [Deadline(FORGET, SHOW, at + KEPT)]


def row(*, over_at: datetime | None = None, gone: bool = False) -> EventRow:
    session = {"session_id": str(SESSION), "number": 1, "started_at": None, "ended_at": None}
    return EventRow(
        event_id=SHOW, account_id=ACCOUNT, shop_id=SHOP, title="Tea", description="", start_at=START, end_at=END,
        time_zone="UTC", origin="desktop", recommend_on_videos=False, teaser_urls=[], sequence=0, changes=1,
        made_at=START - HOUR, on_air=False, over_at=over_at, deleted=gone, sessions=[session],
    )  # fmt: skip


def test_nobody_is_led_to_the_session_of_an_event_that_is_over() -> None:
    assert invited_event(row(), START).session_id == SESSION
    assert invited_event(row(), END).session_id is None  # also in the moment before that is recorded
    assert invited_event(row(over_at=START), START).session_id is None
    assert invited_event(row(gone=True), START).session_id is None
