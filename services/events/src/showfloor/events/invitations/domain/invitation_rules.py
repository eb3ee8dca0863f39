"""What is allowed with an invitation. A link is checked by the edge, which alone can tell a good one."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from showfloor.events.invitations.domain import refusals
from showfloor.events.invitations.domain.invitation import (
    Invitation,
    InvitationConfirmed,
    InvitationDeclined,
    InvitationRequested,
    Kind,
    Mail,
    MailSettled,
    NoticeQueued,
    Outcome,
    due_with,
)
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event


class RequestInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for an invitation."""

    invitation_id: UUID
    event_id: UUID
    account_id: UUID
    contact: str
    email: str
    now: Aside[datetime]
    confirm_within: Aside[timedelta]
    asking_within: Aside[timedelta] = timedelta(0)


class ConfirmInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """Confirm with the link of a round. `open`: somebody can still register."""

    round: int
    now: Aside[datetime]
    open: Aside[bool] = True


class DeclineInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """Be told no more."""

    now: Aside[datetime]


class QueueNotice(msgspec.Struct, frozen=True, kw_only=True):
    """Have them told what happened to the event, as of this sequence."""

    kind: Literal["moved", "cancelled", "starting"]
    number: int
    now: Aside[datetime]


class SettleMail(msgspec.Struct, frozen=True, kw_only=True):
    """Say what became of a mail that was due."""

    kind: Kind
    number: int
    sequence: int
    outcome: Outcome
    now: Aside[datetime]


def request_invitation(state: Invitation, command: RequestInvitation) -> list[Event]:
    """Ask once: who is known already is asked nothing again until their link has run out.

    Nobody is asked twice `asking_within` that time, whatever they said: who ends the mails gets no others by it.
    """
    waiting = state.status == "asked" and state.good_until is not None and command.now < state.good_until
    lately = state.asked_at is not None and command.now < state.asked_at + command.asking_within
    if waiting or lately or state.status == "confirmed":
        return []
    requested = InvitationRequested(
        at=command.now,
        invitation_id=command.invitation_id,
        event_id=command.event_id,
        account_id=command.account_id,
        contact=command.contact,
        email=command.email,
        round=state.round + 1,
        good_until=command.now + command.confirm_within,
    )
    return [requested]


def confirm_invitation(state: Invitation, command: ConfirmInvitation) -> list[Event]:
    """Confirm once: the link opens nothing after its time, after a newer one, or after the event."""
    if state.invitation_id is None or state.event_id is None or command.round != state.round:
        raise refusals.link_not_good()
    if not command.open:
        raise refusals.registration_closed(state.event_id)
    if state.status == "confirmed":
        return []
    if state.status != "asked" or state.good_until is None or command.now >= state.good_until:
        raise refusals.link_not_good()
    return [
        InvitationConfirmed(
            at=command.now, invitation_id=state.invitation_id, event_id=state.event_id, round=state.round
        )
    ]


def decline_invitation(state: Invitation, command: DeclineInvitation) -> list[Event]:
    """Stop all mails, whatever the state."""
    if state.invitation_id is None or state.event_id is None:
        raise refusals.link_not_good()
    if state.status == "unsubscribed":
        return []
    return [InvitationDeclined(at=command.now, invitation_id=state.invitation_id, event_id=state.event_id)]


def queue_notice(state: Invitation, command: QueueNotice) -> list[Event]:
    """Have those told who confirmed: each thing once, and not what a later mail has told already."""
    if state.invitation_id is None or state.event_id is None or state.status != "confirmed":
        return []
    known = any(_covers(one, command) for one in state.noticed)
    if known or (command.kind == "moved" and state.told >= command.number):
        return []
    return [
        NoticeQueued(
            at=command.now,
            invitation_id=state.invitation_id,
            event_id=state.event_id,
            kind=command.kind,
            number=command.number,
            left=len(due_with(state.due, Mail(command.kind, command.number))),
        )
    ]


def settle_mail(state: Invitation, command: SettleMail) -> list[Event]:
    """Take a mail off what is due. One that is due no more stays so."""
    if state.invitation_id is None or state.event_id is None or Mail(command.kind, command.number) not in state.due:
        return []
    return [
        MailSettled(
            at=command.now,
            invitation_id=state.invitation_id,
            event_id=state.event_id,
            kind=command.kind,
            number=command.number,
            sequence=command.sequence,
            outcome=command.outcome,
            left=len(state.due) - 1,
        )
    ]


def _covers(queued: Mail, command: QueueNotice) -> bool:
    """Tell whether a mail that was queued says what is to be told, or something newer."""
    if queued.kind != command.kind:
        return False
    return queued.number >= command.number if command.kind == "moved" else queued.number == command.number
