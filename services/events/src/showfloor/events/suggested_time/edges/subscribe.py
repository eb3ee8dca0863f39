"""Follows the session service's public events: the past of accounts."""

from collections.abc import Sequence
from datetime import timedelta

from showfloor.api.session.v1 import session_events_pb2 as public
from showfloor.events.suggested_time.edges import past_lives
from showfloor.eventstore.statements import Statement
from showfloor.messaging.public import PublicMessage
from showfloor.messaging.subscription import Handle

NAME = "suggested_time"


def keeping_the_past(kept: timedelta) -> Handle[Statement]:
    """Return what a public event means for the table. Done twice it changes nothing."""

    async def handle(message: PublicMessage) -> Sequence[Statement]:
        body = message.event.message
        match message.event.type.rpartition(".")[2]:
            case "WentLive":
                return [past_lives.begun(public.WentLive.FromString(body))]
            case "SessionEnded":
                return past_lives.ended(public.SessionEnded.FromString(body), kept)
            case "SessionReported":
                return [past_lives.reported(public.SessionReported.FromString(body))]
            case "SessionImported":
                told = public.SessionImported.FromString(body)
                return [past_lives.imported(told.session_id, told.account_id, told.totals)]
            case "SessionCorrected":
                right = public.SessionCorrected.FromString(body)
                return [past_lives.imported(right.session_id, right.account_id, right.after)]
            case _:
                return []

    return handle
