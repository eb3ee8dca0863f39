"""Who may do the current RPC to a thing. A foreign id is a missing one."""

from showfloor.access.policy import authorize
from showfloor.access.resources import Resource
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.rpc.caller import current


def allow(resource: Resource, missing: Refusal) -> None:
    """Return if the caller may do the current RPC to a thing that is there.

    One that the caller may not know of is refused as `missing`: word for word like one that is not there.
    Raises PERMISSION, too.
    """
    call = current()
    try:
        authorize(call.actor, call.method, resource)
    except Refusal as refusal:
        if refusal.kind is RefusalKind.NOT_FOUND:
            raise missing from None
        raise
