"""Every "no" of invitations, one function per reason of events_errors.proto."""

from uuid import UUID

from showfloor.kernel.refusal import Refusal, RefusalKind


def link_not_good() -> Refusal:
    text = "This link is not good, or no longer: register again on the event's page."
    return Refusal(RefusalKind.NOT_FOUND, "LINK_NOT_FOUND", text)


def registration_closed(event_id: UUID) -> Refusal:
    text = "The event is over or cancelled: nobody can register for it any more."
    return Refusal(RefusalKind.WRONG_STATE, "REGISTRATION_CLOSED", text, {"event_id": str(event_id)})


def invitation_not_found(invitation_id: UUID) -> Refusal:
    text = "The event has no such registration."
    return Refusal(RefusalKind.NOT_FOUND, "INVITATION_NOT_FOUND", text, {"invitation_id": str(invitation_id)})
