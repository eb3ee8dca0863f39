"""The gateway's directory for one service: answers who asks its log with the public events that a test tells."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from google.protobuf.message import Message

from showfloor.access.tokens import Keys, Verifier
from showfloor.api.common.v1 import log_service_pb2 as pb
from showfloor.api.gateway.v1.gateway_events_pb2 import UserCreated
from showfloor.rpc.server import Server, Service

TIME = "2026-01-05T12:00:00Z"


class Directory:
    """A log of public events. `away`: it answers nobody. `log_id`: another one after a restore."""

    def __init__(self) -> None:
        self.events: list[Message] = []
        self.away = False
        self.address = ""
        self.log_id = "1"

    @property
    def position(self) -> int:
        """The end of the log."""
        return len(self.events)

    def tell(self, *messages: Message) -> int:
        """Add events to the log; return its end. Without one it is of somebody whom nobody knows."""
        self.events += messages or [UserCreated(subject_id=str(uuid4()))]
        return self.position

    async def ReadEvents(self, request: pb.ReadEventsRequest, context: Any) -> pb.ReadEventsResponse:  # noqa: N802
        """Answer as LogService does."""
        if self.away:
            raise OSError("the directory is away")
        after = request.after_position
        page = self.events[after : after + request.limit]
        events = [
            pb.PublicEvent(
                position=after + number,
                type=one.DESCRIPTOR.full_name,
                key=one.subject_id,  # type: ignore[attr-defined]
                body=one.SerializeToString(),
                time=TIME,
            )
            for number, one in enumerate(page, 1)
        ]
        end = min(after + len(page), self.position)
        return pb.ReadEventsResponse(events=events, last_position=end, log_id=self.log_id)


@asynccontextmanager
async def directory(keys: Callable[[], Keys]) -> AsyncIterator[Directory]:
    """Run a directory while the block runs."""
    found = Directory()
    server = Server([Service(pb.DESCRIPTOR.services_by_name["LogService"], found)], Verifier(keys))
    found.address = f"127.0.0.1:{await server.start()}"
    try:
        yield found
    finally:
        await server.stop()
