"""Who watches and who buys, as far as it is known?"""

from collections import defaultdict
from typing import Final
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.metrics.vocabulary import DIMENSIONS, NOT_KNOWN
from showfloor.session.analytics.edges.minute_range import MinuteRange
from showfloor.session.signals.domain.sketch import Scope, from_bytes, union

_VIEWERS = "SELECT scope, key, estimate FROM signals.distinct_viewers WHERE session_id = %s AND scope = ANY(%s)"
_BUYERS = """
SELECT dimension, value, count(*) AS buyers FROM session_buyer,
    LATERAL (VALUES ('follower', follower), ('gender', gender), ('age_band', age_band), ('region', region))
    AS told (dimension, value)
WHERE session_id = %s GROUP BY dimension, value"""
_FIRST = "SELECT coalesce(max(buyers), 0) AS buyers FROM account_buyer_count WHERE session_id = %s"
_SKETCHES = """
SELECT sketch FROM signals.distinct_viewers
WHERE session_id = %s AND scope = %s AND key::integer >= %s AND key::integer < %s"""
_SEEN = "SELECT FROM signals.session WHERE session_id = %s"
_BUYERS_OF_PART = """
SELECT dimension, value, count(*) AS buyers FROM session_buyer,
    LATERAL (VALUES ('follower', follower), ('gender', gender), ('age_band', age_band), ('region', region))
    AS told (dimension, value)
WHERE session_id = %(id)s AND viewer_ref IN (
    SELECT viewer_ref FROM order_row WHERE session_id = %(id)s AND paid_at >= %(from)s AND paid_at < %(until)s)
GROUP BY dimension, value"""
_FIRST_OF_PART = "SELECT count(*) AS buyers FROM account_buyer WHERE session_id = %s AND at >= %s AND at < %s"
_SCOPES: Final = [int(Scope.SESSION), int(Scope.TRAIT)]


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """Unique viewers and buyers of one value of one dimension."""

    dimension: str
    value: str
    viewers: int
    buyers: int


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """The audience of a session. `viewers` None: no signals."""

    slices: list[Slice]
    viewers: int | None
    buyers: int
    first_time_buyers: int


async def audience(database: Database, session_id: UUID, minutes: MinuteRange | None = None) -> Audience:
    """Return who watched and who bought. What a viewer's source does not tell is "not known"."""
    if minutes is not None:
        return await _audience_of(database, session_id, minutes)
    viewers: dict[str, dict[str, int]] = defaultdict(dict)
    total: int | None = None
    for row in await database.fetch(_VIEWERS, (session_id, _SCOPES)):
        if row["scope"] == Scope.SESSION:
            total = row["estimate"]
        else:
            dimension, _, value = row["key"].partition("/")
            viewers[dimension][value] = row["estimate"]
    buyers: dict[str, dict[str, int]] = defaultdict(dict)
    for row in await database.fetch(_BUYERS, (session_id,)):
        buyers[row["dimension"]][row["value"] or NOT_KNOWN] = row["buyers"]
    first = await database.fetch_one(_FIRST, (session_id,))
    assert first is not None
    slices = [found for name in DIMENSIONS for found in _slices(name, viewers[name], buyers[name], total or 0)]
    return Audience(
        slices=slices,
        viewers=total,
        buyers=sum(buyers["gender"].values()),
        first_time_buyers=first["buyers"],
    )


async def _audience_of(database: Database, session_id: UUID, minutes: MinuteRange) -> Audience:
    """Return the audience of some minutes: buyers alone. What viewers are is counted for the whole session."""
    rows = await database.fetch(_SKETCHES, (session_id, int(Scope.MINUTE), minutes.first, minutes.stop))
    seen = await database.fetch_one(_SEEN, (session_id,)) is not None
    first, stop = minutes.times
    buyers: dict[str, dict[str, int]] = defaultdict(dict)
    for row in await database.fetch(_BUYERS_OF_PART, {"id": session_id, "from": first, "until": stop}):
        buyers[row["dimension"]][row["value"] or NOT_KNOWN] = row["buyers"]
    new = await database.fetch_one(_FIRST_OF_PART, (session_id, first, stop))
    assert new is not None
    return Audience(
        slices=[found for name in DIMENSIONS for found in _slices(name, {}, buyers[name], 0)],
        viewers=union([from_bytes(row["sketch"]) for row in rows]).estimate if seen else None,
        buyers=sum(buyers["gender"].values()),
        first_time_buyers=new["buyers"],
    )


def _slices(dimension: str, viewers: dict[str, int], buyers: dict[str, int], total: int) -> list[Slice]:
    """Known values first, the largest first. Estimates may add up to a little more than all: never below 0."""
    unknown = max(0, total - sum(viewers.values()))
    values = sorted({*viewers, *buyers} - {NOT_KNOWN}, key=lambda v: (-viewers.get(v, 0), -buyers.get(v, 0), v))
    if unknown or buyers.get(NOT_KNOWN):
        values.append(NOT_KNOWN)
    counts = viewers | {NOT_KNOWN: unknown}
    return [
        Slice(dimension=dimension, value=value, viewers=counts.get(value, 0), buyers=buyers.get(value, 0))
        for value in values
    ]
