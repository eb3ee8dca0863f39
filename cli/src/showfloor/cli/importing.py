"""`showfloor import history FILE` and `showfloor import catalogue FILE`: no row while one is refused; twice is once."""

import asyncio
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Annotated, Any, TypeVar

from cyclopts import App, Parameter
from rich.progress import track

from showfloor.cli import files
from showfloor.cli.directory import ensure_account, ensure_shop
from showfloor.cli.session_api import connect
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console, problems
from showfloor.kernel.clock import utc_now
from showfloor.tabular.catalogue import CatalogueRow, read_catalogue
from showfloor.tabular.history import PastRow, read_history
from showfloor.tabular.reading import USUAL

T = TypeVar("T")
app = App(name="import", help="Bring in past sessions or a catalogue from a CSV file or a spreadsheet.")

SHOP = "Imported history"
PAGE = 500

SheetName = Annotated[str | None, Parameter(help="The sheet of a spreadsheet that has several with content.")]
ShopName = Annotated[str, Parameter(help="The shop to import into; made when there is none of that name.")]


@app.command
def history(file: Path, *, shop: ShopName = SHOP, sheet: SheetName = None, data: Data = DEFAULT_FOLDER) -> None:
    """Import past sessions: one account per host, totals as they are. Nothing is imported while one row is refused."""
    past, table = files.read(file, USUAL, lambda content: read_history(content, file.name, utc_now(), sheet=sheet))
    files.refuse(file, table)
    asyncio.run(_import_history(data, past, shop))


@app.command
def catalogue(file: Path, *, shop: ShopName = SHOP, sheet: SheetName = None, data: Data = DEFAULT_FOLDER) -> None:
    """Import products into a shop's catalogue. Nothing is imported while one row is refused."""
    products, currency, table = files.read(file, USUAL, lambda content: read_catalogue(content, file.name, sheet=sheet))
    files.refuse(file, table)
    asyncio.run(_import_catalogue(data, products, shop, currency))


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
    console.print(f"{len(past)} sessions of {len(hosts)} hosts: {counts}. Shop: {shop}.")


async def _import_catalogue(data: Path, products: list[CatalogueRow], shop: str, currency: str) -> None:
    async with connect(data) as api:
        shop_id = await ensure_shop(api, shop, currency)
        totals = {"created": 0, "updated": 0, "unchanged": 0}
        for page in track(_pages(products), "Importing", console=problems, transient=True):
            answer = await api.post(f"/shops/{shop_id}/products", {"products": [_product(p, currency) for p in page]})
            totals = {name: count + answer[name] for name, count in totals.items()}
    counts = ", ".join(f"{count} {name}" for name, count in totals.items())
    console.print(f"{len(products)} products: {counts}. Shop: {shop}.")


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
