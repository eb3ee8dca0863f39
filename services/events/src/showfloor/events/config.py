"""Settings of the events service. Each field is the variable SHOWFLOOR_<NAME>."""

from datetime import timedelta

from pydantic import Field

from showfloor.events.schedule.domain.policy import Policy
from showfloor.platform.settings import ProcessSettings


class Config(ProcessSettings):
    """What the platform's settings do not know: the numbers of today's platform guides."""

    event_shortest_minutes: int = Field(default=30, ge=1, le=1_440, description="minutes that an event takes at least")
    event_longest_minutes: int = Field(default=780, ge=1, le=10_080, description="minutes that an event takes at most")
    event_mobile_lead_minutes: int = Field(
        default=120, ge=0, le=10_080, description="minutes from making an event on a phone to its start, at least"
    )
    event_days_ahead: int = Field(default=365, ge=1, le=3_650, description="days from now to an event's start, at most")
    events_ahead: int = Field(
        default=200, ge=1, le=1_000, description="events of an account that are not over, at most"
    )
    event_soon_minutes: int = Field(
        default=10, ge=1, le=120, description="minutes before the start at which an event's console is set up"
    )

    def policy(self) -> Policy:
        """Return the numbers that rules go by."""
        return Policy(
            shortest=timedelta(minutes=self.event_shortest_minutes),
            longest=timedelta(minutes=self.event_longest_minutes),
            mobile_lead=timedelta(minutes=self.event_mobile_lead_minutes),
            furthest=timedelta(days=self.event_days_ahead),
            most_ahead=self.events_ahead,
            soon=timedelta(minutes=self.event_soon_minutes),
        )
