"""Process metrics for Prometheus. Business metrics live in `showfloor.metrics`."""

from collections.abc import Sequence
from typing import TypeVar

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4  # of what `exposition` returns
PREFIX = "showfloor_"
LATENCY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds

M = TypeVar("M", Counter, Gauge, Histogram)


def counter(name: str, doc: str, labels: Sequence[str] = ()) -> Counter:
    """Return the counter `showfloor_<name>`; asking again returns the same one."""
    return _registered(Counter, name) or Counter(PREFIX + name, doc, labels)


def gauge(name: str, doc: str, labels: Sequence[str] = ()) -> Gauge:
    """Return the gauge `showfloor_<name>`; asking again returns the same one."""
    return _registered(Gauge, name) or Gauge(PREFIX + name, doc, labels)


def histogram(name: str, doc: str, labels: Sequence[str] = (), buckets: Sequence[float] = LATENCY_BUCKETS) -> Histogram:
    """Return the histogram `showfloor_<name>`, by default of seconds; asking again returns the same one."""
    return _registered(Histogram, name) or Histogram(PREFIX + name, doc, labels, buckets=buckets)


def exposition(registry: CollectorRegistry = REGISTRY) -> bytes:
    """Return every metric of this process in the Prometheus text format."""
    return generate_latest(registry)


def _registered(kind: type[M], name: str) -> M | None:
    """Find an earlier one: two servers of one process may count under one name. Raises if kinds differ."""
    found = REGISTRY._names_to_collectors.get(PREFIX + name)
    if found is None:
        return None
    if not isinstance(found, kind):
        raise ValueError(f"metric {PREFIX + name} is already a {type(found).__name__}")
    return found
