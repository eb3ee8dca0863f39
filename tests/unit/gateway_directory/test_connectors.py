"""Which accounts a connector is given, what its credential leaves in the log, and that it ends for good."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from showfloor.access.membership.tables import statements_of
from showfloor.gateway.directory.domain.connector import (
    CONNECTOR,
    ConnectorCreated,
    ConnectorCredentialRotated,
    ConnectorDeleted,
    ConnectorRoleAssigned,
    ConnectorRoleRevoked,
)
from showfloor.gateway.directory.domain.connector_rules import (
    MAX_ACCOUNTS,
    AssignConnectorRole,
    CreateConnector,
    DeleteConnector,
    RevokeConnectorRole,
    RotateConnectorCredential,
    assign_connector_role,
    create_connector,
    delete_connector,
    revoke_connector_role,
    rotate_connector_credential,
)
from showfloor.gateway.directory.edges.publish import publish
from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.testing.scenario import given

AT = datetime(2026, 6, 1, tzinfo=UTC)
TILL, SHOP, ACCOUNT = (UUID(int=n) for n in range(1, 4))
ABOUT: Any = {"connector_id": TILL, "shop_id": SHOP, "name": "The till", "scopes": ("ingest",)}
ADDED = ConnectorCreated(at=AT, **ABOUT)
ONE: Any = {"connector_id": TILL, "account_id": ACCOUNT}
GIVEN, TAKEN = ConnectorRoleAssigned(at=AT, **ONE), ConnectorRoleRevoked(at=AT, **ONE)
REMOVED = ConnectorDeleted(at=AT, connector_id=TILL)
GIVE = AssignConnectorRole(now=AT, belongs=True, **ONE)
TAKE = RevokeConnectorRole(now=AT, **ONE)
ROTATE = RotateConnectorCredential(now=AT, connector_id=TILL, digest="ab")
REMOVE = DeleteConnector(now=AT, connector_id=TILL)


def test_a_connector_is_added_once_and_does_not_come_back() -> None:
    add = CreateConnector(now=AT, **ABOUT)
    given(CONNECTOR).when(create_connector, add).then(ADDED)
    given(CONNECTOR, ADDED).when(create_connector, add).then()
    given(CONNECTOR, ADDED, REMOVED).when(create_connector, add).then()


def test_an_account_is_given_once_and_taken_once() -> None:
    given(CONNECTOR, ADDED).when(assign_connector_role, GIVE).then(GIVEN)
    given(CONNECTOR, ADDED, GIVEN).when(assign_connector_role, GIVE).then()
    given(CONNECTOR, ADDED, GIVEN).when(revoke_connector_role, TAKE).then(TAKEN)
    given(CONNECTOR, ADDED, GIVEN, TAKEN).when(revoke_connector_role, TAKE).then()


def test_no_account_of_somebody_else_is_given() -> None:
    foreign = AssignConnectorRole(now=AT, belongs=False, **ONE)
    given(CONNECTOR, ADDED).when(assign_connector_role, foreign).refused("ACCOUNT_NOT_FOUND")


def test_a_connector_has_a_bounded_number_of_accounts() -> None:
    full = [ConnectorRoleAssigned(at=AT, connector_id=TILL, account_id=UUID(int=n + 9)) for n in range(MAX_ACCOUNTS)]
    given(CONNECTOR, ADDED, *full).when(assign_connector_role, GIVE).refused("TOO_MANY")


def test_each_rotation_puts_another_digest_in_place() -> None:
    rotated = ConnectorCredentialRotated(at=AT, connector_id=TILL, digest="ab")
    given(CONNECTOR, ADDED).when(rotate_connector_credential, ROTATE).then(rotated)
    given(CONNECTOR, ADDED, rotated).when(rotate_connector_credential, ROTATE).then(rotated)


def test_one_that_was_removed_gets_nothing_any_more() -> None:
    given(CONNECTOR, ADDED).when(delete_connector, REMOVE).then(REMOVED)
    given(CONNECTOR, ADDED, REMOVED).when(delete_connector, REMOVE).then()
    for rule, command in (
        (assign_connector_role, GIVE), (revoke_connector_role, TAKE), (rotate_connector_credential, ROTATE),
    ):  # fmt: skip
        given(CONNECTOR, ADDED, REMOVED).when(rule, command).refused("CONNECTOR_NOT_FOUND")
        given(CONNECTOR).when(rule, command).refused("CONNECTOR_NOT_FOUND")
    given(CONNECTOR).when(delete_connector, REMOVE).refused("CONNECTOR_NOT_FOUND")


def test_services_keep_its_role_and_all_of_them_go_with_it() -> None:
    def rows(event: Event) -> list[Any]:
        told = publish(Recorded(7, TILL, 1, event, Meta()))
        assert told is not None
        return [row for statement in statements_of(told.type, told.message) for row in statement.rows or ()]

    key = (f"connector:{TILL}", "account", str(ACCOUNT))
    assert (rows(ADDED), rows(GIVEN), rows(TAKEN)) == ([], [(*key, "connector")], [key])
    assert rows(REMOVED) == [key[:1]]
    rotated = publish(Recorded(7, TILL, 1, ConnectorCredentialRotated(at=AT, connector_id=TILL, digest="abc"), Meta()))
    assert rotated is not None and b"abc" not in rotated.message
