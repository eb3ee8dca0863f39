"""The one registry of signals and metrics: board, diagnosis, exports, tooltips and docs all read it."""
