"""The view of the directory: people with roles in shops, accounts, creators and partners, bindings and grants.

Names of accounts and creators stay sealed here, as in the log: `edges.names` opens them.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from showfloor.eventstore.statements import Statement
from showfloor.eventstore.view import View
from showfloor.gateway.directory.domain.account import AccountCreated, AccountRoleAssigned, AccountRoleRevoked
from showfloor.gateway.directory.domain.binding import BindingAccepted, BindingEnded, BindingOffered
from showfloor.gateway.directory.domain.creator import CreatorCreated, CreatorRoleAssigned, CreatorRoleRevoked
from showfloor.gateway.directory.domain.deciders import DIRECTORY
from showfloor.gateway.directory.domain.grant import GrantGiven, GrantRevoked
from showfloor.gateway.directory.domain.partner import PartnerCreated, PartnerRoleAssigned, PartnerRoleRevoked
from showfloor.gateway.directory.domain.shop import ShopCreated, ShopRoleAssigned, ShopRoleRevoked
from showfloor.gateway.directory.domain.user import UserCreated, UserErased
from showfloor.gateway.directory.views import connectors
from showfloor.kernel.event import Event, Recorded

_DDL = """
CREATE TABLE directory_user (user_id uuid PRIMARY KEY, added_at timestamptz NOT NULL);
CREATE INDEX directory_user_added ON directory_user (added_at, user_id);
CREATE TABLE acquaintance ( -- whom the owners of a shop, a creator or a partner may name
    principal_id uuid, user_id uuid, through uuid, -- added for it (the user), works for it (itself) or on an account
    added_at timestamptz NOT NULL, PRIMARY KEY (principal_id, user_id, through)); -- of the user
CREATE INDEX acquaintance_added ON acquaintance (principal_id, added_at, user_id);
CREATE TABLE shop (shop_id uuid PRIMARY KEY, name text NOT NULL, currency text NOT NULL);
CREATE INDEX shop_name ON shop (name, shop_id);
CREATE TABLE shop_person (
    shop_id uuid, user_id uuid, role text NOT NULL, PRIMARY KEY (shop_id, user_id));
CREATE INDEX shop_person_user ON shop_person (user_id);
CREATE TABLE account (
    account_id uuid PRIMARY KEY, shop_id uuid,
    name text NOT NULL, -- sealed
    kind text NOT NULL, creator_id uuid,
    currency text NOT NULL, -- of a creator's account
    added_at timestamptz NOT NULL);
CREATE INDEX account_added ON account (added_at, account_id);
CREATE INDEX account_shop ON account (shop_id, added_at, account_id);
CREATE INDEX account_creator ON account (creator_id, added_at, account_id) WHERE shop_id IS NULL;
CREATE TABLE partner_account ( -- of the shops and creators that are bound to a partner, in the order of its list
    partner_id uuid, added_at timestamptz, account_id uuid, PRIMARY KEY (partner_id, added_at, account_id));
CREATE TABLE account_person (
    account_id uuid, user_id uuid, role text NOT NULL, PRIMARY KEY (account_id, user_id));
CREATE INDEX account_person_user ON account_person (user_id);
CREATE TABLE creator (
    creator_id uuid PRIMARY KEY, shop_id uuid,
    name text NOT NULL, -- sealed
    added_at timestamptz NOT NULL);
CREATE INDEX creator_added ON creator (added_at, creator_id);
CREATE INDEX creator_shop ON creator (shop_id);
CREATE TABLE creator_person (
    creator_id uuid, user_id uuid, role text NOT NULL, PRIMARY KEY (creator_id, user_id));
CREATE INDEX creator_person_user ON creator_person (user_id);
CREATE TABLE partner (partner_id uuid PRIMARY KEY, name text NOT NULL);
CREATE INDEX partner_name ON partner (name, partner_id);
CREATE TABLE partner_person (
    partner_id uuid, user_id uuid, role text NOT NULL, PRIMARY KEY (partner_id, user_id));
CREATE INDEX partner_person_user ON partner_person (user_id);
CREATE TABLE binding (
    binding_id uuid PRIMARY KEY, partner_id uuid, shop_id uuid, creator_id uuid, offered_by text NOT NULL,
    status text NOT NULL, offered_at timestamptz NOT NULL, met boolean NOT NULL); -- were they ever bound?
CREATE INDEX binding_offered ON binding (offered_at, binding_id);
CREATE INDEX binding_partner ON binding (partner_id, offered_at, binding_id);
CREATE INDEX binding_shop ON binding (shop_id, offered_at, binding_id);
CREATE INDEX binding_creator ON binding (creator_id, offered_at, binding_id);
CREATE TABLE account_grant (
    grant_id uuid PRIMARY KEY, account_id uuid NOT NULL, user_id uuid, partner_id uuid, scope text NOT NULL,
    until timestamptz NOT NULL, given_at timestamptz NOT NULL, given_by uuid NOT NULL,
    ended_at timestamptz, ended_by text); -- revoked, or with the partner's binding
