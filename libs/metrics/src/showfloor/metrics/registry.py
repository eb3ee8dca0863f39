"""The registry: every number that Showfloor shows, once. A number without a row here is a defect."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from showfloor.metrics.model import Group, Metric
from showfloor.metrics.rows import ENGAGEMENT, PRODUCTS, SALES, TRAFFIC

METRICS: Final[tuple[Metric, ...]] = SALES + TRAFFIC + ENGAGEMENT + PRODUCTS
REGISTRY: Final[Mapping[str, Metric]] = MappingProxyType({metric.name: metric for metric in METRICS})
GROUPS: Final[tuple[Group, ...]] = ("sales", "traffic", "engagement", "products")

SESSION_METRICS: Final = tuple(m.name for m in METRICS if "session" in m.scopes)
PRODUCT_METRICS: Final = tuple(m.name for m in METRICS if "product" in m.scopes)
LIST_DEFAULT: Final = ("gmv", "direct_gmv", "ctr", "ctor", "units_sold")


def metric(name: str) -> Metric:
    """Return the row of a metric. Raises KeyError for a name that the registry does not hold."""
    return REGISTRY[name]


def operands(names: tuple[str, ...] | list[str]) -> set[str]:
    """Return the counted metrics that `names` need: what a query has to read to compute them."""
    needed: set[str] = set()
    waiting = list(names)
    while waiting:
        row = metric(waiting.pop())
        if row.derived:
            waiting += [row.numerator, row.denominator]
        else:
            needed.add(row.name)
    return needed
