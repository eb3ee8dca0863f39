"""Local accounts: who may sign in with an address and a password, and what people are called.

Names and addresses lie sealed, under a key of each user; an address and an OIDC subject are looked up by keyed digests.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.eventstore.sealing import Sealing
from showfloor.gateway.access.secrets import Passwords
from showfloor.gateway.access.sign_ins import unauthenticated
from showfloor.gateway.directory.domain import refusals
from showfloor.kernel.personal import ERASED, Whose, user_subject
from showfloor.kernel.refusal import invalid
from showfloor.kernel.text import normal

MAX_EMAIL = 254
SCOPE = "person"  # of the keys

_FIND = "SELECT user_id, email, display_name FROM person WHERE user_id = ANY(%s)"


class Person(msgspec.Struct, frozen=True):
    """The name and address of a user."""

    user_id: UUID
    email: str | None
    display_name: str


class People:
    """The table of names, addresses and passwords, apart from the event log."""

    def __init__(self, database: Database, sealing: Sealing) -> None:
        self._database, self._sealing, self._passwords = database, sealing, Passwords()

    async def by_password(self, email: str, password: str) -> UUID:
        """Return the user with this address and password. Raises Refusal UNAUTHENTICATED."""
        sql = "SELECT user_id, password_hash FROM person WHERE email_digest = %s"
        found = await self._database.fetch_one(sql, (self._email_digest(email),))
        right = await self._passwords.check(found["password_hash"] if found else None, password)
        if not right or found is None or not await self._there(found["user_id"]):
            raise unauthenticated("E-mail and password do not match.")
        return UUID(str(found["user_id"]))

    async def by_subject(self, claims: dict[str, Any]) -> UUID:
        """Return the user of an OIDC token: known by its subject, or met first by a verified address."""
        subject = self._sealing.digest("issuer", f"{claims['iss']} {claims['sub']}")
        row = await self._database.fetch_one("SELECT user_id FROM person WHERE issuer_digest = %s", (subject,))
        if row is None and claims.get("email_verified") is True:
            # Met first in two windows at once, the second one finds itself bound already.
            sql = (
                "UPDATE person SET issuer_digest = %(subject)s WHERE email_digest = %(email)s"
                " AND coalesce(issuer_digest, %(subject)s) = %(subject)s RETURNING user_id"
            )
            email = self._email_digest(str(claims.get("email", "")))
            row = await self._database.fetch_one(sql, {"subject": subject, "email": email})
        if row is None or not await self._there(row["user_id"]):
            raise unauthenticated("The sign-in provider knows you, but this Showfloor does not: ask an operator.")
        return UUID(str(row["user_id"]))

    async def add(self, user_id: UUID, name: str, email: str | None) -> str | None:
        """Keep what a user is called and where mail reaches them; return the address as kept.

        Raises INVALID_FIELD, EMAIL_TAKEN, REQUEST_ID_REUSED.
        """
        email = checked_email(email) if email else None
        texts = [name] if email is None else [name, email]
        sealed = await self._sealing.seal([(_whose(user_id), text) for text in texts])
        kept = (user_id, sealed[0], *((sealed[1], self._email_digest(email)) if email else (None, None)))
        row = await self._database.fetch_one(
            "INSERT INTO person (user_id, display_name, email, email_digest) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING RETURNING true",
            kept,
        )
        if row is not None:
            return email
        known = await self.get(user_id)
        if known is None:
            raise refusals.email_taken()
        if (known.email, known.display_name) != (email, name):
            raise refusals.request_id_reused()
        return email

    async def set_password(self, user_id: UUID, password: str) -> None:
        """Let a user sign in with a new password from now on. Raises Refusal INVALID."""
        hashed = await self._passwords.hash(password)
        sql = "UPDATE person SET password_hash = %s WHERE user_id = %s RETURNING true"
        await self._database.fetch(sql, (hashed, user_id))

    async def erase(self, user_id: UUID) -> bool:
        """Forget name, address, password and issuer of a user, and have no backup tell them; False: nothing was kept.

        Safe: it is asked for, of one user; the log knows the user by an opaque id, and keeps it.
        """
        sql = "DELETE FROM person WHERE user_id = %s RETURNING true"
        kept = await self._database.fetch_one(sql, (user_id,)) is not None
        keys = await self._sealing.destroy(subjects=[user_subject(user_id)])
        return kept or keys > 0

    async def get(self, user_id: UUID) -> Person | None:
        """Return a person, or None when there is none or they were erased."""
        return (await self.of([user_id])).get(user_id)

    async def of(self, users: Sequence[UUID]) -> dict[UUID, Person]:
        """Return these users as people know them; the erased are left out."""
        rows = await self._database.fetch(_FIND, (list(users),))
        sealed = [text for row in rows for text in (row["display_name"], row["email"]) if text]
        opened = dict(zip(sealed, await self._sealing.open(sealed), strict=True))
        return {
            row["user_id"]: Person(row["user_id"], opened.get(row["email"]) or None, opened[row["display_name"]])
            for row in rows
        }

    async def _there(self, user_id: UUID) -> bool:
        """Tell whether a user is not erased: a database restored from an older backup still has their row."""
        found = await self.get(user_id)
        return found is not None and found.display_name != ERASED

    def _email_digest(self, email: str) -> bytes:
        return self._sealing.digest("email", address_key(email))


def _whose(user_id: UUID) -> Whose:
    return Whose(SCOPE, user_subject(user_id))


def address_key(value: str) -> str:
    """Return the form of an address that is compared: without case, outer spaces and Unicode variants."""
    return normal(value.strip().casefold()[:MAX_EMAIL]).replace("\0", "")


def checked_email(value: str) -> str:
    """Return an address in lower case. Raises Refusal INVALID."""
    address = normal(value.strip().casefold()[: 2 * MAX_EMAIL])
    name, _, host = address.rpartition("@")
    if not name or "." not in host or len(address) > MAX_EMAIL or not address.isprintable() or " " in address:
        raise invalid("email", "must be an address such as ana@example.com")
    return address
