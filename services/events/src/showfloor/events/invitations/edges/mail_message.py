"""Makes the message of a mail that is due: text, calendar file, headers. The same mail is the same message."""

from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from typing import Any, Final

from showfloor.events.invitations.domain.invitation import Invitation, Mail
from showfloor.events.invitations.domain.invited_event import InvitedEvent
from showfloor.events.invitations.edges.calendar_file import Method, calendar_file
from showfloor.events.invitations.edges.mail_texts import Links, text_of


class _Whole(UnstructuredHeader, BaseHeader):
    """A header in one line. Folded, a link would become encoded words, which no mail program takes for a link."""

    def fold(self, *, policy: "Policy[Any]") -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> Any:
    headers = HeaderRegistry()
    headers.map_to_type("list-unsubscribe", _Whole)
    return SMTP.clone(header_factory=headers)


_POLICY: Final = _policy()
_CALENDARS: Final[dict[str, Method]] = {"confirmed": "REQUEST", "moved": "REQUEST", "cancelled": "CANCEL"}


def mail_name(invitation: Invitation, mail: Mail) -> str:
    """Return the name of a mail: of event and address, kind and number. Sent again it has the same one."""
    return f"{invitation.invitation_id}.{mail.kind}.{mail.number}"


def message_of(
    invitation: Invitation, mail: Mail, event: InvitedEvent, links: Links, sender: str, now: datetime
) -> EmailMessage:
    """Return the message of a mail. `sender`: the address that mails come from."""
    text = text_of(mail.kind, event, links)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(addr_spec=sender)
    message["To"] = Address(addr_spec=invitation.email)
    message["Subject"] = text.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail_name(invitation, mail)}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{links.unsubscribe}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text.body)
    if method := _CALENDARS.get(mail.kind):
        file = calendar_file(event, now, links.page, method=method, organizer=sender, attendee=invitation.email)
        message.add_attachment(
            file, "text", "calendar", filename="live.ics", params={"method": method, "charset": "utf-8"}
        )
    return message
