"""Follows the session service: with a LIVE its polls close."""

from showfloor.api.session.v1.session_events_pb2 import SessionEnded
from showfloor.eventstore.statements import Statement
from showfloor.messaging.public import PublicMessage
from showfloor.messaging.subscription import Handle
from showfloor.polls.processes.closing import close
from showfloor.service.builder import Builder


def closing_with_the_live(base: Builder) -> Handle[Statement]:
    """Return what is done about a public event. Done twice it changes nothing."""

    async def handle(message: PublicMessage) -> tuple[()]:
        if message.event.type == SessionEnded.DESCRIPTOR.full_name:
            ended = SessionEnded.FromString(message.event.message)
            await base.views.wait_for(["polls"], await base.store.last_position())
            sql = "SELECT poll_id FROM poll WHERE session_id = %s AND open"
            for row in await base.database.fetch(sql, [ended.session_id]):
                await close(base.store, row["poll_id"], base.clock)
        return ()

    return handle