CREATE INDEX account_grant_account ON account_grant (account_id, given_at, grant_id);
CREATE INDEX account_grant_user ON account_grant (user_id) WHERE ended_at IS NULL;
CREATE INDEX account_grant_partner ON account_grant (partner_id) WHERE ended_at IS NULL;
"""

_SHOP_ROLE = """
INSERT INTO shop_person VALUES (%s, %s, %s) ON CONFLICT (shop_id, user_id) DO UPDATE SET role = EXCLUDED.role"""
_ACCOUNT_ROLE = """
INSERT INTO account_person VALUES (%s, %s, %s) ON CONFLICT (account_id, user_id) DO UPDATE SET role = EXCLUDED.role"""
_PERSON = """
INSERT INTO {0}_person VALUES (%s, %s, %s) ON CONFLICT ({0}_id, user_id) DO UPDATE SET role = EXCLUDED.role"""
_CREATOR_ROLE, _PARTNER_ROLE = _PERSON.format("creator"), _PERSON.format("partner")
_OFFERED = """
INSERT INTO binding VALUES (%s, %s, %s, %s, %s, 'offered', %s, false)
ON CONFLICT (binding_id) DO UPDATE SET
    offered_by = EXCLUDED.offered_by, status = 'offered', offered_at = EXCLUDED.offered_at"""
_MET = """
INSERT INTO acquaintance SELECT %s, u.user_id, %s, u.added_at FROM directory_user u WHERE u.user_id = %s
ON CONFLICT DO NOTHING"""
_MET_ON_ACCOUNT = """
INSERT INTO acquaintance SELECT coalesce(a.shop_id, a.creator_id), u.user_id, a.account_id, u.added_at
FROM account a, directory_user u WHERE a.account_id = %s AND u.user_id = %s ON CONFLICT DO NOTHING"""
_LEFT = "DELETE FROM acquaintance WHERE user_id = %s AND through = %s"
_LINKED = """
INSERT INTO partner_account SELECT b.partner_id, a.added_at, a.account_id FROM account a JOIN binding b
    ON b.shop_id = a.shop_id OR (a.shop_id IS NULL AND b.creator_id = a.creator_id)
WHERE a.account_id = %s AND b.partner_id IS NOT NULL AND b.status = 'active'"""
_BOUND = """
INSERT INTO partner_account SELECT b.partner_id, a.added_at, a.account_id FROM binding b JOIN account a
    ON a.shop_id = b.shop_id OR (a.shop_id IS NULL AND a.creator_id = b.creator_id)
WHERE b.binding_id = %s AND b.partner_id IS NOT NULL"""
_NOT_BOUND = """
DELETE FROM partner_account p USING account a WHERE p.partner_id = %s AND a.account_id = p.account_id
  AND (a.shop_id = %s OR (a.shop_id IS NULL AND a.creator_id = %s))"""
# What was given while the binding was being ended has ended with it.
_GRANTED = """
INSERT INTO account_grant
SELECT g.*, CASE WHEN NOT open.open THEN g.given_at END, CASE WHEN NOT open.open THEN 'binding' END
FROM (VALUES (%s::uuid, %s::uuid, %s::uuid, %s::uuid, %s, %s::timestamptz, %s::timestamptz, %s::uuid))
    AS g (grant_id, account_id, user_id, partner_id, scope, until, given_at, given_by)
