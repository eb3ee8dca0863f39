"""SuggestedTimeService: when to go LIVE, by the account's own past."""

import asyncio
from datetime import timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from showfloor.api.common.v1.common_pb2 import Reading
from showfloor.api.events.v1 import suggested_time_service_pb2 as pb
from showfloor.events.schedule.domain.times import zone_names
from showfloor.events.suggested_time.domain.suggesting import (
    NoSuggestion,
    Suggestion,
    SuggestionPolicy,
    counted,
    next_start,
    suggest,
)
from showfloor.events.suggested_time.edges.past_lives import history_of
from showfloor.kernel.currencies import EXPONENTS
from showfloor.kernel.refusal import invalid
from showfloor.metrics.registry import metric
from showfloor.rpc.fields import stamp
from showfloor.service.allowing import account_for
from showfloor.service.builder import Builder

_REASONS: Final = {
    "history_too_thin": pb.NO_SUGGESTION_REASON_HISTORY_TOO_THIN,
    "no_pattern": pb.NO_SUGGESTION_REASON_NO_PATTERN,
    "no_time_stands_out": pb.NO_SUGGESTION_REASON_NO_TIME_STANDS_OUT,
}


class SuggestedTimeCalls:
    """One method per RPC. The proto's comments say what each does and refuses."""

    def __init__(self, base: Builder, policy: SuggestionPolicy, kept: timedelta) -> None:
        """`kept`: how long LIVEs of our own count."""
        self._database, self._clock, self._policy, self._kept = base.database, base.clock, policy, kept

    async def GetSuggestedTime(self, request: pb.GetSuggestedTimeRequest, _: Any) -> pb.GetSuggestedTimeResponse:
        account_id = (await account_for(request.account_id)).account_id
        if request.time_zone not in zone_names():
            raise invalid("time_zone", "must be the IANA name of a zone, such as Europe/Berlin")
        zone, now = ZoneInfo(request.time_zone), self._clock()
        history = await history_of(self._database, account_id, now - self._kept)
        lives = counted(history.lives, self._policy)
        found = await asyncio.to_thread(suggest, lives, zone, self._policy)
        answer = pb.GetSuggestedTimeResponse(
            sessions=len(lives), sessions_needed=self._policy.least_sessions, simulated=history.simulated
        )
        if isinstance(found, NoSuggestion):
            answer.no_suggestion_reason = _REASONS[found.reason]
        else:
            answer.suggestion.CopyFrom(self._shown(found, zone, history.currency))
        return answer

    def _shown(self, found: Suggestion, zone: tzinfo, currency: str) -> pb.SuggestedTime:
        start = next_start(found, zone, self._clock())
        return pb.SuggestedTime(
            weekday=found.weekday + 1,
            hour=found.hour,
            local_start=f"{start:%Y-%m-%dT%H:%M}",
            start_time=stamp(start),
            duration_minutes=found.duration_minutes,
            sessions=found.sessions,
            explained=found.explained,
            evidence=[
                pb.SuggestedTimeEvidence(
                    there=_reading(one.metric, one.there, currency), account=_reading(one.metric, one.account, currency)
                )
                for one in found.evidence
            ],
        )


def _reading(name: str, value: float, currency: str) -> Reading:
    if metric(name).unit != "money":
        return Reading(metric=name, value=value)
    return Reading(metric=name, value=value, currency=currency, exponent=EXPONENTS[currency])
