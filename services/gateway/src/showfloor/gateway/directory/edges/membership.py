"""The membership tables of the gateway, which decide its own rights: filled from its own log as other services fill
theirs."""

from collections.abc import Iterable, Sequence

from showfloor.access.membership.tables import DDL, statements_of
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.view import View
from showfloor.gateway.directory.edges.publish import PUBLIC
from showfloor.kernel.event import Recorded
from showfloor.messaging.unpublished import told


def evolve(page: Sequence[Recorded]) -> Iterable[Statement]:
    """Return the statements that other services execute for the public forms of these events."""
    for recorded in page:
        event, _why_not = told(PUBLIC.publish, recorded)
        if event is not None:
            yield from statements_of(event.type, event.message)


VIEW = View(name="membership", ddl=DDL, handles=tuple(PUBLIC.translations), evolve=evolve)
