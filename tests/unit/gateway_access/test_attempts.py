"""How often somebody may guess, on a clock of the test's own."""

import pytest

from showfloor.gateway.access.attempts import PER_PAIR, PER_PLACE, WINDOW_S, Attempts
from showfloor.kernel.refusal import Refusal


def test_a_pair_is_locked_until_its_oldest_failure_is_past() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(PER_PAIR):
        attempts.admit("ana", "here")
    with pytest.raises(Refusal) as caught:
        attempts.admit("ana", "here")
    assert caught.value.metadata == {"retry_after_s": str(int(WINDOW_S) + 1)}
    attempts.admit("ana", "elsewhere")
    attempts.admit("ben", "here")
    now[0] = WINDOW_S
    attempts.admit("ana", "here")


def test_success_forgives() -> None:
    attempts = Attempts(lambda: 0.0)
    for _ in range(10 * PER_PLACE):
        attempts.admit("ana", "here")
        attempts.forgive("ana", "here")


def test_a_place_that_tries_many_addresses_is_locked() -> None:
    attempts = Attempts(lambda: 0.0)
    for number in range(PER_PLACE):
        attempts.admit(f"user{number}", "here")
    with pytest.raises(Refusal):
        attempts.admit("another", "here")
