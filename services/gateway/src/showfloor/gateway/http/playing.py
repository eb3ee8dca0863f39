"""What the viewers' page of one session may load: its stream and picture may lie elsewhere, other pages' may not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from showfloor.gateway.http.headers import content_policy
from showfloor.kernel.refusal import Refusal

PATIENCE: Final = 2.0  # seconds: a page is served while the session service is away, without its stream


class _Playback(msgspec.Struct):
    url: str = ""
    poster_url: str = ""


class _Session(msgspec.Struct):
    playback: _Playback = msgspec.field(default_factory=_Playback)


class _Watched(msgspec.Struct):
    session: _Session = msgspec.field(default_factory=_Session)


async def policy_of(watched: Callable[[str], Awaitable[bytes]], session_id: str) -> str:
    """Return the content security policy of a session's page. `watched`: what anybody may see of it, as JSON."""
    try:
        async with asyncio.timeout(PATIENCE):
            playback = msgspec.json.decode(await watched(session_id), type=_Watched).session.playback
    except (Refusal, TimeoutError):
        return content_policy()
    return content_policy(playback.url, playback.poster_url)
