"""Past sessions as a file. docs/formats.md states the format."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from showfloor.kernel.currencies import EXPONENTS
from showfloor.tabular.model import Column, Columns, Limits
from showfloor.tabular.reading import USUAL, read_table
from showfloor.tabular.row import Row
from showfloor.tabular.table import Table

UNKNOWN = "not known"
WEEK_S = 604_800
COUNTS = (
    "views", "peak_viewers", "average_viewers", "average_stay_s", "likes", "gifts", "new_followers", "products",
    "units_sold",
)  # fmt: skip
MOST_PRODUCTS = 100_000

COLUMNS = Columns(
    "past sessions",
    (
        Column("session", needed=True),
        Column("host", needed=True),
        Column("started_at", needed=True),
        Column("duration_s", needed=True, number=True),
        Column("gmv", needed=True, number=True, currency=True),
        Column("title"),
        *(Column(name, number=True) for name in COUNTS),
    ),
)


@dataclass(frozen=True, slots=True)
class PastRow:
    """One past session. None is "not known"."""

    line: int
    reference: str
    title: str
    account: str
    currency: str
    started_at: datetime | None  # None only beside a problem
    duration_s: int
    views: int | None
    peak_viewers: int | None
    average_viewers: int | None
    average_stay_s: int | None
    likes: int | None
    gifts: int | None
    new_followers: int | None
    products: int | None
    units_sold: int | None
    gmv: int | None  # minor units of the currency


def read_history(
    data: bytes, file_name: str, now: datetime, limits: Limits = USUAL, sheet: str | None = None
) -> tuple[list[PastRow], Table]:
    """Return the past sessions of a file, and its table with every problem. Raises BadFile."""
    table = read_table(data, file_name, COLUMNS, limits, sheet)
    past = [_past_row(row, table.currency("gmv"), now) for row in table.rows]
    table.refuse_repeated("session", [row.reference for row in past])
    return past, table


def _past_row(row: Row, currency: str, now: datetime) -> PastRow:
    reference = row.reference("session")
    account = row.text("host", 80, default=UNKNOWN)
    started = row.moment("started_at")
    day = started.date().isoformat() if started else ""
    duration_s = row.seconds("duration_s", 1, WEEK_S, needed=True) or 1
    way_out = "only sessions that are over can be imported"
    if started and started > now:
        row.refuse("started_at", "lies in the future", way_out)
    elif started and started + timedelta(seconds=duration_s) > now:
        row.refuse("duration_s", "ends in the future", way_out)
    counts = {name: row.whole(name, most=MOST_PRODUCTS) if name == "products" else row.whole(name) for name in COUNTS}
    return PastRow(
        line=row.line,
        reference=reference,
        title=row.text("title", 120, default=f"{account} {day} ({reference})"),
        account=account,
        currency=currency,
        started_at=started,
        duration_s=duration_s,
        gmv=row.amount("gmv", EXPONENTS[currency]),
        **counts,
    )
