"""Types of settings that limit something: budgets, such as `20/s burst 100`, and what one connection may take."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final, NamedTuple

from pydantic import PlainValidator
from pydantic_settings import NoDecode

BEAT_S: Final = 20.0  # between two signs of life of a stream


@dataclass(frozen=True)
class ConnectionLimits:
    """How many connections, and how many seconds for what."""

    connections: int = 6_000
    head: float = 10.0  # for a whole head, or for the first byte
    body: float = 60.0  # for a whole body
    idle: int = 30  # between an answer and the next request
    taking: float = 60.0  # without a byte of an answer being taken while more than uvloop will hold is waiting
    rest: float = 2.0  # for what was on its way of a body that is answered: ended at once, the answer might be lost


CONNECTION_LIMITS = ConnectionLimits()
_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}
_TEXT = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)(?:/(s|min|h))?(?: burst (\d{1,9}))?")


class Budget(NamedTuple):
    """`rate` times a second for long, `burst` times at once."""

    rate: float
    burst: float


def parse(value: Any) -> Budget:
    """Return a budget: a number is a rate a second; without a burst, twice the number. Raises ValueError."""
    if isinstance(value, Budget):
        return value
    found = _TEXT.fullmatch(str(value).strip())
    if not found:
        raise ValueError("must be like 20/s, 60/min or 100/h, and may end with `burst 50`")
    number = float(found[1])
    budget = Budget(number / _SECONDS[found[2] or "s"], float(found[3] or max(1.0, number * 2)))
    if budget.rate <= 0 or budget.burst < 1:
        raise ValueError("must let something through: a rate above 0 and a burst of at least 1")
    return budget


Rate = Annotated[Budget, NoDecode, PlainValidator(parse)]
"""A setting that is a budget."""
