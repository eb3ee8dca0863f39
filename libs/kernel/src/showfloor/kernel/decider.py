"""Deciders: how the state of a kind of stream follows from its events. Rules are plain functions beside them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from showfloor.kernel.event import Event

S = TypeVar("S")
F = TypeVar("F")

Rule = Callable[[S, F], list[Event]]
"""(state, command) -> events. Already so: []. Not allowed: raises Refusal. Pure: no clock, no ids, no I/O."""


@dataclass(frozen=True)
class Decider(Generic[S]):
    """One kind of stream.

    `state_type` is a frozen msgspec Struct, so that a state can be cached, shared between threads and
    snapshotted. `evolve` must accept every event in `events` and never refuse: the past is the past.
    """

    name: str
    state_type: type[S]
    initial: Callable[[], S]
    evolve: Callable[[S, Event], S]
    events: tuple[type[Event], ...]
