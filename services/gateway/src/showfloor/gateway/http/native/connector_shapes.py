"""The bodies and answers of the routes about connectors."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from showfloor.gateway.http.native.shapes import Name

Scope = Literal["ingest", "payments", "checkout"]
Scopes = Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=3)]


class NewConnector(msgspec.Struct, forbid_unknown_fields=True):
    """A connector of a shop or of a creator, one of the two. `scopes`: what it may do in the accounts that it is given:
    "ingest" reports facts and signals, "payments" also says what was paid, "checkout" is the shop's checkout."""

    name: Name
    scopes: Scopes
    shop_id: UUID | None = None
    creator_id: UUID | None = None


class Connector(msgspec.Struct, omit_defaults=True):
    """A program that reports what happens in some accounts. Without `rotated_time` it has no credential yet."""

    connector_id: UUID
    name: str
    scopes: list[str]
    shop_id: UUID | None = None
    creator_id: UUID | None = None
    account_ids: list[UUID] = []
    added_time: datetime | None = None
    rotated_time: datetime | None = None
    position: int | None = None


class Connectors(msgspec.Struct):
    """A page of connectors, those that were added first before the others."""

    connectors: list[Connector]
    next_page_token: str


class ConnectorRole(msgspec.Struct):
    """Whether a connector may act on an account from now on."""

    connector_id: UUID
    account_id: UUID
    given: bool
    position: int


class ConnectorCredential(msgspec.Struct):
    """A new credential, shown this once: send it as `Authorization: Bearer`. The one before is refused from now on."""

    connector_id: UUID
    credential: str
    position: int


class ConnectorDeleted(msgspec.Struct):
    """A connector that is there no more."""

    connector_id: UUID
    position: int
