"""A LIVE session: its life, bag, pins and replay."""
