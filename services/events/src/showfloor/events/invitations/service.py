"""What the slice brings to the service."""

from pathlib import Path
from typing import Final, Protocol

from showfloor.api.events.v1 import invitation_service_pb2
from showfloor.events.invitations.domain.guest_list import GUEST_LIST
from showfloor.events.invitations.domain.invitation import INVITATION
from showfloor.events.invitations.domain.policy import InvitationPolicy
from showfloor.events.invitations.edges.codes import Codes
from showfloor.events.invitations.edges.delivering import Pages, delivering
from showfloor.events.invitations.edges.mails_part import MailsPart
from showfloor.events.invitations.edges.outbox_queries import OutboxTables
from showfloor.events.invitations.edges.posting import Post, into_folder, to_server
from showfloor.events.invitations.edges.rpc_contacts import ContactCalls, Contacts
from showfloor.events.invitations.edges.rpc_invitations import InvitationCalls
from showfloor.events.invitations.processes import forgetting
from showfloor.events.invitations.processes.outbox import Outbox
from showfloor.events.invitations.views import invitations, notices
from showfloor.events.schedule.edges.authorizing import Events
from showfloor.eventstore.lease import leadership
from showfloor.kernel.erasure import ERASURE
from showfloor.service.builder import Builder
from showfloor.service.slices import Deadlines, Slice, Started

MAILS: Final = "mail"  # the folder of mails in the service's own, when there is no mail server

SLICE: Final = Slice(
    contracts=(invitation_service_pb2,),
    deciders=(INVITATION, GUEST_LIST, ERASURE),
    views=(invitations.VIEW, notices.VIEW),
    deadlines=lambda _policy: (
        Deadlines(forgetting.HANDLES, forgetting.changes, (forgetting.KEPT, forgetting.KEPT_OF_DELETED)),
    ),
)


class Settings(Protocol):
    """Where people reach us, and how mails go to them."""

    @property
    def database_url(self) -> str: ...
    @property
    def data(self) -> Path: ...
    @property
    def public_url(self) -> str: ...
    @property
    def smtp_url(self) -> str: ...
    @property
    def mail_from(self) -> str: ...
    def smtp_password(self) -> str | None: ...
    def invitation_policy(self) -> InvitationPolicy: ...


def start(base: Builder, config: Settings) -> Started:
    """Start what runs: mails are sent by one process at a time."""
    codes = Codes(base.runtime.sealing)
    pages = Pages(config.public_url, codes)
    deliver = delivering(base.database, pages, _post(config), config.mail_from, base.clock)
    lead = leadership(config.database_url, "showfloor mails")
    outbox = Outbox(base.store, base.views, OutboxTables(base.database), deliver, lead, base.clock)
    base.background(outbox.run(), "mails")
    base.own(MailsPart(base.database, outbox))
    events = Events(base.store, base.views, base.database)
    contacts = Contacts(base.database, base.runtime.sealing, config.data / MAILS)
    calls = InvitationCalls(base, events, codes, pages, config.invitation_policy())
    fires = {forgetting.FORGET: lambda event_id: forgetting.forget(base.store, contacts.forget, event_id, base.clock)}
    return Started((calls, ContactCalls(base, events, contacts)), fires)


def _post(config: Settings) -> Post:
    """Return where mails go: to the server that the settings name, or into the folder of mails."""
    if config.smtp_url:
        return to_server(config.smtp_url, config.smtp_password())
    return into_folder(config.data / MAILS)
