"""The tables: what the directory's public events write into them, and the one question that rights ask of them."""

import hashlib
from collections.abc import Sequence
from datetime import UTC
from typing import Any, Final

from showfloor.api.gateway.v1 import gateway_events_pb2 as public
from showfloor.eventstore.statements import Statement

DDL: Final = """
CREATE TABLE member ( -- what a user, or a connector, is to a shop, an account, a creator or a partner
    subject text, kind text, id uuid, role text NOT NULL, PRIMARY KEY (subject, kind, id));
CREATE TABLE directory_account ( -- a creator's own account has no shop, and a currency of its own
    account_id uuid PRIMARY KEY, shop_id uuid, creator_id uuid, affiliate boolean NOT NULL, currency text NOT NULL);
CREATE INDEX directory_account_shop ON directory_account (shop_id);
CREATE INDEX directory_account_creator ON directory_account (creator_id) WHERE shop_id IS NULL;
CREATE TABLE directory_shop (shop_id uuid PRIMARY KEY, currency text NOT NULL);
CREATE TABLE bound ( -- who works with whom now: a row has two of the three
    binding_id uuid PRIMARY KEY, partner_id uuid, shop_id uuid, creator_id uuid);
CREATE INDEX bound_partner_shop ON bound (partner_id, shop_id);
CREATE INDEX bound_partner_creator ON bound (partner_id, creator_id);
CREATE INDEX bound_shop ON bound (shop_id, partner_id);
CREATE INDEX bound_creator ON bound (creator_id, partner_id);
CREATE TABLE granted ( -- an account's owner gave somebody, or a partner's people, a right for a while
    grant_id uuid PRIMARY KEY, account_id uuid NOT NULL, subject text, partner_id uuid, scope text NOT NULL,
    until timestamptz NOT NULL);
CREATE INDEX granted_subject ON granted (subject, account_id);
CREATE INDEX granted_partner ON granted (partner_id, account_id);
CREATE TABLE directory_log (one boolean PRIMARY KEY, log_id text NOT NULL); -- which one the rows were read from
"""
DIGEST: Final = hashlib.blake2b(DDL.encode(), digest_size=6).hexdigest()
SCHEMA: Final = f"membership_{DIGEST}"
"""Of the tables in a service that follows the directory. Another form of them has a schema and a position of its own,
filled from the directory's log, so that two versions of a service live side by side."""

RELATIONS: Final = """
SELECT a.account_id IS NOT NULL AS known, a.shop_id AS home_shop, a.creator_id AS home_creator, a.affiliate,
    coalesce(s.currency, a.currency) AS home_currency, s.currency AS shop_currency,
    (SELECT role FROM member WHERE subject = q.me AND kind = 'account' AND id = q.account) AS account_role,
    (SELECT role FROM member WHERE subject = q.me AND kind = 'shop' AND id = coalesce(q.shop, a.shop_id)) AS shop_role,
    (SELECT role FROM member WHERE subject = q.me AND kind = 'creator' AND id = q.creator) AS creator_role,
    (SELECT role FROM member WHERE subject = q.me AND kind = 'partner' AND id = q.partner) AS partner_role,
    (SELECT role FROM member
        WHERE a.shop_id IS NULL AND subject = q.me AND kind = 'creator' AND id = a.creator_id) AS owner_role,
    q.account IS NULL AND q.shop IS NOT NULL AND EXISTS (SELECT FROM directory_account w JOIN member m
        ON m.subject = q.me AND m.kind = 'account' AND m.id = w.account_id WHERE w.shop_id = q.shop) AS works_for_shop,
    q.account IS NOT NULL AND EXISTS (SELECT FROM member m JOIN bound b ON b.partner_id = m.id
        WHERE m.subject = q.me AND m.kind = 'partner' AND (b.shop_id = coalesce(q.shop, a.shop_id)
            OR (a.shop_id IS NULL AND b.creator_id = a.creator_id))) AS bound,
    q.account IS NULL AND q.shop IS NULL AND q.creator IS NULL AND q.partner IS NULL AND EXISTS (
        SELECT FROM member WHERE subject = q.me AND kind = 'shop' AND role = 'owner') AS owns,
    CASE WHEN q.account IS NOT NULL THEN (SELECT json_agg(json_build_object(
            'grant_id', g.grant_id, 'scope', g.scope, 'until', extract(epoch FROM g.until)) ORDER BY g.grant_id)
        FROM granted g WHERE g.account_id = q.account AND (g.subject = q.me OR EXISTS (
            SELECT FROM member WHERE subject = q.me AND kind = 'partner' AND id = g.partner_id))) END AS grants
FROM (SELECT %(subject)s::text AS me, %(account)s::uuid AS account, %(shop)s::uuid AS shop,
    %(creator)s::uuid AS creator, %(partner)s::uuid AS partner) q
LEFT JOIN directory_account a ON a.account_id = q.account
LEFT JOIN directory_shop s ON s.shop_id = coalesce(a.shop_id, q.shop)"""

