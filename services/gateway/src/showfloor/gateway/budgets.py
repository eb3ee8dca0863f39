"""Budgets: how often something may be done, as settings say it, such as `20/s burst 100`."""

import re
from typing import Annotated, Any, NamedTuple

from pydantic import PlainValidator
from pydantic_settings import NoDecode

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
