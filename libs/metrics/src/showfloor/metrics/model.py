"""Types of the registry: a metric, and a value of one."""

from typing import Literal

import msgspec

Group = Literal["sales", "traffic", "engagement", "products"]
Unit = Literal["money", "count", "rate", "seconds"]
Missing = Literal["", "no_denominator", "not_yet", "not_known", "expired", "not_applicable"]
Kind = Literal["sum", "unique", "peak", "level", "ratio", "difference"]
Scope = Literal["session", "product"]


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One row: everything that a screen, an export or a peer comparison may say about a number.

    `numerator` and `denominator` name other metrics (ratio: numerator x scale / denominator; difference:
    numerator - denominator); both are empty for a number that is counted. `version` rises when the meaning
    changes.
    """

    name: str
    group: Group
    title: str
    definition: str
    formula: str
    unit: Unit
    kind: Kind = "sum"
    numerator: str = ""
    denominator: str = ""
    scale: int = 1
    scopes: tuple[Scope, ...] = ("session",)
    version: int = 1

    @property
    def additive(self) -> bool:
        """True when the values of two disjoint intervals may simply be added."""
        return self.kind == "sum"

    @property
    def derived(self) -> bool:
        """True when the number follows from two others."""
        return self.kind in ("ratio", "difference")


class Value(msgspec.Struct, frozen=True):
    """A number or the reason why there is none. Missing is not zero (decision D14)."""

    value: float | None
    missing: Missing = ""

    @property
    def known(self) -> bool:
        """True when there is a number."""
        return self.value is not None


NOT_YET = Value(None, "not_yet")
NOT_KNOWN = Value(None, "not_known")
NO_DENOMINATOR = Value(None, "no_denominator")
EXPIRED = Value(None, "expired")
NOT_APPLICABLE = Value(None, "not_applicable")
