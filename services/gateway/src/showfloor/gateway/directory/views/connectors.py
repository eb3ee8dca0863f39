"""Connectors in the view of the directory: whose they are, their credentials' digests, their accounts.

Names stay sealed here, as in the log.
"""

from typing import Any, Final

from showfloor.eventstore.statements import Statement
from showfloor.gateway.directory.domain.connector import (
    ConnectorCreated,
    ConnectorCredentialRotated,
    ConnectorDeleted,
    ConnectorRoleAssigned,
    ConnectorRoleRevoked,
)
from showfloor.kernel.event import Event

DDL: Final = """
CREATE TABLE connector (
    connector_id uuid PRIMARY KEY, shop_id uuid, creator_id uuid,
    name text NOT NULL, -- sealed
    scopes text[] NOT NULL, added_at timestamptz NOT NULL, digest text UNIQUE, rotated_at timestamptz);
CREATE INDEX connector_shop ON connector (shop_id, added_at, connector_id);
CREATE INDEX connector_creator ON connector (creator_id, added_at, connector_id);
CREATE TABLE connector_account (connector_id uuid, account_id uuid, PRIMARY KEY (connector_id, account_id));
"""


def statement_of(event: Event) -> Statement | None:
    """Return what an event of a connector means; None for one of something else."""
    values: tuple[Any, ...]
    match event:
        case ConnectorCreated():
            sql = "INSERT INTO connector VALUES (%s, %s, %s, %s, %s, %s)"
            whose = event.connector_id, event.shop_id, event.creator_id
            values = (*whose, event.name, list(event.scopes), event.at)
        case ConnectorRoleAssigned():
            sql, values = "INSERT INTO connector_account VALUES (%s, %s)", (event.connector_id, event.account_id)
        case ConnectorRoleRevoked():
            sql = "DELETE FROM connector_account WHERE connector_id = %s AND account_id = %s"
            values = (event.connector_id, event.account_id)
        case ConnectorCredentialRotated():
            sql = "UPDATE connector SET digest = %s, rotated_at = %s WHERE connector_id = %s"
            values = (event.digest, event.at, event.connector_id)
        case ConnectorDeleted():
            # Safe: the log keeps what happened; nobody can ask for a connector that was removed.
            sql = """WITH gone AS (DELETE FROM connector_account WHERE connector_id = %s)
                DELETE FROM connector WHERE connector_id = %s"""
            values = (event.connector_id, event.connector_id)
        case _:
            return None
    return Statement(sql, [values])
