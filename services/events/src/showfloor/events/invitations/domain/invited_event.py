"""A LIVE event as those know it who are invited to it, and when a host does well to promote it."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

PROMOTE_FROM: Final = timedelta(days=3)  # before the start (R104)
PROMOTE_UNTIL: Final = timedelta(days=2)


class InvitedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What a page, a calendar file and a mail tell of an event. Times in UTC; `time_zone` by its IANA name."""

    event_id: UUID
    account_id: UUID
    title: str
    description: str = ""
    start_time: datetime
    end_time: datetime
    time_zone: str = "UTC"
    sequence: int = 0
    cancelled: bool = False
    ended: bool = False
    teaser_urls: tuple[str, ...] = ()
    session_id: UUID | None = None  # on air, or the next to be

    def open_at(self, now: datetime) -> bool:
        """Tell whether somebody can still register."""
        return not self.cancelled and not self.ended and now < self.end_time


def promote_now(start_time: datetime, now: datetime) -> bool:
    """Tell whether it is 2 to 3 days before the event: the time to promote its teaser videos."""
    return start_time - PROMOTE_FROM <= now < start_time - PROMOTE_UNTIL
