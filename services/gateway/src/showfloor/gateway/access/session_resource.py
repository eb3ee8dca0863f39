"""The resource of a session, about which policies decide."""

from showfloor.access import resources
from showfloor.api.session.v1.session_pb2 import SESSION_STATE_PRACTICE, SESSION_STATE_PREPARED, Session
from showfloor.kernel.refusal import Refusal, RefusalKind


def must_be_shown(session: Session) -> None:
    """Refuse what anybody may see of a LIVE event's session before it is on air: there is nothing to do in it yet.

    Raises SESSION_NOT_FOUND.
    """
    if session.state == SESSION_STATE_PREPARED:
        text = "There is no such session, or it is not yours."
        raise Refusal(RefusalKind.NOT_FOUND, "SESSION_NOT_FOUND", text, {"session_id": session.session_id})


def resource_of(session: Session) -> resources.Session:
    """Return the resource of a session."""
    private = session.state in (SESSION_STATE_PREPARED, SESSION_STATE_PRACTICE)
    return resources.Session(
        id=session.session_id,
        account=session.account_id,
        shop=session.shop_id,
        mode=resources.Mode.PRACTICE if private else resources.Mode.LIVE,
    )
