"""Who is invited to what, and of whose mails some are due? The address stays sealed, as in the log."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from showfloor.events.invitations.domain.invitation import (
    InvitationConfirmed,
    InvitationDeclined,
    InvitationRequested,
    MailSettled,
    NoticeQueued,
)
from showfloor.eventstore.statements import Change
from showfloor.eventstore.upsert import keyed
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded

_DDL = """
CREATE TABLE invitation (
    invitation_id uuid PRIMARY KEY,
    event_id uuid NOT NULL,
    account_id uuid NOT NULL,
    contact text NOT NULL,
    email text NOT NULL, -- sealed
    status text NOT NULL,
    round integer NOT NULL,
    requested_at timestamptz NOT NULL,
    confirmed_at timestamptz
);
CREATE INDEX invitation_page ON invitation (event_id, invitation_id);
CREATE INDEX invitation_of_event ON invitation (event_id, status, invitation_id);
CREATE INDEX invitation_of_contact ON invitation (contact, requested_at);
CREATE TABLE invitation_outbox (invitation_id uuid PRIMARY KEY, mails integer NOT NULL);
"""

_REQUESTED: Final = """
INSERT INTO invitation SELECT v.*, NULL FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[],
    %s::text[], %s::integer[], %s::timestamptz[]) AS v
ON CONFLICT (invitation_id) DO UPDATE SET email = EXCLUDED.email, status = EXCLUDED.status, round = EXCLUDED.round,
    requested_at = EXCLUDED.requested_at, confirmed_at = NULL"""
_CHANGED: Final = """
UPDATE invitation AS i SET status = v.status, confirmed_at = coalesce(v.confirmed_at, i.confirmed_at)
FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS v (invitation_id, status, confirmed_at)
WHERE i.invitation_id = v.invitation_id"""
_DUE: Final = """
INSERT INTO invitation_outbox SELECT * FROM unnest(%s::uuid[], %s::integer[])
ON CONFLICT (invitation_id) DO UPDATE SET mails = EXCLUDED.mails"""
_DONE: Final = """
DELETE FROM invitation_outbox AS o USING unnest(%s::uuid[]) AS gone (invitation_id)
WHERE o.invitation_id = gone.invitation_id"""


def evolve(page: Sequence[Recorded]) -> Iterable[Change]:
    """Return the newest request of each invitation, what followed it, and how many of its mails are due."""
    requested: dict[Any, tuple[Any, ...]] = {}
    changed: dict[Any, tuple[Any, ...]] = {}
    due: dict[Any, tuple[Any, ...]] = {}
    for recorded in page:
        match recorded.event:
            case InvitationRequested() as event:
                key = event.invitation_id
                requested[key] = (
                    key, event.event_id, event.account_id, event.contact, event.email, "asked", event.round, event.at,
                )  # fmt: skip
                changed.pop(key, None)
                due[key] = (key, 1)
            case InvitationConfirmed() as event:
                changed[event.invitation_id] = (event.invitation_id, "confirmed", event.at)
                due[event.invitation_id] = (event.invitation_id, 1)
            case InvitationDeclined() as event:
                before = changed.get(event.invitation_id, (None, None, None))
                changed[event.invitation_id] = (event.invitation_id, "unsubscribed", before[2])
                due[event.invitation_id] = (event.invitation_id, 0)
            case NoticeQueued() | MailSettled() as event:
                due[event.invitation_id] = (event.invitation_id, event.left)
            case _:
                pass
    yield from keyed(_REQUESTED, requested)
    yield from keyed(_CHANGED, changed)
    yield from keyed(_DUE, {key: row for key, row in due.items() if row[1]})
    yield from keyed(_DONE, {key: row[:1] for key, row in due.items() if not row[1]})


VIEW = View(
    name="invitations",
    ddl=_DDL,
    handles=(InvitationRequested, InvitationConfirmed, InvitationDeclined, NoticeQueued, MailSettled),
    evolve=evolve,
)
