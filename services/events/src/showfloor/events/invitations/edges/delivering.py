"""Sends one mail: looks at the event as it is now, writes the message, hands it to whoever takes mails."""

from uuid import UUID

from showfloor.events.invitations.domain.invitation import Invitation, Mail
from showfloor.events.invitations.domain.invited_event import InvitedEvent
from showfloor.events.invitations.domain.mails import is_of_use
from showfloor.events.invitations.edges.codes import Codes
from showfloor.events.invitations.edges.invited import invited_event
from showfloor.events.invitations.edges.mail_message import mail_name, message_of
from showfloor.events.invitations.edges.mail_texts import Links
from showfloor.events.invitations.edges.posting import Post
from showfloor.events.invitations.processes.outbox import Deliver, Sent
from showfloor.events.schedule.edges.event_queries import find_event
from showfloor.eventstore.query import Database
from showfloor.kernel.clock import Clock


class Pages:
    """The addresses of public pages. `base`: where people reach the gateway."""

    def __init__(self, base: str, codes: Codes) -> None:
        self._base, self._codes = base.rstrip("/"), codes

    def page(self, event_id: UUID) -> str:
        """Return the address of an event's page."""
        return f"{self._base}/e/{event_id}"

    def links(self, event: InvitedEvent, invitation: Invitation) -> Links:
        """Return the links of a mail."""
        assert invitation.invitation_id is not None, "it was asked for"
        page = self.page(event.event_id)
        confirm = self._codes.of("confirm", invitation.invitation_id, invitation.round)
        stop = self._codes.of("unsubscribe", invitation.invitation_id)
        live = f"{self._base}/watch/{event.session_id}" if event.session_id else ""
        return Links(page, f"{page}/confirm?code={confirm}", f"{page}/unsubscribe?code={stop}", live)


def delivering(database: Database, pages: Pages, post: Post, sender: str, clock: Clock) -> Deliver:
    """Return what sends a mail that is due. `sender`: the address that it comes from."""

    async def deliver(invitation: Invitation, mail: Mail) -> Sent:
        assert invitation.event_id is not None, "it was asked for"
        row = await find_event(database, invitation.event_id)
        assert row is not None, "the tables have caught up with the invitation"
        now = clock()
        event = invited_event(row, now)
        if not is_of_use(mail, invitation, event, now):
            return Sent("dropped", event.sequence)
        message = message_of(invitation, mail, event, pages.links(event, invitation), sender, now)
        taken = await post(f"{event.event_id}/{mail_name(invitation, mail)}", message)
        return Sent("sent" if taken else "refused", event.sequence)

    return deliver
