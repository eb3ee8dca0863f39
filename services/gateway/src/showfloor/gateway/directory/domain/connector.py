"""A connector: a program of a shop or of a creator, which reports what happens in the accounts that it was given.

It proves itself by a secret credential. Here lies the credential's digest alone: whoever reads it can prove nothing.
"""

from collections.abc import Mapping
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.personal import Owner

Scope = Literal["ingest", "payments", "checkout"]
"""Reports facts and signals; also says what was paid; is the shop's checkout, which says what was paid."""


class ConnectorCreated(Event, frozen=True, kw_only=True):
    """A connector was entered in the directory, of a shop or of a creator. It has no credential and no account yet."""

    TOPIC: ClassVar[str] = "connector.created"
    PERSONAL: ClassVar[Mapping[str, Owner]] = {"name": Owner("connector_id", ("connector_id",))}

    connector_id: UUID
    shop_id: UUID | None = None  # either a shop's
    creator_id: UUID | None = None  # or a creator's
    name: str
    scopes: tuple[Scope, ...]  # what it may do in its accounts, for ever: for more there is another one


class ConnectorRoleAssigned(Event, frozen=True, kw_only=True):
    """A connector may act on an account from now on, as far as its scopes go."""

    TOPIC: ClassVar[str] = "connector.role_assigned"

    connector_id: UUID
    account_id: UUID


class ConnectorRoleRevoked(Event, frozen=True, kw_only=True):
    """A connector may not act on an account any more."""

    TOPIC: ClassVar[str] = "connector.role_revoked"

    connector_id: UUID
    account_id: UUID


class ConnectorCredentialRotated(Event, frozen=True, kw_only=True):
    """A connector has another credential from now on; the one before proves nothing any more."""

    TOPIC: ClassVar[str] = "connector.credential_rotated"

    connector_id: UUID
    digest: str  # of 256 random bits, hexadecimal


class ConnectorDeleted(Event, frozen=True, kw_only=True):
    """A connector was deleted for good, with its credential and its accounts."""

    TOPIC: ClassVar[str] = "connector.deleted"

    connector_id: UUID


class Connector(msgspec.Struct, frozen=True):
    """The state of a connector; no `connector_id`: there is none."""

    connector_id: UUID | None = None
    shop_id: UUID | None = None
    creator_id: UUID | None = None
    name: str = ""
    scopes: tuple[Scope, ...] = ()
    accounts: tuple[UUID, ...] = ()
    digest: str = ""
    deleted: bool = False


def evolve(state: Connector, event: Event) -> Connector:
    """Return the connector after the event."""
    if isinstance(event, ConnectorCreated):
        return Connector(event.connector_id, event.shop_id, event.creator_id, event.name, event.scopes)
    if isinstance(event, ConnectorRoleAssigned):
        return msgspec.structs.replace(state, accounts=(*state.accounts, event.account_id))
    if isinstance(event, ConnectorRoleRevoked):
        left = tuple(account for account in state.accounts if account != event.account_id)
        return msgspec.structs.replace(state, accounts=left)
    if isinstance(event, ConnectorCredentialRotated):
        return msgspec.structs.replace(state, digest=event.digest)
    assert isinstance(event, ConnectorDeleted)
    return msgspec.structs.replace(state, accounts=(), digest="", deleted=True)


CONNECTOR: Decider[Connector] = Decider(
    name="connector",
    state_type=Connector,
    initial=Connector,
    evolve=evolve,
    events=(
        ConnectorCreated,
        ConnectorRoleAssigned,
        ConnectorRoleRevoked,
        ConnectorCredentialRotated,
        ConnectorDeleted,
    ),
)
