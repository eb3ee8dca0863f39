"""What a parser is here, how its inputs are made, and what reading them needs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

from changes import IDS, Change, alike, anywhere
from starlette.requests import Request

from showfloor.kernel.refusal import Refusal

MEMORY = Path("/dev/shm")
FOLDER = Path(mkdtemp(prefix="showfloor-fuzz-", dir=MEMORY if MEMORY.is_dir() else None))
SESSION = IDS[0]
NOW = 1_800_000_000.0
AT = datetime(2026, 1, 1, tzinfo=UTC)
NOISE, BLIND = 0.1, 0.4  # shares of inputs: nothing of a good one; a good one with bytes overwritten


@dataclass(frozen=True)
class Parser:
    """One reader of bytes: returns something, or raises one of `refusals`; anything else is a defect.

    `seed` is a good input, `change` makes another out of it that looks good.
    """

    name: str
    seed: bytes
    read: Callable[[bytes], Any]
    refusals: tuple[type[Exception], ...] = (Refusal,)
    change: Change = alike


def made(rng: Random, parser: Parser) -> bytes:
    """Return one input."""
    chance = rng.random()
    if chance < NOISE:
        return rng.randbytes(rng.randrange(200))
    if chance < NOISE + BLIND:
        return anywhere(rng, parser.seed)
    return parser.change(rng, parser.seed)


def run(parser: Parser, data: bytes) -> bool:
    """Read it; return whether it was taken. Raises what is a defect."""
    try:
        parser.read(data)
    except parser.refusals:
        return False
    return True


def text_of(data: bytes) -> str:
    """Return bytes as a server hands them on: each as one character."""
    return data.decode("latin-1")


def request(*headers: tuple[bytes, bytes], query: bytes = b"") -> Request:
    """Return a request that has no body."""
    return Request({"type": "http", "method": "POST", "path": "/", "headers": list(headers), "query_string": query})


@cache
def loop() -> asyncio.AbstractEventLoop:
    """Return the loop for what waits."""
    return asyncio.new_event_loop()
