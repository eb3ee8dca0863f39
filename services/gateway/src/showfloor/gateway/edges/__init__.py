"""Where events of other services come in."""
