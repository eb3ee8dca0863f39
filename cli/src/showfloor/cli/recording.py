"""`showfloor record`: make a recording out of a row of past sessions and a chat log.

Totals are the row's; chat texts are the log's. The shape over minutes, prices, viewers and who bought what are
simulated, and the recording says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import merge
from pathlib import Path
from typing import Annotated
from uuid import NAMESPACE_OID, uuid5

import numpy as np
from cyclopts import Parameter

from showfloor.cli import files, shapes
from showfloor.cli.importing import SHOP
from showfloor.cli.recordings import FORMAT, Entry, Fact, Header, RecordedProduct, pack, write
from showfloor.cli.terminal import console, problems
from showfloor.kernel.clock import utc_now
from showfloor.platform.startup_error import StartupError
from showfloor.tabular.chat import LIMITS as CHAT_LIMITS
from showfloor.tabular.chat import ChatLine, read_chat
from showfloor.tabular.history import PastRow, read_history
from showfloor.tabular.reading import USUAL

ROWS_PER_BATCH = 4000
PIN_EVERY_MS = 180_000
BUYERS_PER_ORDER = 0.85  # some buy twice
SIMULATED = [
    "when viewers came, acted and left",
    "who they are and how they came",
    "impressions, product clicks and shares",
    "which product was bought when, and at which price",
    "the pace of the chat",
]


def record(
    history: Path,
    *,
    session: Annotated[str, Parameter(help="The session's reference in the file, such as s0986.")],
    out: Annotated[Path, Parameter(help="The recording to write.")],
    chat: Annotated[Path | None, Parameter(help="A chat log: columns offset_s, viewer, message.")] = None,
    shop: Annotated[str, Parameter(help="The shop to play it in.")] = SHOP,
    sheet: Annotated[str | None, Parameter(help="The sheet of a spreadsheet that has several with content.")] = None,
    seed: Annotated[int, Parameter(help="Another seed gives another shape with the same totals.")] = 1,
) -> None:
    """Make a recording out of a past session and a chat log. Totals and chat are real, the shape is simulated."""
    past, table = files.read(
        history, USUAL, lambda content: read_history(content, history.name, utc_now(), sheet=sheet)
    )
    files.refuse(history, table)
    lines = chat_lines(chat) if chat else []
    row = next((row for row in past if row.reference == session), None)
    if row is None:
        near = ", ".join(row.reference for row in past[:5])
        raise StartupError(f"no session {session!r}", place=str(history), next_step=f"choose one such as {near}")
    with console.status(f"Making a recording of {row.title}"):
        header = make(row, lines, shop, seed, out, SIMULATED)
    console.print(f"{out}: {header.signals:,} signals, {header.facts:,} facts, {row.duration_s // 60} min")
    console.print(f"Play it with: showfloor replay {out} --speed 60")


def chat_lines(path: Path) -> list[ChatLine]:
    """Return the messages of a chat log. Raises StartupError when a line of it is refused."""
    lines, table = files.read(path, CHAT_LIMITS, lambda content: read_chat(content, path.name))
    files.refuse(path, table)
    if early := sum(1 for line in lines if line.at < 0):
        problems.print(f"{path.name}: {early} messages from before the start stand at the start of the recording")
    return lines


@dataclass(frozen=True)
class Cast:
    """Names for what a row does not name. Without any, buyers have none and products are numbered."""

    people: tuple[str, ...] = ()
    products: tuple[tuple[str, str], ...] = ()  # title and category
    commission_bps: int = 0

    def person(self, number: int) -> str:
        """Return a display name; empty when there are none."""
        return self.people[number % len(self.people)] if self.people else ""

    def product(self, number: int) -> tuple[str, str]:
        """Return title and category."""
        return self.products[number] if number < len(self.products) else (f"Product {number + 1}", "not known")


def make(
    row: PastRow,
    chat: Sequence[ChatLine],
    shop: str,
    seed: int,
    out: Path,
    simulated: list[str],
    cast: Cast = Cast(),
) -> Header:
    """Write the recording of `row` to `out` and return its header."""
    rng = np.random.default_rng(seed)
    stay = row.average_stay_s or 0
    totals = shapes.Totals(
        row.duration_s * 1000, row.views or 0, stay * 1000, row.likes or 0, row.units_sold or 0, row.gmv or 0
    )
    products = max(row.products or 0, 1 if totals.units else 0)
    sold = shapes.popular(totals.units, products, rng)
    price, left = shapes.prices(np.bincount(sold, minlength=products), totals.gmv, rng)
    signals = shapes.streams(totals, products, rng)
    orders = order_entries(sold, price, left, totals.duration_ms, cast, rng)
    facts = sorted([*orders, *audience_entries(row, chat, cast, rng)], key=lambda entry: entry.t)
    header = Header(
        format=FORMAT,
        title=row.title,
        shop=shop,
        account=row.account,
        currency=row.currency,
        duration_ms=totals.duration_ms,
        simulated=simulated,
        totals=known_totals(row, len(chat)),
        signals=sum(len(stream.at) for stream in signals),
        facts=len(facts),
    )
    catalogue = [
        RecordedProduct(
            reference=f"{row.reference}-{k + 1:03}",
            title=cast.product(k)[0],
            category=cast.product(k)[1],
            price=max(int(price[k]), 1),
            commission_bps=cast.commission_bps,
        )
        for k in range(products)
    ]
    pins = pin_entries(products, totals.duration_ms)
    entries = merge(pins, facts, signal_entries(signals, totals.duration_ms, seed), key=lambda entry: entry.t)
    write(out, header, catalogue, entries)
    return header


def known_totals(row: PastRow, comments: int) -> dict[str, int]:
    """Return what the board must show in the end. Unknown totals are left out: they are not zero."""
    known = {
        "views": row.views,
        "average_stay": row.average_stay_s if row.views else None,
        "likes": row.likes,
        "gifts": row.gifts,
        "new_followers": row.new_followers,
        "units_sold": row.units_sold,
        "gmv": row.gmv,
        "comments": comments,
    }
    return {name: value for name, value in known.items() if value is not None}


def signal_entries(signals: list[shapes.Stream], duration_ms: int, seed: int) -> Iterator[Entry]:
    """Yield the batches in order, each dated at the end of its window: nothing in it is in the future."""
    if not signals:
        return
    for start, end in shapes.batches(signals, duration_ms, ROWS_PER_BATCH):
        for columns in shapes.columns(signals, start, end, seed):
            yield Entry(t=min(end - 1, duration_ms), signals=pack(start, columns))


def pin_entries(products: int, duration_ms: int) -> list[Entry]:
    """Return one product after the other, each pinned for some minutes."""
    if not products:
        return []
    every = max(PIN_EVERY_MS, duration_ms // 200)
    return [Entry(t=t, pin=(t // every) % products) for t in range(min(1000, duration_ms), duration_ms, every)]


def order_entries(
    sold: shapes.IntArray,
    price: shapes.IntArray,
    left: int,
    duration_ms: int,
    cast: Cast,
    rng: np.random.Generator,
) -> list[Entry]:
    """Return the orders, one unit each; some buyers come back. `left` of them pay one minor unit more.

    That is what makes their sum the row's GMV to the unit.
    """
    moments = shapes.arrivals(len(sold), duration_ms, rng).tolist()
    buyer_of = rng.integers(0, max(1, int(len(sold) * BUYERS_PER_ORDER)), len(sold))
    rows = zip(moments, sold.tolist(), buyer_of.tolist(), shapes.traits_of(buyer_of).tolist(), strict=True)
    return [
        Entry(
            t=at,
            fact=Fact(
                id=f"o{number}",
                kind="order",
                viewer=f"b{buyer}",
                name=cast.person(buyer),
                product=product,
                quantity=1,
                price=int(price[product]) + (number < left),
                traits=traits,
            ),
        )
        for number, (at, product, buyer, traits) in enumerate(rows)
    ]


def audience_entries(row: PastRow, chat: Sequence[ChatLine], cast: Cast, rng: np.random.Generator) -> list[Entry]:
    """Return comments, follows and gifts."""
    duration = row.duration_s * 1000
    follows = [
        Entry(t=at, fact=Fact(id=f"f{number}", kind="follow", viewer=f"f{number}", name=cast.person(number)))
        for number, at in enumerate(shapes.arrivals(row.new_followers or 0, duration, rng).tolist())
    ]
    return [*comment_entries(chat, duration), *follows, *gift_entries(row.gifts or 0, duration, cast, rng)]


def comment_entries(chat: Sequence[ChatLine], duration: int) -> list[Entry]:
    """Return the chat, stretched over the LIVE. What was said before the start stands at the start."""
    last = max((line.at for line in chat), default=Decimal(0))
    scale = (duration - 1) / last if last > 0 else Decimal(0)
    return [
        Entry(
            t=int(max(line.at, Decimal(0)) * scale),
            fact=Fact(
                id=f"c{number}", kind="comment", viewer=reference_of(line.author), name=line.author, text=line.text
            ),
        )
        for number, line in enumerate(chat)
    ]


def gift_fact(number: int, cast: Cast, quantity: int) -> Fact:
    """Return one gift."""
    name = cast.person(number * 5)
    return Fact(id=f"g{number}", kind="gift", viewer=f"g{number}", name=name, text="Rose", quantity=quantity)


def reference_of(author: str) -> str:
    """Return an opaque reference for an author: the same author, the same reference."""
    return uuid5(NAMESPACE_OID, author).hex


def gift_entries(gifts: int, duration: int, cast: Cast, rng: np.random.Generator) -> list[Entry]:
    """Return the gifts, many at a time: at most 500 facts."""
    parts = min(gifts, 500)
    if not parts:
        return []
    share, rest = divmod(gifts, parts)
    moments = shapes.arrivals(parts, duration, rng).tolist()
    return [Entry(t=at, fact=gift_fact(n, cast, share + (n < rest))) for n, at in enumerate(moments)]
