"""The call being answered: who asked, and by when. Set by the server, read by servicers."""

from contextvars import ContextVar

import msgspec

from showfloor.access.actor import Actor
from showfloor.access.membership.relations import Membership
from showfloor.kernel.event import Meta
from showfloor.observability.tracing import current_traceparent

BEARER = "Bearer "  # before the internal token, in the metadata key `authorization`


class Call(msgspec.Struct, frozen=True):
    """One RPC. `token` is the caller's internal token, to pass on when asking another service for them. `membership`
    says what they are to whom."""

    method: str
    actor: Actor
    token: str
    membership: Membership

    def meta(self, request_id: str = "") -> Meta:
        """Return what is recorded beside the events of this call."""
        return Meta(actor=self.actor.subject, request_id=request_id, traceparent=current_traceparent())


_current: ContextVar[Call] = ContextVar("showfloor_call")


def current() -> Call:
    """Return the call being answered in this task. Raises LookupError outside of one."""
    return _current.get()


def enter(call: Call) -> None:
    """Make `call` the current one of this task."""
    _current.set(call)
