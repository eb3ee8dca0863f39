"""Past sessions and catalogues as CSV files. The formats are documented in docs/formats.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from showfloor.cli.rows import Problem, Row, collect, currency_of, rows
from showfloor.kernel.clock import utc_now

UNKNOWN = "not known"
WEEK_S = 604_800


@dataclass(frozen=True)
class PastRow:
    """One past session. None is "not known"."""

    line: int
    reference: str
    title: str
    shop: str
    account: str
    currency: str
    started_at: datetime | None
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
    gmv: int | None


@dataclass(frozen=True)
class CatalogueRow:
    """One product of a catalogue."""

    line: int
    reference: str
    title: str
    category: str
    price: int
    commission_bps: int


def read_history(path: Path, shop: str) -> tuple[list[PastRow], list[Problem]]:
    """Return the past sessions of a file, and every problem. Raises BadFile when it is not such a file."""
    now = utc_now()
    currency = currency_of(path, "gmv")
    column = f"gmv_{currency.lower()}"

    def parse(row: Row) -> PastRow:
        reference = row.text("session", 64)
        account = row.text("host", 80, default=UNKNOWN)
        started = row.time("started_at")
        day = started.date().isoformat() if started else ""
        duration_s = _duration(row)
        if started and started > now:
            row.refuse("started_at", "lies in the future; only past sessions can be imported")
        elif started and started + timedelta(seconds=duration_s) > now:
            row.refuse("duration_s", "ends in the future; only past sessions can be imported")
        return PastRow(
            line=row.line,
            reference=reference,
            title=row.text("title", 120, default=f"{account} {day} ({reference})"),
            shop=shop,
            account=account,
            currency=currency,
            started_at=started,
            duration_s=duration_s,
            views=row.count("views"),
            peak_viewers=row.count("peak_viewers"),
            average_viewers=row.count("average_viewers"),
            average_stay_s=row.count("average_stay_s"),
            likes=row.count("likes"),
            gifts=row.count("gifts"),
            new_followers=row.count("new_followers"),
            products=row.count("products", most=100_000),
            units_sold=row.count("units_sold"),
            gmv=row.money(column),
        )

    past, problems = collect(rows(path, ("session", "host", "started_at", "duration_s", column)), parse)
    return past, problems + list(_repeated(((row.line, row.reference) for row in past), "session"))


def read_catalogue(path: Path) -> tuple[list[CatalogueRow], str, list[Problem]]:
    """Return the products of a file, their currency, and every problem. Raises BadFile when it is not such a file."""
    currency = currency_of(path, "price")

    def parse(row: Row) -> CatalogueRow:
        reference = row.text("product", 64)
        category = row.text("category", 60, default=UNKNOWN)
        price = row.money(f"price_{currency.lower()}")
        if price is None and not any(p.column.startswith("price_") for p in row.problems):
            row.refuse(f"price_{currency.lower()}", "is empty; a product needs a price")
        return CatalogueRow(
            line=row.line,
            reference=reference,
            title=row.text("title", 200, default=f"{category} {reference}"),
            category=category,
            price=price or 0,
            commission_bps=row.percent("commission_percent"),
        )

    products, problems = collect(rows(path, ("product", f"price_{currency.lower()}")), parse)
    problems += _repeated(((row.line, row.reference) for row in products), "product")
    return products, currency, problems


def _duration(row: Row) -> int:
    seconds = row.count("duration_s", least=1, most=WEEK_S)
    if seconds is None and not any(p.column == "duration_s" for p in row.problems):
        row.refuse("duration_s", "is empty; a session has a length")
    return seconds or 1


def _repeated(names: Iterator[tuple[int, str]], column: str) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for line, name in names:
        if name in seen:
            yield Problem(line, column, f"{name!r} is already on line {seen[name]}")
        seen.setdefault(name, line)
