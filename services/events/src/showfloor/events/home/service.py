"""What the slice brings to the service."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from showfloor.api.events.v1 import home_service_pb2
from showfloor.events.home.domain.live_tasks import TASKS
from showfloor.events.home.edges import subscribe
from showfloor.events.home.edges.content import load_content
from showfloor.events.home.edges.rpc_home import HomeCalls
from showfloor.service.builder import Builder
from showfloor.service.slices import Slice, Started

SLICE: Final = Slice(contracts=(home_service_pb2,), deciders=(TASKS,))


def start(base: Builder, own_content: Path | None, lately: timedelta) -> Started:
    """Start what runs: what hosts do is followed. `lately`: how long a deed counts as done. Raises StartupError."""
    content = load_content(own_content)
    base.follow("session", subscribe.noting_deeds(base.store, content.tasks), name=subscribe.NAME)
    return Started((HomeCalls(base, content, lately),))
