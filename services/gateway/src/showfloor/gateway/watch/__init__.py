"""Viewers: list LIVEs, join, leave, click, like; their signals travel in columnar batches."""
