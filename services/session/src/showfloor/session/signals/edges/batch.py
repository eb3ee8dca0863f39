"""A batch of signals as numpy columns: decoded without copies, checked as whole columns.

`read` is for what comes in: every value is checked, and every refusal names the column. `parse` is for what went
through `read` before it was stored: the fold checks the values of a whole page at once. Checks here need the batch
alone; whether its times fit the session is asked in `ingest`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import numpy as np
from google.protobuf.message import DecodeError

from showfloor.api.session.v1.session_pb2 import PresenceSource
from showfloor.api.session.v1.signal_service_pb2 import SignalBatch
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.rpc import checks
from showfloor.session.signals.domain.columns import Column, Columns, Rows, check

MAX_ROWS: Final = 10_000
MAX_BYTES: Final = 1024 * 1024
MAX_VIEWERS: Final = 65_535
MAX_PRODUCTS: Final = 1_000
MAX_REGIONS: Final = 250


_U1, _U2, _U4, _U8 = (np.dtype(name) for name in ("u1", "<u2", "<u4", "<u8"))


def parse(body: bytes) -> Columns:
    """Return the columns of a stored batch, their values not looked at. Raises Refusal for bytes that are no batch."""
    if len(body) > MAX_BYTES:
        raise _too_large("batch", MAX_BYTES)
    try:
        batch = SignalBatch.FromString(body)
    except DecodeError as error:
        raise invalid("batch", "must be an encoded SignalBatch") from error
    return _columns(batch)


def read(batch: SignalBatch) -> Columns:
    """Return the columns of a batch. Raises Refusal INVALID_FIELD, COLUMN_LENGTH or TOO_LARGE."""
    columns = _columns(batch)
    check(columns)
    return columns


def _columns(batch: SignalBatch) -> Columns:
    session_id = checks.uuid("session_id", batch.session_id)
    batch_id = checks.request_id(batch.batch_id, "batch_id")
    checks.timestamp("base_time", batch.base_time)
    offsets = _whole("offset_ms", batch.offset_ms, _U4)
    rows = len(offsets)
    if rows == 0:
        raise invalid("offset_ms", "must hold 1 to 10000 rows")
    if rows > MAX_ROWS:
        raise _too_large("offset_ms", MAX_ROWS)
    viewers = _whole("viewers", batch.viewers, _U8)
    if not 1 <= len(viewers) <= MAX_VIEWERS:
        raise invalid("viewers", f"must hold 1 to {MAX_VIEWERS} viewers")
    return Columns(
        session_id=session_id,
        batch_id=batch_id,
        rows=rows,
        base_ms=batch.base_time.seconds * 1000 + batch.base_time.nanos // 1_000_000,
        offset_ms=offsets,
        kind=_exactly("kind", batch.kind, _U1, rows),
        viewer=_exactly("viewer", batch.viewer, _U2, rows),
        product=_exactly("product", batch.product, _U2, rows),
        channel=_exactly("channel", batch.channel, _U1, rows),
        viewers=viewers,
        traits=_exactly("viewer_traits", batch.viewer_traits, _U1, len(viewers), optional=True),
        region=_exactly("viewer_region", batch.viewer_region, _U2, len(viewers), optional=True),
        products=_products(batch.products),
        regions=_regions(batch.regions),
        evidence=batch.presence_source == PresenceSource.PRESENCE_SOURCE_EVIDENCE,
        recorded=batch.recorded,
    )


def without(batch: SignalBatch, columns: Columns, rows: Rows) -> SignalBatch:
    """Return the batch as it is without some of its rows."""
    kept = np.ones(columns.rows, dtype=bool)
    kept[rows] = False
    rest = SignalBatch()
    rest.CopyFrom(batch)
    for name in ("offset_ms", "kind", "viewer", "product", "channel"):
        setattr(rest, name, getattr(columns, name)[kept].tobytes())
    return rest


def _whole(field: str, data: bytes, dtype: np.dtype[Any]) -> Column:
    width = dtype.itemsize
    if len(data) % width:
        message = f"{field}: {len(data)} bytes are no whole number of {width}-byte values"
        metadata = {"field": field, "rows": str(len(data) // width), "expected": f"multiple of {width} bytes"}
        raise Refusal(RefusalKind.INVALID, "COLUMN_LENGTH", message, metadata)
    return np.frombuffer(data, dtype=dtype)


def _exactly(field: str, data: bytes, dtype: np.dtype[Any], rows: int, *, optional: bool = False) -> Column:
    if optional and not data:
        return np.zeros(rows, dtype=dtype)
    column = _whole(field, data, dtype)
    if len(column) != rows:
        message = f"{field}: holds {len(column)} values where {rows} are needed"
        metadata = {"field": field, "rows": str(len(column)), "expected": str(rows)}
        raise Refusal(RefusalKind.INVALID, "COLUMN_LENGTH", message, metadata)
    return column


def _products(names: Sequence[str]) -> tuple[UUID, ...]:
    if len(names) > MAX_PRODUCTS:
        raise _too_large("products", MAX_PRODUCTS)
    try:
        return tuple(map(_product_id, names))
    except Refusal:
        for at, name in enumerate(names):
            checks.uuid(f"products[{at}]", name)
        raise


@lru_cache(16_384)
def _product_id(name: str) -> UUID:
    """Read a product's id. Batches name the same products over and over."""
    return checks.uuid("products", name)


def _regions(names: Sequence[str]) -> tuple[str, ...]:
    if len(names) > MAX_REGIONS:
        raise _too_large("regions", MAX_REGIONS)
    for at, name in enumerate(names):
        if len(name) != 2 or not (name.isascii() and name.isalpha() and name.isupper()):
            raise invalid(f"regions[{at}]", "must be an ISO 3166-1 alpha-2 code in capitals")
    return tuple(names)


def _too_large(field: str, limit: int) -> Refusal:
    metadata = {"field": field, "limit": str(limit)}
    return Refusal(RefusalKind.LIMIT, "TOO_LARGE", f"{field}: the limit is {limit}", metadata)
