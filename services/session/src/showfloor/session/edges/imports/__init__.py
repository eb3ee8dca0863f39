"""Imports of files: read, checked as a whole, then kept as a whole. `runner` is the way in."""
