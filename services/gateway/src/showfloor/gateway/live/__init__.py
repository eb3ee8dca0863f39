"""Frames from ticks to browsers: one subscription per session, one encoding per tick, one SSE stream per client."""
