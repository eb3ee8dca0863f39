"""Where viewers see the show: what is kept, and which addresses are let in."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from showfloor.api.session.v1 import session_pb2, session_service_pb2
from showfloor.kernel.refusal import Refusal
from showfloor.session.show.domain.session import SESSION
from showfloor.session.show.domain.session_events import PlaybackSet, SessionEnded, SessionOpened, WentLive
from showfloor.session.show.domain.session_rules import SetPlayback, set_playback
from showfloor.session.show.edges.playback import playback_of
from showfloor.testing.scenario import given

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
ABOUT: Any = {"session_id": UUID(int=1), "account_id": UUID(int=2), "shop_id": UUID(int=3), "currency": "USD"}
OPENED = SessionOpened(at=T0, title="Mugs", source="live", **ABOUT)
LIVE = WentLive(at=T0, title="Mugs", source="live", **ABOUT)
ENDED = SessionEnded(at=T0, title="Mugs", source="live", started_at=T0, recorded_at=T0, **ABOUT)
URL = "https://cdn.example.com/a/show.m3u8?token=1"


def asked(url: str = URL, poster: str = "", kind: Any = "hls") -> SetPlayback:
    return SetPlayback(session_id=UUID(int=1), now=T0, kind=kind if url else "", url=url, poster_url=poster)


def read(url: str = URL, poster: str = "", kind: int = session_pb2.PLAYBACK_KIND_HLS) -> dict[str, str]:
    return playback_of(session_service_pb2.SetPlaybackRequest(kind=kind, url=url, poster_url=poster))


def test_it_is_set_before_and_on_air_and_taken_away() -> None:
    kept = PlaybackSet(at=T0, kind="hls", url=URL, poster_url="", **ABOUT)
    given(SESSION, OPENED).when(set_playback, asked()).then(kept)
    given(SESSION, OPENED, LIVE).when(set_playback, asked()).then(kept)
    given(SESSION, OPENED, kept).when(set_playback, asked()).then()
    gone = PlaybackSet(at=T0, kind="", url="", poster_url="", **ABOUT)
    given(SESSION, OPENED, kept).when(set_playback, asked("")).then(gone)
    given(SESSION, OPENED, LIVE, ENDED).when(set_playback, asked()).refused("SESSION_ENDED")


def test_public_addresses_are_taken() -> None:
    assert read() == {"kind": "hls", "url": URL, "poster_url": ""}
    assert read("", "https://img.example.com:8443/p.jpg", 0)["poster_url"] == "https://img.example.com:8443/p.jpg"
    whep = session_pb2.PLAYBACK_KIND_WHEP
    for url in ("https://media.example.com/whep/1", "https://8.8.8.8/whep", "https://[2606:4700::1111]/whep"):
        assert read(url, kind=whep)["url"] == url


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.example.com/a.m3u8", "https://me:secret@cdn.example.com/a.m3u8", "https://me@cdn.example.com/a.m3u8",
        "https://127.0.0.1/a.m3u8", "https://10.1.2.3/a.m3u8", "https://192.168.1.1:8443/a.m3u8", "https://[::1]/a.m3u8",
        "https://[fd00::1]/a.m3u8", "https://[::ffff:10.0.0.1]/a.m3u8", "https://169.254.169.254/a.m3u8",
        "https://2130706433/a.m3u8", "https://0x7f.1/a.m3u8", "https://127.1/a.m3u8", "https://localhost/a.m3u8",
        "https://nas.local/a.m3u8", "https://intranet/a.m3u8", "https://a.example.com;script-src/a.m3u8",
        "https://a.example.com,b.example.com/a.m3u8", "https://*.example.com/a.m3u8", "https://cdn.example.com/a.mp4",
        "https://cdn.example.com:0/a.m3u8", "https://cdn.example.com:99999/a.m3u8", "https://cdn.example.com/a.m3u8#x",
        "https://10.0.0.1\\@cdn.example.com/a.m3u8", "https://cdn.example.com/" + 2_000 * "a" + ".m3u8",
        "https://\u5948.example/a.m3u8", "https://cdn.example.com./a.m3u8",
    ],
)  # fmt: skip
def test_no_other_address_is_let_in(url: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(url)
    assert (refused.value.reason, refused.value.metadata["field"]) == ("INVALID_FIELD", "url")


def test_kind_and_address_belong_together() -> None:
    for url, kind in ((URL, 0), ("", 1), (URL, 9)):
        with pytest.raises(Refusal) as refused:
            read(url, kind=kind)
        assert refused.value.metadata["field"] == "kind"
