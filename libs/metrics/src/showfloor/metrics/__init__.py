"""The one registry of signals and metrics."""
