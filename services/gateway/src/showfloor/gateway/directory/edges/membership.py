"""The directory as every service keeps it, here from its own log: what the gateway's own rights are asked of."""

from collections.abc import Iterable, Sequence

from showfloor.access.membership.tables import DDL, statements_of
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.view import View
from showfloor.gateway.directory.edges.publish import PUBLIC
from showfloor.kernel.event import Recorded
from showfloor.messaging.unpublished import told


def evolve(page: Sequence[Recorded]) -> Iterable[Statement]:
    """Return what the others do when they are told of these events. What cannot be told changes nothing there, too."""
    for recorded in page:
        event, _why_not = told(PUBLIC.publish, recorded)
        if event is not None:
            yield from statements_of(event.type, event.message)


VIEW = View(name="membership", ddl=DDL, handles=tuple(PUBLIC.translations), evolve=evolve)
