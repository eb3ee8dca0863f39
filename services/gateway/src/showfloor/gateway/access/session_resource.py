"""The resource of a session, about which policies decide."""

from showfloor.access import resources
from showfloor.api.session.v1.session_pb2 import SESSION_STATE_PRACTICE, SESSION_STATE_PREPARED, Session


def resource_of(session: Session) -> resources.Session:
    """Return the resource of a session."""
    private = session.state in (SESSION_STATE_PREPARED, SESSION_STATE_PRACTICE)
    return resources.Session(
        id=session.session_id,
        account=session.account_id,
        shop=session.shop_id,
        mode=resources.Mode.PRACTICE if private else resources.Mode.LIVE,
    )