JOIN account a USING (account_id),
LATERAL (SELECT g.partner_id IS NULL OR EXISTS (SELECT FROM binding b
    WHERE b.partner_id = g.partner_id AND b.status = 'active'
      AND (b.shop_id = a.shop_id OR (a.shop_id IS NULL AND b.creator_id = a.creator_id))) AS open) open"""
_REVOKED = """
UPDATE account_grant SET ended_at = %s, ended_by = 'revoked' WHERE grant_id = %s AND ended_at IS NULL"""
# A partner's grants end with its binding; when the two sides are bound again they do not come back.
_UNBOUND = """
UPDATE account_grant g SET ended_at = %s, ended_by = 'binding' FROM account a
WHERE a.account_id = g.account_id AND g.ended_at IS NULL AND g.partner_id = %s
  AND (a.shop_id = %s OR (a.shop_id IS NULL AND a.creator_id = %s))"""


def evolve(page: Sequence[Recorded]) -> Iterable[Statement]:
    """Return a few statements per event, in their order: the directory changes rarely."""
    for recorded in page:
        event = recorded.event
        yield _of_principals(event) or _of_grants(event) or connectors.statement_of(event) or _statement(event)
        yield from _what_follows(recorded.event)


def _what_follows(event: Event) -> Iterable[Statement]:
    """Yield what an event means beyond its own row: whom people know by it, and grants that end with a binding."""
    match event:
        case UserCreated():
            principals = event.shop_id, event.creator_id, event.partner_id
            yield from (Statement(_MET, [(one, event.user_id, event.user_id)]) for one in principals if one)
        case UserErased():
            yield Statement("DELETE FROM acquaintance WHERE user_id = %s", [(event.user_id,)])
        case AccountRoleAssigned():
            yield Statement(_MET_ON_ACCOUNT, [(event.account_id, event.user_id)])
        case AccountRoleRevoked():
            yield Statement(_LEFT, [(event.user_id, event.account_id)])
        case ShopRoleAssigned() | CreatorRoleAssigned() | PartnerRoleAssigned():
            yield Statement(_MET, [(_of(event), _of(event), event.user_id)])
        case ShopRoleRevoked() | CreatorRoleRevoked() | PartnerRoleRevoked():
            yield Statement(_LEFT, [(event.user_id, _of(event))])
        case AccountCreated():
            yield Statement(_LINKED, [(event.account_id,)])
        case BindingAccepted():
            yield Statement(_BOUND, [(event.binding_id,)])
        case BindingEnded():
            yield Statement(_UNBOUND, [(event.at, event.partner_id, event.shop_id, event.creator_id)])
            yield Statement(_NOT_BOUND, [(event.partner_id, event.shop_id, event.creator_id)])


def _of(event: Event) -> UUID:
    """Return the shop, creator or partner that a role is in."""
    match event:
        case ShopRoleAssigned() | ShopRoleRevoked():
            return event.shop_id
        case CreatorRoleAssigned() | CreatorRoleRevoked():
            return event.creator_id
        case PartnerRoleAssigned() | PartnerRoleRevoked():
            return event.partner_id
    raise TypeError(f"no role: {type(event).__name__}")


def _of_grants(event: Event) -> Statement | None:
    """Return what an event of a grant means; None for one of something else."""
    match event:
        case GrantGiven():
            about = event.grant_id, event.account_id, event.user_id, event.partner_id, event.scope
            return Statement(_GRANTED, [(*about, event.until, event.at, event.given_by)])
        case GrantRevoked():
            return Statement(_REVOKED, [(event.at, event.grant_id)])
        case _:
            return None


def _of_principals(event: Event) -> Statement | None:
    """Return what an event of a creator, a partner or a binding means; None for one of something else."""
    values: tuple[Any, ...]
    match event:
        case CreatorCreated():
            sql = "INSERT INTO creator VALUES (%s, %s, %s, %s)"
            values = (event.creator_id, event.shop_id, event.name, event.at)
        case CreatorRoleAssigned():
            sql, values = _CREATOR_ROLE, (event.creator_id, event.user_id, event.role)
        case CreatorRoleRevoked():
            sql = "DELETE FROM creator_person WHERE creator_id = %s AND user_id = %s"
            values = (event.creator_id, event.user_id)
        case PartnerCreated():
            sql, values = "INSERT INTO partner VALUES (%s, %s)", (event.partner_id, event.name)
        case PartnerRoleAssigned():
            sql, values = _PARTNER_ROLE, (event.partner_id, event.user_id, event.role)
        case PartnerRoleRevoked():
            sql = "DELETE FROM partner_person WHERE partner_id = %s AND user_id = %s"
            values = (event.partner_id, event.user_id)
        case BindingOffered():
            sides = event.partner_id, event.shop_id, event.creator_id
            sql, values = _OFFERED, (event.binding_id, *sides, event.offered_by, event.at)
        case BindingAccepted():
            sql = "UPDATE binding SET status = 'active', met = true WHERE binding_id = %s"
            values = (event.binding_id,)
        case BindingEnded():
            sql, values = "UPDATE binding SET status = 'ended' WHERE binding_id = %s", (event.binding_id,)
        case _:
            return None
    return Statement(sql, [values])


def _statement(event: Event) -> Statement:
    values: tuple[Any, ...]
    match event:
        case UserCreated():
            sql, values = "INSERT INTO directory_user VALUES (%s, %s)", (event.user_id, event.at)
        case UserErased():
            sql, values = "DELETE FROM directory_user WHERE user_id = %s", (event.user_id,)
        case ShopCreated():
            sql, values = "INSERT INTO shop VALUES (%s, %s, %s)", (event.shop_id, event.name, event.currency)
        case ShopRoleAssigned():
            sql, values = _SHOP_ROLE, (event.shop_id, event.user_id, event.role)
        case ShopRoleRevoked():
            sql, values = "DELETE FROM shop_person WHERE shop_id = %s AND user_id = %s", (event.shop_id, event.user_id)
        case AccountCreated():
            sql = "INSERT INTO account VALUES (%s, %s, %s, %s, %s, %s, %s)"
            about = event.account_id, event.shop_id, event.name, event.kind, event.creator_id
            values = (*about, event.currency, event.at)
        case AccountRoleAssigned():
            sql, values = _ACCOUNT_ROLE, (event.account_id, event.user_id, event.role)
        case AccountRoleRevoked():
            sql = "DELETE FROM account_person WHERE account_id = %s AND user_id = %s"
            values = (event.account_id, event.user_id)
        case _:
            raise TypeError(f"the directory does not know {type(event).__name__}")
    return Statement(sql, [values])


VIEW = View(
    name="directory",
    ddl=_DDL + connectors.DDL,
    handles=tuple(event for decider in DIRECTORY for event in decider.events),
    evolve=evolve,
)
