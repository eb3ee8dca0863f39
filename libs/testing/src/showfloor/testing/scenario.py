"""given / when / then for deciders: `given(decider, events).when(rule, command).then(events or refusal)`."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.refusal import Refusal

S = TypeVar("S")
F = TypeVar("F")


class Given(Generic[S]):
    """A stream with a history. `state` is what follows from it."""

    def __init__(self, decider: Decider[S], events: Sequence[Event]) -> None:
        self.state = decider.initial()
        for event in events:
            self.state = decider.evolve(self.state, event)

    def when(self, rule: Callable[[S, F], Sequence[Event]], command: F) -> "Then":
        """Apply a rule to the state."""
        try:
            return Then(list(rule(self.state, command)), None)
        except Refusal as refusal:
            return Then([], refusal)


class Then:
    """What a rule answered."""

    def __init__(self, events: list[Event], refusal: Refusal | None) -> None:
        self.events = events
        self.refusal = refusal

    def then(self, *expected: Event) -> None:
        """Assert the very events, in order; none: the rule changed nothing."""
        assert self.refusal is None, f"refused: {self.refusal!r}"
        assert self.events == list(expected)

    def refused(self, reason: str) -> Refusal:
        """Assert a refusal with this reason and return it."""
        assert self.refusal is not None, f"not refused: {self.events}"
        assert self.refusal.reason == reason, repr(self.refusal)
        return self.refusal


def given(decider: Decider[S], *events: Event) -> Given[S]:
    """Start a scenario from the events that have happened."""
    return Given(decider, events)
