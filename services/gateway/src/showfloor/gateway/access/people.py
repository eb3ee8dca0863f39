"""Local accounts: who may sign in with an address and a password, and what people are called."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.gateway.access.secrets import Passwords
from showfloor.gateway.access.sign_ins import unauthenticated
from showfloor.gateway.directory.domain import refusals
from showfloor.kernel.refusal import invalid
from showfloor.kernel.text import normal

MAX_EMAIL = 254


class Person(msgspec.Struct, frozen=True):
    """A user as people know them."""

    user_id: UUID
    email: str | None
    display_name: str
    password_hash: str | None


class People:
    """The table of people, apart from the facts."""

    def __init__(self, database: Database) -> None:
        self._database, self._passwords = database, Passwords()

    async def by_password(self, email: str, password: str) -> UUID:
        """Return whose address and password these are. Raises Refusal UNAUTHENTICATED."""
        sql = "SELECT user_id, email, display_name, password_hash FROM person WHERE email = %s"
        found = await self._database.fetch_one(sql, (address_key(email),), into=Person)
        if not await self._passwords.check(found.password_hash if found else None, password) or found is None:
            raise unauthenticated("E-mail and password do not match.")
        return found.user_id

    async def by_subject(self, claims: dict[str, Any]) -> UUID:
        """Return the user of an OIDC token: known by its subject, or met first by a verified address."""
        subject = f"{claims['iss']} {claims['sub']}"
        row = await self._database.fetch_one("SELECT user_id FROM person WHERE issuer_subject = %s", (subject,))
        if row is None and claims.get("email_verified") is True:
            # Met first in two windows at once, the second one finds itself bound already.
            sql = (
                "UPDATE person SET issuer_subject = %(subject)s WHERE email = %(email)s"
                " AND coalesce(issuer_subject, %(subject)s) = %(subject)s RETURNING user_id"
            )
            email = address_key(str(claims.get("email", "")))
            row = await self._database.fetch_one(sql, {"subject": subject, "email": email})
        if row is None:
            raise unauthenticated("The sign-in provider knows you, but this Showfloor does not: ask an operator.")
        return UUID(str(row["user_id"]))

    async def add(self, user_id: UUID, name: str, email: str | None) -> str | None:
        """Keep what a user is called and where mail reaches them; return the address as kept.

        Raises INVALID_FIELD, EMAIL_TAKEN, REQUEST_ID_REUSED.
        """
        email = checked_email(email) if email else None
        row = await self._database.fetch_one(
            "INSERT INTO person (user_id, email, display_name) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING RETURNING true",
            (user_id, email, name),
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
        """Forget name, address, password and issuer of a user; False when nothing was kept.

        Safe: it is asked for, of one user; the log knows the user by an opaque id, and keeps it.
        """
        sql = "DELETE FROM person WHERE user_id = %s RETURNING true"
        return await self._database.fetch_one(sql, (user_id,)) is not None

    async def get(self, user_id: UUID) -> Person | None:
        """Return a person, or None when there is none or they were erased."""
        sql = "SELECT user_id, email, display_name, password_hash FROM person WHERE user_id = %s"
        return await self._database.fetch_one(sql, (user_id,), into=Person)

    async def of(self, users: Sequence[UUID]) -> dict[UUID, Person]:
        """Return these users as people know them; the erased are left out."""
        sql = "SELECT user_id, email, display_name, NULL AS password_hash FROM person WHERE user_id = ANY(%s)"
        return {found.user_id: found for found in await self._database.fetch(sql, (list(users),), into=Person)}


def address_key(value: str) -> str:
    """Return an address as it is compared: case, outer spaces and the form of Unicode do not count."""
    return normal(value.strip().casefold()[:MAX_EMAIL]).replace("\0", "")


def checked_email(value: str) -> str:
    """Return an address in lower case. Raises Refusal INVALID."""
    address = normal(value.strip().casefold()[: 2 * MAX_EMAIL])
    name, _, host = address.rpartition("@")
    if not name or "." not in host or len(address) > MAX_EMAIL or not address.isprintable() or " " in address:
        raise invalid("email", "must be an address such as ana@example.com")
    return address
