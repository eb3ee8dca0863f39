"""Addresses that viewers' browsers load from: public ones alone, so that no page reaches into anybody's own network."""

import re
from contextlib import suppress
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from showfloor.api.session.v1 import session_service_pb2 as pb
from showfloor.kernel.refusal import Refusal, invalid
from showfloor.rpc import checks
from showfloor.session.show.domain.session_events import PlaybackKind
from showfloor.session.show.edges.messages import PLAYBACKS

_NAME: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE)
_LOCAL: Final = (".localhost", ".local", ".internal", ".lan", ".home", ".arpa")
_KINDS: Final[dict[int, PlaybackKind]] = {number: word for word, number in PLAYBACKS.items()}


def playback_of(request: pb.SetPlaybackRequest) -> dict[str, str]:
    """Return the fields of the command. Raises INVALID_FIELD."""
    kind = _KINDS.get(request.kind)
    if kind is None or bool(kind) != bool(request.url):
        raise invalid("kind", "must say how the address is played, and nothing without one")
    url = _public("url", request.url) if request.url else ""
    if kind == "hls" and not urlsplit(url).path.endswith(".m3u8"):
        raise invalid("url", "must be a playlist, whose path ends in .m3u8")
    poster = _public("poster_url", request.poster_url) if request.poster_url else ""
    return {"kind": kind, "url": url, "poster_url": poster}


def _public(field: str, value: str) -> str:
    checks.https(field, value)
    problem = invalid(field, "must be a public https:// address without user name, password or fragment")
    if "\\" in value:
        raise problem
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise problem from None
    if parts.username is not None or parts.password is not None or parts.fragment or port == 0:
        raise problem
    _check_host(parts, problem)
    return value


def _check_host(parts: SplitResult, problem: Refusal) -> None:
    """Refuse a host that is no public one. A name that only looks like a number is an address to browsers."""
    host = (parts.hostname or "").rstrip(".")
    with suppress(ValueError):
        if ip_address(host).is_global:
            return
        raise problem
    last = host.rpartition(".")[2]
    number = last.isdigit() or last.startswith("0x")
    if number or not _NAME.fullmatch(host) or host.endswith(_LOCAL) or parts.hostname != host:
        raise problem
