"""`showfloor import history FILE` and `showfloor import catalogue FILE`: no row while one is refused; twice is once."""

import asyncio
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Annotated, Any, TypeVar

from cyclopts import App, Parameter
from rich.progress import track
from rich.table import Table

from showfloor.cli.directory import ensure_account, ensure_shop
from showfloor.cli.failures import reason
from showfloor.cli.history import CatalogueRow, PastRow, read_catalogue, read_history
from showfloor.cli.rows import BadFile, Problem
from showfloor.cli.session_api import connect
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console, problems
from showfloor.platform.trouble import Trouble

T = TypeVar("T")
app = App(name="import", help="Bring in past sessions or a catalogue from a CSV file.")

SHOP = "Imported history"
PAGE = 500
SHOWN_PROBLEMS = 20

ShopName = Annotated[str, Parameter(help="The shop to import into; made when there is none of that name.")]


@app.command
def history(file: Path, *, shop: ShopName = SHOP, data: Data = DEFAULT_FOLDER) -> None:
    """Import past sessions: one account per host, totals as they are. Nothing is imported while one row is refused."""
    try:
        past, bad = read_history(file, shop)
    except (BadFile, OSError) as error:
        raise _unreadable(file, error) from error
    refuse(file, bad)
    asyncio.run(_import_history(data, past, shop))


@app.command
def catalogue(file: Path, *, shop: ShopName = SHOP, data: Data = DEFAULT_FOLDER) -> None:
    """Import products into a shop's catalogue. Nothing is imported while one row is refused."""
    try:
        products, currency, bad = read_catalogue(file)
    except (BadFile, OSError) as error:
        raise _unreadable(file, error) from error
    refuse(file, bad)
    asyncio.run(_import_catalogue(data, products, shop, currency))


def refuse(file: Path, bad: Sequence[Problem]) -> None:
    """Print every refused row and raise Trouble when there is one."""
    if not bad:
        return
    table = Table("line", "column", "problem", title=f"Refused rows of {file.name}", title_justify="left")
    for problem in bad[:SHOWN_PROBLEMS]:
        table.add_row(str(problem.line), problem.column, problem.problem)
    problems.print(table)
    more = f", of which {SHOWN_PROBLEMS} are shown" if len(bad) > SHOWN_PROBLEMS else ""
    raise Trouble(
        f"{len(bad)} problems{more}; nothing was imported",
        place=str(file),
        next_step="mend these cells and import the file again",
    )


async def _import_history(data: Path, past: list[PastRow], shop: str) -> None:
    async with connect(data) as api:
        shop_id = await ensure_shop(api, shop, past[0].currency if past else "CNY")
        hosts = sorted({row.account for row in past})
        accounts = {host: await ensure_account(api, shop_id, host) for host in hosts}
        pages = [
            (accounts[host], page) for host in hosts for page in _pages([row for row in past if row.account == host])
        ]
        created = unchanged = 0
        for account_id, page in track(pages, "Importing", console=problems, transient=True):
            body = {"sessions": [past_session(row) for row in page]}
            answer = await api.post(f"/accounts/{account_id}/history", body)
            created += answer["created"]
            unchanged += answer["unchanged"]
    counts = f"{created} new, {unchanged} already there"
    console.print(f"{len(past)} sessions of {len(hosts)} hosts: {counts}. Shop: {shop}.", markup=False)


async def _import_catalogue(data: Path, products: list[CatalogueRow], shop: str, currency: str) -> None:
    async with connect(data) as api:
        shop_id = await ensure_shop(api, shop, currency)
        totals = {"created": 0, "updated": 0, "unchanged": 0}
        for page in track(_pages(products), "Importing", console=problems, transient=True):
            answer = await api.post(f"/shops/{shop_id}/products", {"products": [_product(p, currency) for p in page]})
            totals = {name: count + answer[name] for name, count in totals.items()}
    counts = ", ".join(f"{count} {name}" for name, count in totals.items())
    console.print(f"{len(products)} products: {counts}. Shop: {shop}.", markup=False)


def past_session(row: PastRow) -> dict[str, Any]:
    """Return a row as the API takes it; a number that is not known is left out."""
    assert row.started_at
    body = {
        "reference": row.reference,
        "title": row.title,
        "start_time": row.started_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "duration_s": row.duration_s,
        "views": row.views,
        "peak_viewers": row.peak_viewers,
        "average_viewers": row.average_viewers,
        "average_stay_s": row.average_stay_s,
        "likes": row.likes,
        "gifts": row.gifts,
        "new_followers": row.new_followers,
        "products": row.products,
        "units_sold": row.units_sold,
        "gmv": None if row.gmv is None else {"minor": row.gmv, "currency": row.currency},
    }
    return {name: value for name, value in body.items() if value is not None}


def _product(row: CatalogueRow, currency: str) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "title": row.title,
        "category": row.category,
        "price": {"minor": row.price, "currency": currency},
        "commission_bps": row.commission_bps,
        "in_showcase": True,
    }


def _pages(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[start : start + PAGE] for start in range(0, len(items), PAGE)]


def _unreadable(file: Path, error: Exception) -> Trouble:
    return Trouble(reason(error), place=str(file), next_step="see docs/formats.md for the columns")
