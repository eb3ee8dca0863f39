"""A batch of signals as numpy columns, checked as whole columns."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from showfloor.kernel.refusal import invalid
from showfloor.metrics.vocabulary import CHANNELS, KINDS, TRAITS, Kind

MAX_OFFSET_MS: Final = 3_600_000
MINUTE_MS: Final = 60_000
# The bytes that a one-byte column may hold: what is left without them is refused, whole columns at C speed.
KIND_CODES: Final = bytes(range(1, KINDS))
CHANNEL_CODES: Final = bytes(range(CHANNELS))
TRAIT_CODES: Final = bytes(
    code for code in range(128) if all((code >> shift) & mask < len(words) for shift, mask, words in TRAITS.values())
)
Column = npt.NDArray[Any]
Rows = npt.NDArray[np.int64]  # which ones, rising


@dataclass(frozen=True, slots=True)
class Columns:
    """A batch. Times are milliseconds after `base_ms`, Unix milliseconds; row columns have `rows` values, viewer
    columns one per viewer."""

    session_id: UUID
    batch_id: str
    rows: int
    base_ms: int
    offset_ms: npt.NDArray[np.uint32]
    kind: npt.NDArray[np.uint8]
    viewer: npt.NDArray[np.uint16]
    product: npt.NDArray[np.uint16]
    channel: npt.NDArray[np.uint8]
    viewers: npt.NDArray[np.uint64]
    traits: npt.NDArray[np.uint8]
    region: npt.NDArray[np.uint16]
    products: tuple[UUID, ...]
    regions: tuple[str, ...]
    evidence: bool = False  # everything in it shows who was there; else enters and leaves are believed
    recorded: bool = False  # times may come in any order


def check(columns: Columns) -> None:
    """Look at every value of a batch. Raises Refusal INVALID_FIELD."""
    _at_most("offset_ms", columns.offset_ms, MAX_OFFSET_MS, "milliseconds after base_time")
    _only("kind", columns.kind, KIND_CODES, f"SignalKind values from 1 to {KINDS - 1}")
    _only("channel", columns.channel, CHANNEL_CODES, f"Channel values from 0 to {CHANNELS - 1}")
    _only("viewer_traits", columns.traits, TRAIT_CODES, "known bit patterns")
    _at_most("viewer", columns.viewer, len(columns.viewers) - 1, "an index into viewers")
    _at_most("product", columns.product, len(columns.products), "0 or 1 + an index into products")
    if (about_a_product(columns.kind) & (columns.product == 0)).any():
        raise invalid("product", "must name a product in every product impression and click")
    if not columns.evidence and (columns.kind == Kind.PRESENCE).any():
        raise invalid("presence_source", "must be PRESENCE_SOURCE_EVIDENCE in a batch that tells who is still here")
    _at_most("viewer_region", columns.region, len(columns.regions), "0 or 1 + an index into regions")


def about_a_product(kind: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Return which rows must name a product."""
    return kind - np.uint8(Kind.PRODUCT_IMPRESSION) < 2  # wraps round: the two kinds are neighbours


def _only(field: str, column: Column, allowed: bytes, meaning: str) -> None:
    if column.tobytes().translate(None, allowed):
        raise invalid(field, f"must hold {meaning} only")


def _at_most(field: str, column: Column, limit: int, meaning: str) -> None:
    if len(column) and int(column.max()) > limit:
        raise invalid(field, f"must be at most {limit} ({meaning})")
