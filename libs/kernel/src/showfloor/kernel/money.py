"""Money is a whole number of minor units (cents, fen) with an ISO 4217 currency (decision D12)."""

import msgspec


class Money(msgspec.Struct, frozen=True):
    """An amount such as 1999 USD for $19.99. `minor` may be negative; it is never a fraction."""

    minor: int
    currency: str

    def plus(self, other: "Money") -> "Money":
        """Return the sum. Raises ValueError when the currencies differ: sums are never converted."""
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}: sums are per currency")
        return Money(self.minor + other.minor, self.currency)

    def times(self, count: int) -> "Money":
        """Return the amount for `count` of the same."""
        return Money(self.minor * count, self.currency)
