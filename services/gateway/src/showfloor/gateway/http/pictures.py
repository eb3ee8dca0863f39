"""Files of answers that never change, such as pictures: sent as they are, to be kept for good by whoever gets them."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from cachetools import LRUCache
from google.protobuf.message import Message
from starlette.responses import Response

KEPT_BYTES: Final = 32 * 2**20
FOR_GOOD: Final = "public, max-age=31536000, immutable"


class Pictures:
    """The files that were asked for last: many buyers ask for the same ones."""

    def __init__(self) -> None:
        self._kept: LRUCache[bytes, bytes] = LRUCache(KEPT_BYTES, getsizeof=len)

    async def answer(self, media: str, message: Message, ask: Callable[[], Awaitable[Any]]) -> Response:
        """Return the file that a request asks for, from memory if it is there. Raises what `ask` raises."""
        key = message.SerializeToString(deterministic=True)
        content = self._kept.get(key)
        if content is None:
            content = bytes((await ask()).content)
            if len(content) < KEPT_BYTES:
                self._kept[key] = content
        return Response(content, media_type=media, headers={"Cache-Control": FOR_GOOD})
