"""Which mail is still of use when its turn has come."""

from datetime import datetime, timedelta
from typing import Final

from showfloor.events.invitations.domain.invitation import Invitation, Mail
from showfloor.events.invitations.domain.invited_event import InvitedEvent
from showfloor.kernel.personal import ERASED

SOON: Final = timedelta(minutes=10)  # after the start: for so long "it starts soon" is still of use


def is_of_use(mail: Mail, invitation: Invitation, event: InvitedEvent, now: datetime) -> bool:
    """Tell whether a mail should still be sent: an erased address gets none, nor does anybody after the event."""
    if invitation.email == ERASED or now >= event.end_time:
        return False
    if mail.kind == "cancelled":
        return True
    if mail.kind == "confirm" and (invitation.good_until is None or now >= invitation.good_until):
        return False
    if mail.kind == "moved" and (invitation.told >= mail.number or now >= event.start_time):
        return False  # an earlier mail told it already, or it is another end of what has begun
    if mail.kind == "starting" and now >= event.start_time + SOON:
        return False
    return event.open_at(now)
