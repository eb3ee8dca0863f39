"""Money on the wire: every amount says how many decimals its currency has."""

from showfloor.api.common.v1.common_pb2 import Money
from showfloor.kernel.currencies import EXPONENTS


def money_message(minor: int, currency: str) -> Money:
    """Return an amount of minor units. Raises KeyError for a currency that is not in EXPONENTS."""
    return Money(minor=minor, currency=currency, exponent=EXPONENTS[currency])
