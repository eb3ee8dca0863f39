"""A clock that is set, or a laptop that wakes, costs nobody their sign-in."""

from pathlib import Path
from typing import Any

import pytest

from showfloor.access.actor import Actor, ActorKind
from showfloor.access.instant import Instant
from showfloor.access.membership.relations import Nobody
from showfloor.access.tokens import Signer, Verifier
from showfloor.gateway.access.callers import Callers

ACTOR = Actor(subject="user:1", kind=ActorKind.USER)


class Machine:
    """A machine's two clocks."""

    def __init__(self) -> None:
        self.instant = Instant(elapsed=500.0, wall=1_800_000_000.0)

    def now(self) -> Instant:
        return self.instant

    def wall(self) -> float:
        return self.instant.wall

    def passes(self, seconds: float) -> None:
        self.instant = Instant(self.instant.elapsed + seconds, self.instant.wall + seconds)

    def set_by(self, seconds: float) -> None:
        self.instant = Instant(self.instant.elapsed, self.instant.wall + seconds)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def both(tmp_path: Path, machine: Machine) -> tuple[Callers, Verifier]:
    """The gateway's callers, and a service that verifies their tokens, on one machine."""
    signer = Signer(tmp_path / "key.json", machine.wall)
    nobody: Any = None
    callers = Callers(nobody, nobody, Nobody(), signer, nobody, operator_key="", now=machine.now)
    return callers, Verifier(signer.jwks, machine.wall, lambda: machine.instant.elapsed)


@pytest.mark.parametrize("step", [-86_400, -3_600, -120, -60, -7, -3, 0, 3, 7, 31, 60, 66, 120, 3_600, 86_400])
def test_a_step_of_the_clock_refuses_nobody(both: tuple[Callers, Verifier], machine: Machine, step: float) -> None:
    callers, verifier = both
    assert verifier.verify(callers.internal_token(ACTOR)) == ACTOR
    machine.passes(10)
    machine.set_by(step)
    for _ in range(40):
        assert verifier.verify(callers.internal_token(ACTOR)) == ACTOR
        machine.passes(1)


def test_small_steps_that_add_up_refuse_nobody(both: tuple[Callers, Verifier], machine: Machine) -> None:
    callers, verifier = both
    for _ in range(100):
        assert verifier.verify(callers.internal_token(ACTOR)) == ACTOR
        machine.passes(1)
        machine.set_by(-2)


def test_a_token_is_used_again_while_nobody_sets_the_clock(both: tuple[Callers, Verifier], machine: Machine) -> None:
    callers, _ = both
    first = callers.internal_token(ACTOR)
    machine.passes(29)
    assert callers.internal_token(ACTOR) is first
    machine.passes(2)
    assert callers.internal_token(ACTOR) != first


def test_keys_are_read_again_after_the_clock_was_set_back(tmp_path: Path, machine: Machine) -> None:
    signer = Signer(tmp_path / "key.json", machine.wall)
    verifier = Verifier(signer.jwks, machine.wall, lambda: machine.instant.elapsed)
    assert verifier.verify(signer.sign(ACTOR)) == ACTOR
    machine.set_by(-3_600)
    machine.passes(2)
    signer.rotate()
    assert verifier.verify(signer.sign(ACTOR)) == ACTOR
