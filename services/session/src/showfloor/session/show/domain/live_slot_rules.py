"""Who may stand in an account's slot."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.kernel.event import Event
from showfloor.session.show.domain import refusals
from showfloor.session.show.domain.live_slot import LiveSlot, LiveSlotReleased, LiveSlotTaken


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """Which session of which account."""

    account_id: UUID
    session_id: UUID
    now: datetime


def take_slot(state: LiveSlot, command: Slot) -> list[Event]:
    """Take the slot. Raises ANOTHER_LIVE_RUNNING, which names the session that stands in it."""
    if state.session_id == command.session_id:
        return []
    if state.session_id is not None:
        raise refusals.another_live_running(state.session_id)
    return [LiveSlotTaken(at=command.now, account_id=command.account_id, session_id=command.session_id)]


def release_slot(state: LiveSlot, command: Slot) -> list[Event]:
    """Give the slot back. Another session's slot is left alone."""
    if state.session_id != command.session_id:
        return []
    return [LiveSlotReleased(at=command.now, account_id=command.account_id, session_id=command.session_id)]
