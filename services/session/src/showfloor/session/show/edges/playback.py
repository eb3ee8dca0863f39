"""Where viewers see the show: public addresses alone."""

from typing import Final
from urllib.parse import urlsplit

from showfloor.api.session.v1 import session_service_pb2 as pb
from showfloor.kernel.refusal import invalid
from showfloor.rpc.addresses import public_https
from showfloor.session.show.domain.session_events import PlaybackKind
from showfloor.session.show.edges.messages import PLAYBACKS

_KINDS: Final[dict[int, PlaybackKind]] = {number: word for word, number in PLAYBACKS.items()}


def playback_of(request: pb.SetPlaybackRequest) -> dict[str, str]:
    """Return the fields of the command. Raises INVALID_FIELD."""
    kind = _KINDS.get(request.kind)
    if kind is None or bool(kind) != bool(request.url):
        raise invalid("kind", "must say how the address is played, and nothing without one")
    url = public_https("url", request.url) if request.url else ""
    if kind == "hls" and not urlsplit(url).path.endswith(".m3u8"):
        raise invalid("url", "must be a playlist, whose path ends in .m3u8")
    poster = public_https("poster_url", request.poster_url) if request.poster_url else ""
    return {"kind": kind, "url": url, "poster_url": poster}
