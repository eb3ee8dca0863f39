"""Money is a whole number of minor units (cents, fen) with an ISO 4217 currency (decision D12)."""

import msgspec


class Money(msgspec.Struct, frozen=True):
    """An amount such as 1999 USD for $19.99. `minor` may be negative; it is never a fraction."""

    minor: int
    currency: str
