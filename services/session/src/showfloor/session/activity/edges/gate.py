"""Who may do what to an order, and in whose name somebody acts."""

from uuid import UUID

from showfloor.access import resources
from showfloor.access.actor import ActorKind
from showfloor.eventstore.store import Store
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.service.allowing import allow, may
from showfloor.session.activity.domain import refusals
from showfloor.session.activity.domain.order import ORDER, PaymentSource
from showfloor.session.show.domain.session import SESSION, Session


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
    await allow(order, refusals.order_not_found(key))
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


async def may_pay(session: Session) -> None:
    """Refuse unless the caller may say of the session's orders that they were paid. Raises PERMISSION.

    Who may place orders, or report facts at all, is not thereby allowed to say that money came in.
    """
    order = resources.Order(id="", account=str(session.account_id), shop=str(session.shop_id))
    await may(order, "PayOrder")


def payment_source(session: Session) -> PaymentSource:
    """Return what a payment that the caller reports is marked with."""
    actor = current().actor
    if session.simulated or actor.kind is ActorKind.VIEWER:
        return "simulated"
    if actor.kind is ActorKind.SERVICE:
        return "checkout" if "checkout" in actor.scopes else "connector"
    # A person who plays a recording repeats what another system reported then.
    return "connector" if session.source == "replay" else "by_hand"
