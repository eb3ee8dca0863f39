"""JSON logs, one line per entry on stderr, with trace ids and without anything secret or personal."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from datetime import datetime
from pathlib import PurePath
from typing import Any, cast
from uuid import UUID

import structlog
from opentelemetry import trace
from structlog.typing import Processor

HIDDEN_KEYS = ("token", "authorization", "password", "secret", "cookie", "contact", "display_name")
"""A value whose key contains one of these words is never written, at any depth."""

_REDACTED = "[redacted]"
_MAX_DEPTH = 6


def configure(service: str, level: str = "INFO", json: bool = True) -> None:
    """Send every log of this process, the standard library's too, to stderr.

    `level` is a name such as "INFO". `json=False` prints for people at a terminal. May be called again.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        lambda _logger, _method, entry: {**entry, "service": service},
        add_trace_ids,
        structlog.processors.format_exc_info,  # a plain traceback: local values may be secret
        redact,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: Processor = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(number)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module. Say what happened in a few words, put values in keywords."""
    return cast(structlog.stdlib.BoundLogger, structlog.get_logger(name))


def redact(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the value of every key that may hold a secret or a person (a structlog processor)."""
    for key, value in entry.items():
        if not key.startswith("_") and key != "exc_info":  # the library's own: never printed as they are
            entry[key] = _REDACTED if _hidden(key) else _clean(value, _MAX_DEPTH)
    return entry


def add_trace_ids(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Name the current span, so that a log line leads to its trace (a structlog processor)."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        entry["trace_id"] = trace.format_trace_id(context.trace_id)
        entry["span_id"] = trace.format_span_id(context.span_id)
    return entry


def _hidden(key: object) -> bool:
    folded = str(key).casefold().replace("-", "_")
    return any(word in folded for word in HIDDEN_KEYS)


def _clean(value: Any, depth: int) -> Any:
    """Keep plain values. Anything else shows its type alone: a message or an actor would tell too much."""
    if value is None or isinstance(value, str | int | float):
        return value
    if depth and isinstance(value, Mapping):
        return {str(k): _REDACTED if _hidden(k) else _clean(v, depth - 1) for k, v in value.items()}
    if depth and isinstance(value, list | tuple | set | frozenset):
        return [_clean(item, depth - 1) for item in value]
    return str(value) if isinstance(value, UUID | datetime | PurePath) else f"<{type(value).__name__}>"
