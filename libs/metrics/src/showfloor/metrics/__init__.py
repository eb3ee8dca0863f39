"""The one registry of signals and metrics: board, diagnosis, exports, tooltips and docs all read it."""

from showfloor.metrics.compute import Counted, compute, compute_all, difference, mean, median, percentile, ratio
from showfloor.metrics.model import NO_DENOMINATOR, NOT_KNOWN, NOT_YET, Metric, Missing, Value
from showfloor.metrics.registry import (
    GROUPS,
    LIST_DEFAULT,
    METRICS,
    PRODUCT_METRICS,
    REGISTRY,
    SESSION_METRICS,
    metric,
    operands,
)

__all__ = [
    "GROUPS", "LIST_DEFAULT", "METRICS", "NOT_KNOWN", "NOT_YET", "NO_DENOMINATOR", "PRODUCT_METRICS", "REGISTRY",
    "SESSION_METRICS", "Counted", "Metric", "Missing", "Value", "compute", "compute_all", "difference", "mean",
    "median", "metric", "operands", "percentile", "ratio",
]  # fmt: skip
