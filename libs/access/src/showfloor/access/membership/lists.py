"""Which rows of a list over many accounts somebody may see: a few owners by name, or a condition in SQL for very many.

A list asks each of a few owners for a page, in the order of its index, and takes the first of all. Somebody with
thousands of owners would have it ask thousands of times: for them it walks all rows in order and asks of each whether
they may see it, and stops when the page is full.
"""

import time
from typing import Any, Final
from uuid import UUID

import msgspec

FEW: Final = 200  # owners; beyond, SQL decides row by row

# A grant that is over never counts again. However many there are of one account, it is one owner.
_MINE: Final = """
SELECT * FROM granted WHERE subject = %(subject)s AND until > now()
UNION ALL SELECT g.* FROM member m JOIN granted g ON g.partner_id = m.id
  WHERE m.subject = %(subject)s AND m.kind = 'partner' AND g.until > now()"""
SCOPE: Final = f"""
SELECT * FROM (
  SELECT 'account' AS kind, id, NULL::float AS until FROM member WHERE subject = %(subject)s AND kind = 'account'
  UNION ALL SELECT 'shop', id, NULL FROM member
    WHERE subject = %(subject)s AND kind = 'shop' AND role IN ('owner', 'staff')
  UNION ALL SELECT 'account', a.account_id, NULL FROM member m JOIN directory_account a ON a.creator_id = m.id
    WHERE m.subject = %(subject)s AND m.kind = 'creator' AND a.shop_id IS NULL
  UNION ALL SELECT 'shop', b.shop_id, NULL FROM member m JOIN bound b ON b.partner_id = m.id
    WHERE m.subject = %(subject)s AND m.kind = 'partner' AND b.shop_id IS NOT NULL
  UNION ALL SELECT 'account', a.account_id, NULL FROM member m JOIN bound b ON b.partner_id = m.id
    JOIN directory_account a ON a.creator_id = b.creator_id
    WHERE m.subject = %(subject)s AND m.kind = 'partner' AND a.shop_id IS NULL
  UNION ALL SELECT 'account', account_id, extract(epoch FROM max(until)) FROM ({_MINE}) AS g GROUP BY account_id
) AS owner LIMIT {FEW + 1}"""  # noqa: S608 - a constant

_BELONGS: Final = """
  EXISTS (SELECT FROM member m WHERE m.subject = %(subject)s AND m.kind = 'account' AND m.id = {account})
  OR EXISTS (SELECT FROM member m WHERE m.subject = %(subject)s AND m.kind = 'shop' AND m.id = {shop}
    AND m.role IN ('owner', 'staff'))
  OR EXISTS (SELECT FROM member m JOIN bound b ON b.partner_id = m.id
    WHERE m.subject = %(subject)s AND m.kind = 'partner' AND b.shop_id = {shop})
  OR EXISTS (SELECT FROM directory_account a JOIN member m ON m.id = a.creator_id
    WHERE a.account_id = {account} AND a.shop_id IS NULL AND m.subject = %(subject)s AND m.kind = 'creator')
  OR EXISTS (SELECT FROM directory_account a
    JOIN bound b ON b.creator_id = a.creator_id JOIN member m ON m.id = b.partner_id
    WHERE a.account_id = {account} AND a.shop_id IS NULL AND m.subject = %(subject)s AND m.kind = 'partner')
"""
_VISIBLE: Final = f"""({_BELONGS}
  OR EXISTS (SELECT FROM granted g WHERE g.account_id = {{account}} AND g.until > to_timestamp(%(now)s) AND (
    g.subject = %(subject)s OR EXISTS (SELECT FROM member m
      WHERE m.subject = %(subject)s AND m.kind = 'partner' AND m.id = g.partner_id)))
)"""  # noqa: S608 - constants

GRANTS: Final = f"""
SELECT g.grant_id::text, g.account_id::text, extract(epoch FROM g.until)::float AS until FROM ({_MINE}) AS g
LEFT JOIN directory_account h ON h.account_id = g.account_id
WHERE NOT ({_BELONGS.format(account="g.account_id", shop="h.shop_id")}) ORDER BY g.grant_id"""  # noqa: S608 - constants
"""The grants without which the subject would not see their accounts."""


def visible(account: str, shop: str) -> str:
    """Return the condition that a row's account, or its shop, is the subject's to see. Its values are `Scope.values`.

    `account` and `shop` are the SQL of the row's columns.
    """
    return _VISIBLE.format(account=account, shop=shop)


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """Whose things a subject may list. `many`: more owners than are named; then SQL decides (`visible`)."""

    subject: str
    owned: tuple[tuple[str, UUID, float | None], ...] = ()  # kind, id, and until when, for a grant
    many: bool = False
    grants: tuple[tuple[str, str, float], ...] = ()  # that alone show it an account: grant, account, and until when

    def __len__(self) -> int:
        return len(self.owned)

    def by_grant(self) -> dict[str, str]:
        """Return the accounts that a grant alone shows now, each with the first grant that does."""
        now, found = time.time(), dict[str, str]()
        for grant_id, account_id, until in self.grants:
            if until > now:
                found.setdefault(account_id, grant_id)
        return found

    def accounts(self) -> list[UUID]:
        """Return the accounts whose things may be listed, if there are few. Those of `shops` come on top."""
        return self._named("account")

    def shops(self) -> list[UUID]:
        """Return the shops whose accounts' things may be listed, if there are few."""
        return self._named("shop")

    def values(self) -> dict[str, Any]:
        """Return the values of a question: `accounts` and `shops`, if there are few, and what `visible` needs."""
        return {"subject": self.subject, "now": time.time(), "accounts": self.accounts(), "shops": self.shops()}

    def _named(self, wanted: str) -> list[UUID]:
        now = time.time()
        return [one for kind, one, until in self.owned if kind == wanted and (until is None or until > now)]


def scope_of(subject: str, rows: list[dict[str, Any]], granted: list[dict[str, Any]]) -> Scope:
    """Read what `SCOPE` and `GRANTS` answer."""
    grants = tuple((row["grant_id"], row["account_id"], row["until"]) for row in granted)
    if len(rows) > FEW:
        return Scope(subject=subject, many=True, grants=grants)
    return Scope(subject=subject, owned=tuple((row["kind"], row["id"], row["until"]) for row in rows), grants=grants)
