"""When the account's own LIVEs have done best, by weekday and hour."""
