"""Credentials of connectors: secrets with a mark of their own, of which the directory keeps digests."""

from typing import Final, NamedTuple
from uuid import UUID

from showfloor.eventstore.query import Database
from showfloor.gateway.access.secrets import digest, new_secret
from showfloor.gateway.access.sign_ins import unauthenticated
from showfloor.gateway.directory.edges import connectors

MARK: Final = "sfc_"  # so that a credential that was published by mistake can be found
LENGTH: Final = len(MARK) + len(new_secret())  # a sign-in's token may begin like that, and is shorter


class Connector(NamedTuple):
    """Who proved themselves by a credential, and what for."""

    connector_id: UUID
    scopes: tuple[str, ...]


def new_credential() -> str:
    """Return a new credential."""
    return MARK + new_secret()


def is_credential(token: str) -> bool:
    """Tell a connector's credential from other tokens."""
    return token.startswith(MARK) and len(token) == LENGTH


async def connector_of(database: Database, credential: str) -> Connector:
    """Return the connector of a credential. It is asked each time: one that was taken back ends at once.

    Raises Refusal UNAUTHENTICATED.
    """
    found = await connectors.by_digest(database, digest(credential).hex())
    if found is None:
        raise unauthenticated("This credential is good no more: the owner of the connector makes another.")
    return Connector(found["connector_id"], tuple(found["scopes"]))