# Safe to delete, here and below: the rows follow from the directory's events, which say that they hold no more.
_MEMBER = """
INSERT INTO member VALUES (%s, %s, %s, %s) ON CONFLICT (subject, kind, id) DO UPDATE SET role = EXCLUDED.role"""
_NO_MEMBER = "DELETE FROM member WHERE subject = %s AND kind = %s AND id = %s"
_SHOP = "INSERT INTO directory_shop VALUES (%s, %s) ON CONFLICT (shop_id) DO UPDATE SET currency = EXCLUDED.currency"
_ACCOUNT = """
INSERT INTO directory_account VALUES (%s, %s, %s, %s, %s) ON CONFLICT (account_id) DO UPDATE SET
    shop_id = EXCLUDED.shop_id, creator_id = EXCLUDED.creator_id, affiliate = EXCLUDED.affiliate,
    currency = EXCLUDED.currency"""
_BOUND = "INSERT INTO bound VALUES (%s, %s, %s, %s) ON CONFLICT (binding_id) DO NOTHING"
_NOT_BOUND = "DELETE FROM bound WHERE binding_id = %s"
# A partner's grant holds while it is bound to the side whose account it is, and ends with the binding for good.
_OF_BOUND_SIDE = "a.shop_id = {0}.shop_id OR (a.shop_id IS NULL AND a.creator_id = {0}.creator_id)"
_GRANTED = f"""
INSERT INTO granted SELECT g.* FROM (SELECT %s::uuid, %s::uuid, %s::text, %s::uuid, %s::text, %s::timestamptz)
    AS g (grant_id, account_id, subject, partner_id, scope, until)
WHERE g.partner_id IS NULL OR EXISTS (SELECT FROM directory_account a JOIN bound b ON b.partner_id = g.partner_id
    WHERE a.account_id = g.account_id AND ({_OF_BOUND_SIDE.format("b")}))
ON CONFLICT (grant_id) DO NOTHING"""  # noqa: S608 - constants
# Safe: the binding that these grants rested on has ended.
_UNBOUND = f"""
DELETE FROM granted g USING directory_account a,
    (SELECT %s::uuid AS partner_id, %s::uuid AS shop_id, %s::uuid AS creator_id) AS e
WHERE g.partner_id = e.partner_id AND a.account_id = g.account_id
    AND ({_OF_BOUND_SIDE.format("e")})"""  # noqa: S608 - constants
_NOT_GRANTED = "DELETE FROM granted WHERE grant_id = %s"

# Safe: whoever executes them fills the tables from the directory's log again.
EMPTIED: Final = tuple(
    Statement(f"DELETE FROM {table}")  # noqa: S608 - constants
    for table in ("member", "directory_account", "directory_shop", "bound", "granted")
)
"""What empties the tables."""

