"""Commands that are sent again: the newest ones in memory, and what is said when an id is used for another command.

The log remembers them all (see docs/adr/0019). This spares it the question for those that a caller in doubt sends
again at once.
"""

from collections import OrderedDict
from collections.abc import Mapping

from showfloor.eventstore.log import Done, Request
from showfloor.kernel.refusal import Refusal, RefusalKind

KEPT_SECONDS = 7 * 86_400.0  # for which the log remembers commands that changed nothing
_MOST = 10_000


class Memory:
    """The commands that were done here last, or found in the log. Used by one thread."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._done: OrderedDict[Request, Done] = OrderedDict()

    def get(self, request: Request) -> Done | None:
        """Return what a command did, if it is one of these."""
        return self._done.get(request)

    def put(self, done: Mapping[Request, Done]) -> None:
        """Keep these, and let the oldest go."""
        self._done.update(done)
        while len(self._done) > self._most:
            self._done.popitem(last=False)


def reused(request_id: str) -> Refusal:
    """Return the refusal of a command whose id names another. What that one is, is not told."""
    text = "This id was used before for something else: choose a new one."
    return Refusal(RefusalKind.CONFLICT, "REQUEST_ID_REUSED", text, {"request_id": request_id.rpartition(":")[2]})
