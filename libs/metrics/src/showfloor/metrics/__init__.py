"""The one registry of signals and metrics: board, diagnosis, exports, tooltips and docs all read it."""

from showfloor.metrics.compute import (
    Counted,
    compute,
    compute_all,
    difference,
    mean,
    median,
    percentile,
    ratio,
    written,
)
from showfloor.metrics.days import day_start, reporting_day
from showfloor.metrics.model import EXPIRED, NO_DENOMINATOR, NOT_APPLICABLE, NOT_KNOWN, NOT_YET, Metric, Missing, Value
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
    "EXPIRED", "GROUPS", "LIST_DEFAULT", "METRICS", "NOT_APPLICABLE", "NOT_KNOWN", "NOT_YET", "NO_DENOMINATOR",
    "PRODUCT_METRICS", "REGISTRY", "SESSION_METRICS", "Counted", "Metric", "Missing", "Value", "compute", "compute_all",
    "day_start", "difference", "mean", "median", "metric", "operands", "percentile", "ratio", "reporting_day",
    "written",
]  # fmt: skip
