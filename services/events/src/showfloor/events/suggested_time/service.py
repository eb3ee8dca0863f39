"""What the slice brings to the service."""

from datetime import timedelta
from typing import Final

from showfloor.api.events.v1 import suggested_time_service_pb2
from showfloor.events.suggested_time.domain.suggesting import SuggestionPolicy
from showfloor.events.suggested_time.edges import subscribe
from showfloor.events.suggested_time.edges.rpc_suggested_time import SuggestedTimeCalls
from showfloor.service.builder import Builder
from showfloor.service.slices import Slice, Started

SLICE: Final = Slice(contracts=(suggested_time_service_pb2,))


def start(base: Builder, policy: SuggestionPolicy, kept: timedelta) -> Started:
    """Start what runs: the past of accounts is followed. LIVEs of our own count for `kept`."""
    base.follow("session", subscribe.keeping_the_past(kept), name=subscribe.NAME)
    return Started((SuggestedTimeCalls(base, policy, kept),))
