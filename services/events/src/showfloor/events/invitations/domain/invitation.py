"""An invitation: one address that asked to be told of one LIVE event. It is the outbox of its mails, too.

A stream per event and address. The address is sealed under a key of its own; its digest, keyed with a secret, says
which stream it is.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id
from showfloor.kernel.personal import Owner, Whose

Status = Literal["none", "asked", "confirmed", "unsubscribed"]
Kind = Literal["confirm", "confirmed", "moved", "cancelled", "starting"]
"""Mails: the link to confirm, the confirmation with the calendar file, and what is told of the event afterwards."""

Outcome = Literal["sent", "refused", "dropped"]
"""Taken by the mail server, refused by it for good, or too late to be of use."""


class Mail(msgspec.Struct, frozen=True):
    """A mail that is due. `number`: of a link its round, else the event's sequence. Each is sent once."""

    kind: Kind
    number: int


class InvitationRequested(Event, frozen=True, kw_only=True):
    """Somebody asked to be told of a LIVE event, and is to confirm that the address is theirs."""

    TOPIC: ClassVar[str] = "invitation.requested"
    PERSONAL: ClassVar[Mapping[str, Owner]] = {"email": Owner("event_id", ("account_id", "contact"))}

    invitation_id: UUID
    event_id: UUID
    account_id: UUID
    contact: str  # keyed digest of the address
    email: str
    round: int  # how often it was asked for: each has a link of its own
    good_until: datetime  # of the link


class InvitationConfirmed(Event, frozen=True, kw_only=True):
    """The address is theirs: they are told of the event from now on."""

    TOPIC: ClassVar[str] = "invitation.confirmed"

    invitation_id: UUID
    event_id: UUID
    round: int


class InvitationDeclined(Event, frozen=True, kw_only=True):
    """They want to be told no more. Mails that were due are not sent."""

    TOPIC: ClassVar[str] = "invitation.declined"

    invitation_id: UUID
    event_id: UUID


class NoticeQueued(Event, frozen=True, kw_only=True):
    """Something happened to the event that they are to be told. `left`: mails that are due now."""

    TOPIC: ClassVar[str] = "invitation.notice_queued"

    invitation_id: UUID
    event_id: UUID
    kind: Literal["moved", "cancelled", "starting"]
    number: int
    left: int


class MailSettled(Event, frozen=True, kw_only=True):
    """A mail is due no more. `left`: those that still are."""

    TOPIC: ClassVar[str] = "invitation.mail_settled"

    invitation_id: UUID
    event_id: UUID
    kind: Kind
    number: int
    sequence: int  # of the event, as the mail told it
    outcome: Outcome
    left: int


class Invitation(msgspec.Struct, frozen=True):
    """The state of an invitation. `told`: the newest sequence that a mail told; -1: none did."""

    invitation_id: UUID | None = None
    event_id: UUID | None = None
    account_id: UUID | None = None
    contact: str = ""
    email: str = ""
    status: Status = "none"
    round: int = 0
    good_until: datetime | None = None
    asked_at: datetime | None = None  # the last time
    told: int = -1
    noticed: tuple[Mail, ...] = ()  # the newest of each kind that was queued
    due: tuple[Mail, ...] = ()


def invitation_stream(event_id: UUID, contact: str) -> UUID:
    """Return the id of the invitation of an address to an event."""
    return derive_id(event_id, "invitation", contact)


def whose(account_id: object, event_id: object, contact: str) -> Whose:
    """Return by which key an address is sealed: it goes with the event, or with the person."""
    return Whose(str(event_id), f"{account_id}/{contact}")


def due_with(due: tuple[Mail, ...], mail: Mail) -> tuple[Mail, ...]:
    """Return what is due with one more: the newest of its kind alone, and after a cancellation nothing else."""
    return (mail,) if mail.kind == "cancelled" else (*(one for one in due if one.kind != mail.kind), mail)


def evolve(state: Invitation, event: Event) -> Invitation:
    """Return the invitation after the event."""
    replace = msgspec.structs.replace
    match event:
        case InvitationRequested():
            return Invitation(
                invitation_id=event.invitation_id,
                event_id=event.event_id,
                account_id=event.account_id,
                contact=event.contact,
                email=event.email,
                status="asked",
                round=event.round,
                good_until=event.good_until,
                asked_at=event.at,
                due=(Mail("confirm", event.round),),
            )
        case InvitationConfirmed():
            return replace(state, status="confirmed", due=(Mail("confirmed", event.round),))
        case InvitationDeclined():
            return replace(state, status="unsubscribed", due=())
        case NoticeQueued():
            mail = Mail(event.kind, event.number)
            others = tuple(one for one in state.noticed if one.kind != mail.kind)
            return replace(state, due=due_with(state.due, mail), noticed=(*others, mail))
        case MailSettled():
            left = tuple(one for one in state.due if (one.kind, one.number) != (event.kind, event.number))
            told = max(state.told, event.sequence) if event.outcome == "sent" else state.told
            return replace(state, due=left, told=told)
    raise TypeError(f"{type(event).__name__} is no event of an invitation")


INVITATION: Decider[Invitation] = Decider(
    name="invitation",
    state_type=Invitation,
    initial=Invitation,
    evolve=evolve,
    events=(InvitationRequested, InvitationConfirmed, InvitationDeclined, NoticeQueued, MailSettled),
)
