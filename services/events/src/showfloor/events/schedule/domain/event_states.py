"""Where an event stands: worked out from what is recorded, and the clock."""

from datetime import datetime, timedelta
from typing import Literal

from showfloor.events.schedule.domain.schedule import LiveEvent

State = Literal["scheduled", "setting_up", "ready", "live", "paused", "running_over", "ended"]


def state_of(event: LiveEvent, now: datetime, soon: timedelta) -> State:
    """Return where an event stands; `soon` before its start its console is set up."""
    if event.is_over(now):
        return "ended"
    if event.on_air is not None:
        return "live" if now < event.end_at else "running_over"
    if event.begun:
        return "paused"
    if now >= event.start_at:
        return "ready"
    return "setting_up" if now >= event.start_at - soon else "scheduled"
