"""What is remembered stays within its bytes and its time."""

from uuid import uuid4

import pytest

from showfloor.access.actor import Actor, ActorKind, Home, Role
from showfloor.access.remembered import Remembered, weight_of
from showfloor.access.tokens import LEEWAY_S, LIFETIME_S, Signer, Verifier


class Clock:
    """Both clocks of a machine; they agree until one is set."""

    def __init__(self) -> None:
        self.elapsed = 1_000.0


@pytest.fixture
def clock():
    return Clock()


def agency(accounts: int) -> Actor:
    """Return a user of so many accounts, each of a shop of its own."""
    ids = [str(uuid4()) for _ in range(accounts)]
    return Actor(
        subject=f"user:{uuid4()}",
        kind=ActorKind.USER,
        accounts=dict.fromkeys(ids, Role.HOST),
        homes={one: Home(shop=str(uuid4()), currency="EUR") for one in ids},
    )


def test_it_never_weighs_more_than_its_bound(clock):
    kept: Remembered[int, Actor] = Remembered(1_000_000, 60, weight_of, lambda: clock.elapsed)
    for key in range(200):
        kept.put(key, agency(50))
        assert kept.bytes <= 1_000_000
    assert 5 < len(kept) < 50
    assert kept.get(199) is not None
    assert kept.get(0) is None


def test_what_was_used_last_stays(clock):
    kept: Remembered[int, Actor] = Remembered(100_000, 60, weight_of, lambda: clock.elapsed)
    kept.put(0, agency(10))
    for key in range(1, 100):
        assert kept.get(0) is not None
        kept.put(key, agency(10))
    assert kept.get(1) is None


def test_what_is_too_heavy_is_not_kept_and_drives_nothing_out(clock):
    kept: Remembered[int, Actor] = Remembered(100_000, 60, weight_of, lambda: clock.elapsed)
    kept.put(1, agency(1))
    kept.put(2, agency(450))
    assert kept.get(2) is None
    assert kept.get(1) is not None


def test_it_forgets_with_time(clock):
    kept: Remembered[int, Actor] = Remembered(100_000, 60, weight_of, lambda: clock.elapsed)
    kept.put(1, agency(1))
    clock.elapsed += 59
    assert kept.get(1) is not None
    clock.elapsed += 2
    assert kept.get(1) is None
    assert kept.bytes == 0


def test_verified_tokens_of_many_agencies_take_bounded_memory(tmp_path, clock):
    signer = Signer(tmp_path / "key.json")
    verifier = Verifier(signer.jwks, elapsed=lambda: clock.elapsed)
    for _ in range(130):
        verifier.verify(signer.sign(agency(300)))
    assert verifier._known.bytes <= 16 * 1024 * 1024
    assert len(verifier._known) < 130
    clock.elapsed += LIFETIME_S + LEEWAY_S + 1
    verifier.verify(signer.sign(agency(1)))
    assert len(verifier._known) == 1
