"""Frames: ticks as server-sent events. Each is encoded once, when the first client needs it; all clients write the same
bytes."""

from collections.abc import Callable
from typing import Any

import msgspec
from google.protobuf.message import Message

from showfloor.api.session.v1.activity_service_pb2 import ListActivityResponse
from showfloor.api.session.v1.session_pb2 import Activity

ToJson = Callable[[Message], dict[str, Any]]
"""A message as plain JSON values, exactly as REST answers it."""

COMMENT = "comment"
HEARTBEAT = b": heartbeat\nevent: heartbeat\ndata: {}\n\n"  # a comment for proxies, an event for clients


def frame(event: str, data: Any, id_: str = "", retry_ms: int = 0) -> bytes:
    """Return one event. JSON holds no line breaks, so one `data:` line does."""
    head = (f"id: {id_}\n" if id_ else "") + (f"retry: {retry_ms}\n" if retry_ms else "")
    return head.encode() + b"event: " + event.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"


class Snapshot:
    """The newest board, or what viewers see. A newer one replaces it."""

    __slots__ = ("_event", "_frame", "_message", "_to_json")

    def __init__(self, event: str, message: Message, to_json: ToJson) -> None:
        """The message is not changed any more."""
        self._event, self._to_json = event, to_json
        self._message: Message | None = message
        self._frame: bytes | None = None

    def frame(self) -> bytes:
        """Return the event's bytes, always the same object."""
        if self._frame is None:
            assert self._message is not None, "it is let go of only when there is a frame"
            self._frame, self._message = frame(self._event, self._to_json(self._message)), None
        return self._frame


class Lines:
    """Lines of the activity feed that came together, in order. `size` in bytes, as they came."""

    __slots__ = ("_all", "_comments", "_message", "_to_json", "first", "last", "size")

    def __init__(self, message: ListActivityResponse, to_json: ToJson) -> None:
        """The message holds one activity at least, and is not changed any more."""
        self._message, self._to_json = message, to_json
        self.first, self.last = message.activities[0].position, message.activities[-1].position
        self.size = message.ByteSize()
        self._all: bytes | None = None
        self._comments: bytes | None = None

    def frame(self, *, comments_only: bool) -> bytes:
        """Return the event's bytes, always the same object; empty when nothing in it is a comment but should be."""
        if comments_only:
            if self._comments is None:
                self._comments = self._encoded(self.first - 1, True, str(self.last))
            return self._comments
        if self._all is None:
            self._all = self._encoded(self.first - 1, False, str(self.last))
        return self._all

    def frame_after(self, position: int, *, comments_only: bool, id_: str = "") -> bytes:
        """Return the lines after a position as an event of one client."""
        if position < self.first and not id_:
            return self.frame(comments_only=comments_only)
        return self._encoded(position, comments_only, id_ or str(self.last))

    def _encoded(self, after: int, comments_only: bool, id_: str) -> bytes:
        message = self._message
        kept = [one for one in message.activities if one.position > after and (not comments_only or _for_viewers(one))]
        if not kept:
            return b""
        if len(kept) < len(message.activities):
            message = ListActivityResponse(activities=kept, watermark=message.watermark)
        return frame("activity", self._to_json(message), id_)


def _for_viewers(activity: Activity) -> bool:
    """Return the comments and replies of the LIVE. Only the host sees those of practice."""
    return activity.kind == COMMENT and not activity.practice
