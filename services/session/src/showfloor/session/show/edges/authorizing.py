"""Who may do this to which thing: finds the thing, then asks the policies. A foreign id is a missing one."""

from typing import Protocol
from uuid import UUID

import msgspec

from showfloor.access import resources
from showfloor.access.actor import ActorKind
from showfloor.access.resources import Mode
from showfloor.eventstore.store import RECENT, Store
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.service.allowing import allow
from showfloor.session.show.domain import refusals
from showfloor.session.show.domain.detail_rules import must_have_details
from showfloor.session.show.domain.session import SESSION, Session, Status
from showfloor.session.show.domain.session_events import Source


class SessionLike(Protocol):
    """What policies need to know of a session."""

    @property
    def session_id(self) -> UUID: ...
    @property
    def account_id(self) -> UUID: ...
    @property
    def shop_id(self) -> UUID: ...
    @property
    def status(self) -> Status: ...
    @property
    def source(self) -> Source: ...


def resource_of(session: SessionLike) -> resources.Session:
    """Return what policies ask about a session. Until it is on air no viewer may know of it."""
    seen = session.status in ("live", "ended") and session.source != "import"
    return resources.Session(
        id=str(session.session_id),
        account=str(session.account_id),
        shop=str(session.shop_id),
        mode=Mode.LIVE if seen else Mode.PRACTICE,
    )


async def session_for(store: Store, session_id: str, within: float = 0.0) -> Session:
    """Return the session if the caller may do the current RPC to it, as it was `within` seconds ago or later.

    Raises INVALID_FIELD, SESSION_NOT_FOUND, PERMISSION.
    """
    key = checks.uuid("session_id", session_id)
    session = (await store.load(SESSION, key, within=within)).state
    if session.status in ("none", "deleted"):
        raise refusals.session_not_found(key)
    await allow(resource_of(session), refusals.session_not_found(key))
    return session


async def watched_session_for(store: Store, session_id: str) -> Session:
    """Return the same; one that belongs to a LIVE event also before it is on air, to whoever asks: tell of it what is
    `announced`."""
    key = checks.uuid("session_id", session_id)
    session = (await store.load(SESSION, key)).state
    if session.announced is None:
        return await session_for(store, session_id)
    seen = msgspec.structs.replace(resource_of(session), mode=Mode.LIVE)
    await allow(seen, refusals.session_not_found(key))
    return session


async def maybe_deleted_session_for(store: Store, session_id: str) -> Session:
    """Return the same, also when it is deleted: a deletion that is sent again gets its answer."""
    key = checks.uuid("session_id", session_id)
    session = (await store.load(SESSION, key)).state
    if session.status == "none":
        raise refusals.session_not_found(key)
    await allow(resource_of(session), refusals.session_not_found(key))
    return session


async def detailed_session_for(store: Store, session_id: str) -> Session:
    """Return the same for a session whose comments and metrics are asked for. Raises DETAIL_EXPIRED, too."""
    session = await session_for(store, session_id, RECENT)
    must_have_details(session)
    return session


def is_viewer() -> bool:
    """True when the caller is a viewer, who names neither times nor prices."""
    return current().actor.kind is ActorKind.VIEWER
