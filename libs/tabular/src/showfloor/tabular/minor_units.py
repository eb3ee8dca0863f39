"""How many decimals a currency has. The one place that an amount in a file asks."""


def decimals_of(currency: str) -> int:
    """Return the number of decimals of a currency's smallest unit."""
    return 2
