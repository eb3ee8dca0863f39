"""Viewers' tokens: good for one session, for a day, and for nothing else."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest

from showfloor.access.actor import ActorKind
from showfloor.access.tokens import Signer, Verifier
from showfloor.gateway.access.viewers import KNOWN_AGAIN_S, LIFETIME_S, Traits, ViewerTokens, is_viewer_token
from showfloor.kernel.refusal import Refusal, RefusalKind


@pytest.fixture
def now() -> list[float]:
    return [1_750_000_000.0]


@pytest.fixture
def tokens(tmp_path: Path, now: list[float]) -> ViewerTokens:
    return ViewerTokens(tmp_path / "watch.key", lambda: now[0])


def test_a_token_names_one_session_and_one_pseudonym(tokens: ViewerTokens, tmp_path: Path) -> None:
    token, viewer = tokens.issue("s1", "Ana", "feed", Traits(region="north"))
    read = ViewerTokens(tmp_path / "watch.key", lambda: 1_750_000_001.0).read(token)  # another replica, the same key
    assert (read, is_viewer_token(token)) == (viewer, True)
    actor = read.actor()
    assert actor.kind is ActorKind.VIEWER and actor.viewer is not None
    assert (actor.viewer.session_id, actor.viewer.viewer_ref) == ("s1", viewer.viewer_ref)
    assert (tmp_path / "watch.key").stat().st_mode & 0o777 == 0o600


def test_it_runs_out_after_a_day(tokens: ViewerTokens, now: list[float]) -> None:
    token, _ = tokens.issue("s1", "", "", Traits())
    now[0] += LIFETIME_S - 1
    tokens.read(token)
    now[0] += 1
    with pytest.raises(Refusal):
        tokens.read(token)


def test_no_other_token_is_a_viewers_and_a_viewers_is_no_other(tokens: ViewerTokens, tmp_path: Path) -> None:
    signer = Signer(tmp_path / "signing.jwks")
    token, viewer = tokens.issue("s1", "", "", Traits())
    other = ViewerTokens(tmp_path / "other.key").issue("s1", "", "", Traits())[0]
    for bad in (signer.sign(viewer.actor()), other, token[:-4] + "AAAA", "a.b.c", "", "x" * 5_000):
        with pytest.raises(Refusal) as caught:
            tokens.read(bad)
        assert caught.value.kind is RefusalKind.UNAUTHENTICATED
    with pytest.raises(Refusal):
        Verifier(signer.jwks).verify(token)


@pytest.mark.parametrize("header", [{"crit": 5}, {"crit": ["x"]}, {"alg": []}, [], 1, {"alg": "HS256", "crit": 5}])
def test_an_odd_header_is_refused_like_any_bad_token(tokens: ViewerTokens, header: Any) -> None:
    first = {"alg": "HS256", "kid": "watch", **header} if isinstance(header, dict) else header
    token = ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (first, {}, {}))
    is_viewer_token(token)
    with pytest.raises(Refusal) as refused:
        tokens.read(token)
    assert refused.value.kind is RefusalKind.UNAUTHENTICATED


def test_a_returning_viewer_is_the_same_for_one_account_only(tokens: ViewerTokens, tmp_path: Path) -> None:
    token, viewer = tokens.issue("s1", "Ana", "feed", Traits(), account_id="a1")
    again = ViewerTokens(tmp_path / "watch.key", lambda: 1_750_000_001.0)  # after a restart, or on another replica
    assert again.earlier(token, "a1") == viewer
    assert again.earlier(token, "a2") is None  # a pseudonym follows nobody to another account
    assert again.earlier(token, "") is None
    back, next_viewer = again.issue(
        "s2", "Anna", "search", Traits(), account_id="a1", before=again.earlier(token, "a1")
    )
    assert (next_viewer.viewer_ref, next_viewer.session_id) == (viewer.viewer_ref, "s2")
    assert (next_viewer.display_name, next_viewer.channel) == ("Anna", "search")
    assert back != token and tokens.read(back) == next_viewer


def test_in_one_live_the_first_channel_and_traits_stand(tokens: ViewerTokens) -> None:
    _, first = tokens.issue("s1", "Ana", "feed", Traits(gender="female"), account_id="a1")
    _, again = tokens.issue("s1", "Bo", "search", Traits(gender="male"), account_id="a1", before=first)
    assert (again.channel, again.traits, again.display_name) == ("feed", Traits(gender="female"), "Bo")
    _, bare = tokens.issue("s1", "", "", Traits(), account_id="a1")
    _, told = tokens.issue("s1", "", "search", Traits(region="DE"), account_id="a1", before=bare)
    assert (told.channel, told.traits) == ("search", Traits(region="DE"))


def test_an_ended_token_opens_nothing_but_is_known_13_months(tokens: ViewerTokens, now: list[float]) -> None:
    token, viewer = tokens.issue("s1", "", "", Traits(), account_id="a1")
    now[0] += LIFETIME_S + KNOWN_AGAIN_S - 1
    with pytest.raises(Refusal):
        tokens.read(token)
    assert tokens.earlier(token, "a1") == viewer
    now[0] += 1
    assert tokens.earlier(token, "a1") is None


def test_what_proves_nothing_is_nobody_s_earlier_token(tokens: ViewerTokens, tmp_path: Path) -> None:
    token, viewer = tokens.issue("s1", "", "", Traits(), account_id="a1")
    other = ViewerTokens(tmp_path / "other.key").issue("s1", "", "", Traits(), account_id="a1")[0]
    looks_on = tokens.issue("s1", "", "", Traits(), account_id="a1", looks_on=True)[0]
    internal = Signer(tmp_path / "signing.jwks").sign(viewer.actor())
    for bad in (other, looks_on, internal, token[:-4] + "AAAA", "a.b.c", "", "x" * 5_000, "\ud800"):
        assert tokens.earlier(bad, "a1") is None