_PACKAGE = "showfloor.api.gateway.v1."
_GIVEN = {  # by the message that gives a role, and by the one that takes it: to what
    kind: (given, taken)
    for kind, given, taken in (
        ("shop", public.ShopRoleAssigned, public.ShopRoleRevoked),
        ("account", public.AccountRoleAssigned, public.AccountRoleRevoked),
        ("creator", public.CreatorRoleAssigned, public.CreatorRoleRevoked),
        ("partner", public.PartnerRoleAssigned, public.PartnerRoleRevoked),
    )
}
_KINDS = {message.DESCRIPTOR.full_name: (kind, message) for kind, messages in _GIVEN.items() for message in messages}
_ROLE_PREFIX = len("DIRECTORY_ROLE_")


def statements_of(kind: str, body: bytes) -> Sequence[Statement]:
    """Return what a public event of the directory means for the tables; nothing for one that they need not know.

    `kind` is the full name of its message. Raises DecodeError for a body that is none.
    """
    if kind in _KINDS:
        return [_of_role(*_KINDS[kind], body)]
    values: tuple[Any, ...]
    match kind.removeprefix(_PACKAGE):
        case "ShopCreated":
            shop = public.ShopCreated.FromString(body)
            sql, values = _SHOP, (shop.subject_id, shop.currency)
        case "AccountCreated":
            added = public.AccountCreated.FromString(body)
            affiliate = added.kind == public.ACCOUNT_KIND_CREATOR
            owners = added.shop_id or None, added.creator_id or None
            sql, values = _ACCOUNT, (added.subject_id, *owners, affiliate, added.currency)
        case "BindingAccepted":
            bound = public.BindingAccepted.FromString(body)
            sides = bound.partner_id or None, bound.shop_id or None, bound.creator_id or None
            sql, values = _BOUND, (bound.subject_id, *sides)
        case "BindingEnded":
            ended = public.BindingEnded.FromString(body)
            sides = ended.partner_id or None, ended.shop_id or None, ended.creator_id or None
            return [Statement(_NOT_BOUND, [(ended.subject_id,)]), Statement(_UNBOUND, [sides])]
        case "ConnectorRoleAssigned":
            given = public.ConnectorRoleAssigned.FromString(body)
            sql, values = _MEMBER, (*_of_connector(given.subject_id, given.account_id), "connector")
        case "ConnectorRoleRevoked":
            taken = public.ConnectorRoleRevoked.FromString(body)
            sql, values = _NO_MEMBER, _of_connector(taken.subject_id, taken.account_id)
        case "ConnectorDeleted":
            removed = public.ConnectorDeleted.FromString(body).subject_id
            # Safe: the connector is gone, and its rights with it.
            sql, values = "DELETE FROM member WHERE subject = %s", (subject_of_connector(removed),)
        case "GrantGiven":
            sql, values = _GRANTED, _grant(public.GrantGiven.FromString(body))
        case "GrantRevoked":
            sql, values = _NOT_GRANTED, (public.GrantRevoked.FromString(body).subject_id,)
        case _:
            return []
    return [Statement(sql, [values])]


def subject_of(user_id: str) -> str:
    """Return how tokens and tables name a user."""
    return f"user:{user_id}"


def subject_of_connector(connector_id: str) -> str:
    """Return how tokens and tables name a connector."""
    return f"connector:{connector_id}"


def _of_connector(connector_id: str, account_id: str) -> tuple[str, str, str]:
    return subject_of_connector(connector_id), "account", account_id


def _grant(given: public.GrantGiven) -> tuple[Any, ...]:
    whom = (subject_of(given.user_id) if given.user_id else None, given.partner_id or None)
    scope = public.GrantScope.Name(given.scope).removeprefix("GRANT_SCOPE_").lower()
    return given.subject_id, given.account_id, *whom, scope, given.until_time.ToDatetime(tzinfo=UTC)


def _of_role(kind: str, message: Any, body: bytes) -> Statement:
    told = message.FromString(body)
    key = (subject_of(told.user_id), kind, told.subject_id)
    if message is _GIVEN[kind][1]:
        return Statement(_NO_MEMBER, [key])
    role = public.DirectoryRole.Name(told.role)[_ROLE_PREFIX:].lower()
    return Statement(_MEMBER, [(*key, role)])
