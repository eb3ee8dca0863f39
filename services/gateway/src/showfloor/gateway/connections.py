"""What one connection may take, and a viewer's stream on it: numbers that settings may change."""

from dataclasses import dataclass
from typing import Final

BEAT_S: Final = 20.0  # between two signs of life of a stream


@dataclass(frozen=True)
class Patience:
    """How many connections, and how many seconds for what."""

    connections: int = 6_000
    head: float = 10.0  # for a whole head, or for the first byte
    body: float = 60.0  # for a whole body
    idle: int = 30  # between an answer and the next request
    taking: float = 60.0  # without a byte of an answer being taken while more than uvloop will hold is waiting
    rest: float = 2.0  # for what was on its way of a body that is answered: ended at once, the answer might be lost


PATIENCE = Patience()
