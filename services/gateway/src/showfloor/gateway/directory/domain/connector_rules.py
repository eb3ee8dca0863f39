"""What is allowed to a connector: its accounts, its credential, its end."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.connector import (
    Connector,
    ConnectorCreated,
    ConnectorCredentialRotated,
    ConnectorDeleted,
    ConnectorRoleAssigned,
    ConnectorRoleRevoked,
    Scope,
)
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event

MAX_ACCOUNTS = 1_000


class CreateConnector(msgspec.Struct, frozen=True, kw_only=True):
    """Enter a connector of a shop, or of a creator."""

    connector_id: UUID
    shop_id: UUID | None = None
    creator_id: UUID | None = None
    name: str
    scopes: tuple[Scope, ...]
    now: Aside[datetime]


class AssignConnectorRole(msgspec.Struct, frozen=True, kw_only=True):
    """Let a connector act on an account. `belongs`: the account is of the shop, or the creator, that the connector is
    of."""

    connector_id: UUID
    account_id: UUID
    belongs: Aside[bool]
    now: Aside[datetime]


class RevokeConnectorRole(msgspec.Struct, frozen=True, kw_only=True):
    """Let a connector act on an account no more."""

    connector_id: UUID
    account_id: UUID
    now: Aside[datetime]


class RotateConnectorCredential(msgspec.Struct, frozen=True, kw_only=True):
    """Give a connector another credential in place of the one before."""

    connector_id: UUID
    digest: str
    now: Aside[datetime]


class DeleteConnector(msgspec.Struct, frozen=True, kw_only=True):
    """Delete a connector."""

    connector_id: UUID
    now: Aside[datetime]


def create_connector(state: Connector, command: CreateConnector) -> list[Event]:
    """Add a connector once; one that was deleted does not come back."""
    if state.connector_id is not None:
        return []
    added = ConnectorCreated(
        at=command.now,
        connector_id=command.connector_id,
        shop_id=command.shop_id,
        creator_id=command.creator_id,
        name=command.name,
        scopes=command.scopes,
    )
    return [added]


def assign_connector_role(state: Connector, command: AssignConnectorRole) -> list[Event]:
    """Let a connector act on an account of whose it is. Raises CONNECTOR_NOT_FOUND, ACCOUNT_NOT_FOUND, TOO_MANY."""
    _must_be_there(state)
    if command.account_id in state.accounts:
        return []
    if not command.belongs:
        raise refusals.not_found("account")
    if len(state.accounts) >= MAX_ACCOUNTS:
        raise refusals.too_many_accounts(MAX_ACCOUNTS)
    return [ConnectorRoleAssigned(at=command.now, connector_id=command.connector_id, account_id=command.account_id)]


def revoke_connector_role(state: Connector, command: RevokeConnectorRole) -> list[Event]:
    """Let a connector act on an account no more, at once. Raises CONNECTOR_NOT_FOUND."""
    _must_be_there(state)
    if command.account_id not in state.accounts:
        return []
    return [ConnectorRoleRevoked(at=command.now, connector_id=command.connector_id, account_id=command.account_id)]


def rotate_connector_credential(state: Connector, command: RotateConnectorCredential) -> list[Event]:
    """Give a connector another credential; the one before ends at once. Raises CONNECTOR_NOT_FOUND."""
    _must_be_there(state)
    return [ConnectorCredentialRotated(at=command.now, connector_id=command.connector_id, digest=command.digest)]


def delete_connector(state: Connector, command: DeleteConnector) -> list[Event]:
    """Delete a connector, at once. Raises CONNECTOR_NOT_FOUND."""
    if state.connector_id is None:
        raise refusals.not_found("connector")
    return [] if state.deleted else [ConnectorDeleted(at=command.now, connector_id=command.connector_id)]


def _must_be_there(state: Connector) -> None:
    if state.connector_id is None or state.deleted:
        raise refusals.not_found("connector")
