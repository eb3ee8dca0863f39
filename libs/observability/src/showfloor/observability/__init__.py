"""JSON logs, traces and process metrics."""
