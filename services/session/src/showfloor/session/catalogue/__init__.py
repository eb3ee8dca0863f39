"""Products and sets of a shop."""
