"""Where do viewers come from?"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.session.analytics.edges.minute_range import MinuteRange

_CHANNELS = """
SELECT session_id, channel, sum(impressions)::bigint AS impressions, sum(enters)::bigint AS views
FROM signals.minute WHERE session_id = ANY(%s) AND minute >= %s AND minute < %s GROUP BY session_id, channel
HAVING sum(impressions) + sum(enters) > 0 ORDER BY session_id, views DESC, impressions DESC, channel"""

_EVER = MinuteRange(0, 2**31 - 1)


class ChannelRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one channel brought to a session."""

    session_id: UUID
    channel: int
    impressions: int
    views: int


async def list_channels(
    database: Database, session_ids: Sequence[UUID], minutes: MinuteRange = _EVER
) -> list[ChannelRow]:
    """Return the channels of sessions, over all of them or over a range of minutes, the largest first."""
    return await database.fetch(_CHANNELS, (list(session_ids), minutes.first, minutes.stop), into=ChannelRow)
