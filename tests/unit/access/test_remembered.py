"""What is remembered stays within its bytes and its time."""

import pytest

from showfloor.access.actor import Actor, ActorKind
from showfloor.access.remembered import Remembered
from showfloor.access.tokens import LEEWAY_S, LIFETIME_S, Signer, Verifier


class Clock:
    """Both clocks of a machine; they agree until one is set."""

    def __init__(self) -> None:
        self.elapsed = 1_000.0


@pytest.fixture
def clock():
    return Clock()


def weight_of(text: str) -> int:
    return len(text)


def test_it_never_weighs_more_than_its_bound(clock):
    kept: Remembered[int, str] = Remembered(1_000_000, 60, weight_of, lambda: clock.elapsed)
    for key in range(200):
        kept.put(key, "x" * 15_000)
        assert kept.bytes <= 1_000_000
    assert 50 < len(kept) < 70
    assert kept.get(199) is not None
    assert kept.get(0) is None


def test_what_was_used_last_stays(clock):
    kept: Remembered[int, str] = Remembered(100_000, 60, weight_of, lambda: clock.elapsed)
    kept.put(0, "x" * 3_000)
    for key in range(1, 100):
        assert kept.get(0) is not None
        kept.put(key, "x" * 3_000)
    assert kept.get(1) is None


def test_what_is_too_heavy_is_not_kept_and_drives_nothing_out(clock):
    kept: Remembered[int, str] = Remembered(100_000, 60, weight_of, lambda: clock.elapsed)
    kept.put(1, "x" * 300)
    kept.put(2, "x" * 135_000)
    assert kept.get(2) is None
    assert kept.get(1) is not None


def test_it_forgets_with_time(clock):
    kept: Remembered[int, str] = Remembered(100_000, 60, weight_of, lambda: clock.elapsed)
    kept.put(1, "x" * 300)
    clock.elapsed += 59
    assert kept.get(1) is not None
    clock.elapsed += 2
    assert kept.get(1) is None
    assert kept.bytes == 0


def test_verified_tokens_are_forgotten_once_they_have_expired(tmp_path, clock):
    signer = Signer(tmp_path / "key.json")
    verifier = Verifier(signer.jwks, elapsed=lambda: clock.elapsed)
    for number in range(130):
        verifier.verify(signer.sign(Actor(subject=f"user:{number}", kind=ActorKind.USER)))
    assert len(verifier._known) == 130
    clock.elapsed += LIFETIME_S + LEEWAY_S + 1
    verifier.verify(signer.sign(Actor(subject="user:1", kind=ActorKind.USER)))
    assert len(verifier._known) == 1
