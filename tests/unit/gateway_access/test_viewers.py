"""Viewers' tokens: good for one session, for a day, and for nothing else."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest

from showfloor.access.actor import ActorKind
from showfloor.access.tokens import Signer, Verifier
from showfloor.gateway.access.viewers import LIFETIME_S, Passes, Traits, is_pass
from showfloor.kernel.refusal import Refusal, RefusalKind


@pytest.fixture
def now() -> list[float]:
    return [1_750_000_000.0]


@pytest.fixture
def passes(tmp_path: Path, now: list[float]) -> Passes:
    return Passes(tmp_path / "watch.key", lambda: now[0])


def test_a_token_names_one_session_and_one_pseudonym(passes: Passes, tmp_path: Path) -> None:
    token, seat = passes.issue("s1", "Ana", "feed", Traits(region="north"))
    read = Passes(tmp_path / "watch.key", lambda: 1_750_000_001.0).read(token)  # another replica, the same key
    assert (read, is_pass(token)) == (seat, True)
    actor = read.actor()
    assert actor.kind is ActorKind.VIEWER and actor.viewer is not None
    assert (actor.viewer.session_id, actor.viewer.viewer_ref) == ("s1", seat.viewer_ref)
    assert (tmp_path / "watch.key").stat().st_mode & 0o777 == 0o600


def test_it_runs_out_after_a_day(passes: Passes, now: list[float]) -> None:
    token, _ = passes.issue("s1", "", "", Traits())
    now[0] += LIFETIME_S - 1
    passes.read(token)
    now[0] += 1
    with pytest.raises(Refusal):
        passes.read(token)


def test_no_other_token_is_a_viewers_and_a_viewers_is_no_other(passes: Passes, tmp_path: Path) -> None:
    signer = Signer(tmp_path / "signing.jwks")
    token, seat = passes.issue("s1", "", "", Traits())
    other = Passes(tmp_path / "other.key").issue("s1", "", "", Traits())[0]
    for bad in (signer.sign(seat.actor()), other, token[:-4] + "AAAA", "a.b.c", "", "x" * 5_000):
        with pytest.raises(Refusal) as caught:
            passes.read(bad)
        assert caught.value.kind is RefusalKind.UNAUTHENTICATED
    with pytest.raises(Refusal):
        Verifier(signer.jwks).verify(token)


@pytest.mark.parametrize("header", [{"crit": 5}, {"crit": ["x"]}, {"alg": []}, [], 1, {"alg": "HS256", "crit": 5}])
def test_an_odd_header_is_refused_like_any_bad_token(passes: Passes, header: Any) -> None:
    first = {"alg": "HS256", "kid": "watch", **header} if isinstance(header, dict) else header
    token = ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (first, {}, {}))
    is_pass(token)
    with pytest.raises(Refusal) as refused:
        passes.read(token)
    assert refused.value.kind is RefusalKind.UNAUTHENTICATED
