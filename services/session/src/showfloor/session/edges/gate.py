"""Who may do this to which thing: finds the thing, then asks the policies. A foreign id is a missing one."""

from uuid import UUID

from showfloor.access import resources
from showfloor.access.actor import ActorKind
from showfloor.access.policy import authorize
from showfloor.access.resources import Mode
from showfloor.eventstore.store import RECENT, Store
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.service.allowing import allow
from showfloor.session.domain import refusals
from showfloor.session.domain.detail_rules import must_have_details
from showfloor.session.domain.order import ORDER, PaymentSource
from showfloor.session.domain.session import SESSION, Session
from showfloor.session.signals.ingest import SessionTimes


def resource_of(session: Session | SessionTimes) -> resources.Session:
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
    if session.status == "none":
        raise refusals.session_not_found(key)
    allow(resource_of(session), refusals.session_not_found(key))
    return session


async def detailed_session_for(store: Store, session_id: str) -> Session:
    """Return the same for a session whose comments and metrics are asked for. Raises DETAIL_EXPIRED, too."""
    session = await session_for(store, session_id, RECENT)
    must_have_details(session)
    return session


async def order_for(store: Store, session_id: str, order_id: str) -> tuple[Session, UUID]:
    """Return the session and id of an order if the caller may do the current RPC to it.

    Raises INVALID_FIELD, ORDER_NOT_FOUND, PERMISSION.
    """
    key = checks.uuid("order_id", order_id)
    session_key = checks.uuid("session_id", session_id)
    placed = (await store.load(ORDER, key)).state.placed
    if placed is None or placed.session_id != session_key:
        raise refusals.order_not_found(key)
    order = resources.Order(
        id=str(key), account=str(placed.account_id), shop=str(placed.shop_id), viewer=placed.viewer_ref
    )
    allow(order, refusals.order_not_found(key))
    return (await store.load(SESSION, session_key)).state, key


def viewer_of(given: str) -> str:
    """Return who acts: a viewer only ever as the one their token names. Raises PERMISSION."""
    actor = current().actor
    if actor.kind is not ActorKind.VIEWER or actor.viewer is None:
        return given
    if given not in ("", actor.viewer.viewer_ref):
        text = "A viewer acts only in their own name."
        raise Refusal(RefusalKind.DENIED, "PERMISSION", text, {"action": current().method})
    return actor.viewer.viewer_ref


def may_pay(session: Session) -> None:
    """Refuse unless the caller may say of the session's orders that they were paid. Raises PERMISSION.

    Who may place orders, or report facts at all, is not thereby allowed to say that money came in.
    """
    order = resources.Order(id="", account=str(session.account_id), shop=str(session.shop_id))
    authorize(current().actor, "PayOrder", order)


def payment_source(session: Session) -> PaymentSource:
    """Return what a payment that the caller reports is marked with."""
    actor = current().actor
    if session.simulated or actor.kind is ActorKind.VIEWER:
        return "simulated"
    if actor.kind is ActorKind.SERVICE:
        return "checkout" if "checkout" in actor.scopes else "connector"
    # A person who plays a recording repeats what another system reported then.
    return "connector" if session.source == "replay" else "by_hand"


def is_viewer() -> bool:
    """True when the caller is a viewer, who names neither times nor prices."""
    return current().actor.kind is ActorKind.VIEWER
