"""Who watches and who buys, as far as it is known?"""

from collections import defaultdict
from typing import Final
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.metrics.vocabulary import DIMENSIONS, NOT_KNOWN
from showfloor.session.signals.domain.sketch import Scope

_VIEWERS = "SELECT scope, key, estimate FROM signals.distinct_viewers WHERE session_id = %s AND scope = ANY(%s)"
_BUYERS = """
SELECT dimension, value, count(*) AS buyers FROM session_buyer,
    LATERAL (VALUES ('follower', follower), ('gender', gender), ('age_band', age_band), ('region', region))
    AS told (dimension, value)
WHERE session_id = %s GROUP BY dimension, value"""
_FIRST = "SELECT coalesce(max(buyers), 0) AS buyers FROM account_buyer_count WHERE session_id = %s"
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


async def audience(database: Database, session_id: UUID) -> Audience:
    """Return who watched and who bought. What a viewer's source does not tell is "not known"."""
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
