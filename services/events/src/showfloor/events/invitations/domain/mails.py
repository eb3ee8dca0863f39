"""Which mail is still of use when its turn has come."""

from datetime import datetime

from showfloor.events.invitations.domain.invitation import Invitation, Mail
from showfloor.events.invitations.domain.invited_event import InvitedEvent
from showfloor.kernel.personal import ERASED


def is_of_use(mail: Mail, invitation: Invitation, event: InvitedEvent, now: datetime) -> bool:
    """Tell whether a mail should still be sent: an erased address gets none, nor does anybody after the event."""
    if invitation.email == ERASED or now >= event.end_time:
        return False
    if mail.kind == "cancelled":
        return True
    if mail.kind == "confirm" and (invitation.good_until is None or now >= invitation.good_until):
        return False
    if mail.kind == "moved" and invitation.told >= mail.number:  # an earlier mail told it already
        return False
    return event.open_at(now)
