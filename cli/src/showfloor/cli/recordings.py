"""The format of a recording: a LIVE as facts and signals in order of time. Documented in docs/formats.md.

A recording is gzip-compressed JSON, one object per line. The first line is the header, the second the products, every
further line an entry with `t`, milliseconds since the start, never decreasing: a fact, a pin, or signals in columns.
"""

import base64
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

FORMAT = "showfloor-recording/1"
MAX_LINE = 4 * 1024 * 1024
MAX_DURATION_MS = 7 * 24 * 3_600_000

COLUMNS: dict[str, str] = {"offset_ms": "<u4", "kind": "u1", "viewer": "<u2", "product": "<u2", "channel": "u1"}
DICTIONARIES: dict[str, str] = {"viewers": "<u8", "traits": "u1"}


class BadRecording(Exception):
    """The file is not a recording, or a broken one. The message names the line."""


class Header(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the recording is, and what it must add up to."""

    format: str
    title: str
    shop: str
    account: str
    currency: str
    duration_ms: int
    simulated: list[str]  # what is not real, in words; shown wherever the numbers are shown
    totals: dict[str, int]  # by metric of the registry; money in minor units
    signals: int  # rows in all batches
    facts: int


class RecordedProduct(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A product of the recording, named by its reference."""

    reference: str
    title: str
    category: str
    price: int  # minor units
    commission_bps: int = 0


class Fact(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A comment, a paid order, a follow or a gift. `id` names it inside the recording."""

    id: str
    kind: str  # "comment", "order", "follow", "gift"
    viewer: str
    name: str = ""
    text: str = ""  # comment: the text; gift: its name
    product: int = -1  # order: index into the products; comment: what it is about
    quantity: int = 0  # order: units; gift: how many
    price: int = 0  # order: price of one, minor units
    traits: int = 0  # what is known of the viewer, packed as in SignalBatch.viewer_traits


class Signals(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A batch of signals: base64 of little-endian columns, as in SignalBatch. `product` indexes our own products."""

    rows: int
    base: int  # milliseconds since the start that offsets count from
    offset_ms: str
    kind: str
    viewer: str
    product: str
    channel: str
    viewers: str
    traits: str

    def column(self, name: str) -> bytes:
        """Return a column's bytes. Raises BadRecording."""
        try:
            return base64.b64decode(getattr(self, name), validate=True)
        except ValueError:
            raise BadRecording(f"the column {name} of a batch of signals is not base64") from None


class Entry(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line: exactly one of the three is set."""

    t: int
    fact: Fact | None = None
    pin: int | None = None  # index of the product pinned from here on; -1 unpins
    signals: Signals | None = None


def pack(base: int, columns: dict[str, npt.NDArray[Any]]) -> Signals:
    """Return a batch from arrays named as in COLUMNS and DICTIONARIES; offsets count from `base`."""
    types = {**COLUMNS, **DICTIONARIES}
    encoded = {
        name: base64.b64encode(np.ascontiguousarray(columns[name], dtype=kind).tobytes()).decode()
        for name, kind in types.items()
    }
    return Signals(rows=len(columns["kind"]), base=base, **encoded)


class Recording:
    """A recording on disk. Reading is lazy: only one line is in memory at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as lines:
            self.header = self._decode(next(lines, b""), 1, Header)
            if self.header.format != FORMAT:
                raise BadRecording(f"{path}: line 1: format is {self.header.format!r}; this version reads {FORMAT!r}")
            if not 0 <= self.header.duration_ms <= MAX_DURATION_MS:
                raise BadRecording(f"{path}: line 1: duration_ms must be 0 to {MAX_DURATION_MS}, a week")
            self.products = self._decode(next(lines, b""), 2, list[RecordedProduct])

    def entries(self) -> Iterator[Entry]:
        """Yield every entry in order. Raises BadRecording at the first broken line."""
        with self._open() as lines:
            next(lines), next(lines)
            before = 0
            for number, line in enumerate(lines, start=3):
                entry = self._decode(line, number, Entry)
                if (entry.fact is not None) + (entry.pin is not None) + (entry.signals is not None) != 1:
                    raise BadRecording(f"{self.path}: line {number}: needs exactly one of fact, pin, signals")
                if not before <= entry.t <= self.header.duration_ms:
                    raise BadRecording(
                        f"{self.path}: line {number}: t is {entry.t}; it must not decrease or pass the end"
                    )
                before = entry.t
                self._check(entry, number)
                yield entry

    def _check(self, entry: Entry, number: int) -> None:
        """Refuse what points outside the recording."""
        products, fact = len(self.products), entry.fact
        if entry.pin is not None and not -1 <= entry.pin < products:
            raise BadRecording(f"{self.path}: line {number}: pins a product that is not in line 2")
        if fact is not None and not (0 if fact.kind == "order" else -1) <= fact.product < products:
            raise BadRecording(f"{self.path}: line {number}: is about a product that is not in line 2")
        if entry.signals is not None and not 0 <= entry.signals.base <= entry.t:
            raise BadRecording(f"{self.path}: line {number}: base is {entry.signals.base}; it must be 0 to t")

    def _open(self) -> "_Lines":
        return _Lines(self.path)

    def _decode(self, line: bytes, number: int, kind: Any) -> Any:
        try:
            return msgspec.json.decode(line, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadRecording(f"{self.path}: line {number}: {error}") from error


class _Lines:
    """The lines of a gzip file; each of bounded length."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: gzip.GzipFile | None = None

    def __enter__(self) -> "_Lines":
        self._file = gzip.open(self._path, "rb")
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        assert self._file
        try:
            line = self._file.readline(MAX_LINE)
        except (OSError, EOFError, zlib.error) as error:
            raise BadRecording(f"{self._path}: not a gzip file, or cut short: {error}") from error
        if not line:
            raise StopIteration
        if len(line) == MAX_LINE:
            raise BadRecording(f"{self._path}: a line is longer than {MAX_LINE} bytes")
        return line


def write(path: Path, header: Header, products: list[RecordedProduct], entries: Iterator[Entry]) -> None:
    """Write a recording. The same content gives the same bytes."""
    encoder = msgspec.json.Encoder()
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6, mtime=0) as file:
        file.write(json.dumps(msgspec.to_builtins(header), ensure_ascii=False).encode() + b"\n")
        file.write(encoder.encode(products) + b"\n")
        for entry in entries:
            file.write(encoder.encode(entry) + b"\n")
