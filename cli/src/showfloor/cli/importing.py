"""`showfloor import history FILE` and `showfloor import catalogue FILE`: all of a file or nothing; twice is once.

The API checks all of the file before it keeps any of it. What is printed is what came back.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

from cyclopts import App, Parameter
from rich.table import Table

from showfloor.cli import files
from showfloor.cli.api import Api, ApiRefusal
from showfloor.cli.directory import known_shop
from showfloor.cli.session_api import connect
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console, problems, shown
from showfloor.platform.startup_error import StartupError

app = App(name="import", help="Bring in past sessions or a catalogue from a CSV file or a spreadsheet.")

SHOP = "Imported history"
MAX_FILE = 8 * 2**20  # bytes, as the API takes them: a longer one would be cut off on its way
SHOWN = 20  # changes
POLL_S = 0.2
PATIENCE_S = 120.0  # for another import of the shop to be through

SheetName = Annotated[str, Parameter(help="The sheet of a spreadsheet that has several with content.")]
ShopName = Annotated[str, Parameter(help="The shop to import into.")]
NewShop = Annotated[str, Parameter(help="Make the shop if there is none of that name: its currency, such as EUR.")]
DryRun = Annotated[bool, Parameter(negative="", help="Check the whole file and show what would change; keep nothing.")]
Correct = Annotated[
    bool, Parameter(negative="", help="Sessions that were imported before with other totals are put right.")
]


@app.command
def history(
    file: Path,
    *,
    shop: ShopName = SHOP,
    create_shop: NewShop = "",
    correct: Correct = False,
    dry_run: DryRun = False,
    sheet: SheetName = "",
    data: Data = DEFAULT_FOLDER,
) -> None:
    """Import past sessions: one account per host, totals as they are. All of the file is imported, or nothing."""
    asyncio.run(_import(data, "history", file, shop, create_shop, sheet, correct=correct, dry_run=dry_run))


@app.command
def catalogue(
    file: Path,
    *,
    shop: ShopName = SHOP,
    create_shop: NewShop = "",
    dry_run: DryRun = False,
    sheet: SheetName = "",
    data: Data = DEFAULT_FOLDER,
) -> None:
    """Import products into a shop's catalogue. All of the file is imported, or nothing."""
    asyncio.run(_import(data, "catalogue", file, shop, create_shop, sheet, correct=True, dry_run=dry_run))


async def _import(
    data: Path, kind: str, file: Path, shop: str, create_shop: str, sheet: str, *, correct: bool, dry_run: bool
) -> None:
    content = _read(file)
    async with connect(data) as api:
        shop_id = await known_shop(api, shop, create_shop)
        with problems.status(f"Checking {file.name}"):
            job = await _sent(api, shop_id, kind, file, content, sheet)
        async with _forgotten(api, job) as keeping:
            await _show(api, file, job)
            if dry_run:
                console.print(f"{_counts(kind, job, planned=True)} Nothing was imported: this was a dry run.")
                return
            if kind == "history" and job["changed"] and not correct:
                raise StartupError(
                    f"{job['changed']} of the sessions there were imported with other totals; nothing was imported",
                    place=str(file),
                    next_step="if the file puts them right, run the command again with --correct",
                )
            with problems.status("Importing"):
                job = await _applied(api, file, job, correct=correct)
            keeping.append(True)
    console.print(f"{_counts(kind, job, planned=False)} Shop: {shop}.")


def _read(file: Path) -> bytes:
    content = files.content(file, MAX_FILE)
    if len(content) > MAX_FILE:
        raise StartupError(f"is larger than {MAX_FILE // 2**20} MiB", place=str(file), next_step="split it")
    if not content:
        raise StartupError("is empty", place=str(file), next_step="see docs/formats.md for the columns")
    return content


async def _sent(api: Api, shop_id: str, kind: str, file: Path, content: bytes, sheet: str) -> dict[str, Any]:
    """Send a file and return its import once it is checked. Another import of the shop is waited for."""
    query = {"kind": kind, "file_name": shown(file.name)[-200:], **({"sheet": sheet} if sheet else {})}
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        try:
            answer = await api.post_file(f"/shops/{shop_id}/imports", content, query, key=str(uuid4()))
            return await _settled(api, answer["import"])
        except ApiRefusal as refusal:
            if refusal.code != "IMPORT_RUNNING" or asyncio.get_running_loop().time() > deadline:
                raise
        await asyncio.sleep(1.0)


async def _applied(api: Api, file: Path, job: dict[str, Any], *, correct: bool) -> dict[str, Any]:
    try:
        answer = await api.post(f"/imports/{job['import_id']}/application", {"correct": correct})
    except ApiRefusal as refusal:
        if refusal.code != "IMPORT_STALE":
            raise
        raise StartupError(
            "somebody changed what the file would change, after it was checked; nothing was imported",
            place=str(file),
            next_step="run the command again, and look at the changes",
        ) from refusal
    job = await _settled(api, answer["import"])
    if job["state"] != "applied":
        raise StartupError(job["detail"] or f"the import is {job['state']}", place=str(file), next_step="run it again")
    return job


async def _settled(api: Api, job: dict[str, Any]) -> dict[str, Any]:
    while job["state"] in ("checking", "applying"):
        await asyncio.sleep(POLL_S)
        job = (await api.get(f"/imports/{job['import_id']}"))["import"]
    return job


@asynccontextmanager
async def _forgotten(api: Api, job: dict[str, Any]) -> AsyncIterator[list[bool]]:
    """Have the API forget a checked file that is not applied after all: only so many may wait."""
    kept: list[bool] = []
    try:
        yield kept
    finally:
        if not kept and job["state"] == "ready":
            with suppress(ApiRefusal):
                await api.delete(f"/imports/{job['import_id']}")


async def _show(api: Api, file: Path, job: dict[str, Any]) -> None:
    """Print what was left out, every problem, and what is there with other values. Raises StartupError on problems."""
    for warning in job["warnings"]:
        problems.print(f"{file.name}, column {warning['column']}: {warning['problem']}")
    if job["state"] == "failed":
        raise StartupError(
            job["detail"], place=str(file), next_step="run the command again; see `showfloor logs session`"
        )
    if job["problems"]:
        raise await _refused(api, file, job)
    for host in job["new_hosts"]:
        console.print(f"New host: {host['name']}")
    if job["changed"]:
        page = await api.get(f"/imports/{job['import_id']}/changes", page_size=SHOWN)
        table = Table(
            "line", "reference", "value", "before", "after", title="There with other values", title_justify="left"
        )
        for change in page["changes"]:
            for value in change["values"]:
                old, new = (value[when] or "not known" for when in ("before", "after"))
                table.add_row(str(change["line"]), change["reference"], value["name"], old, new)
        console.print(table)
        if job["changed"] > SHOWN:
            console.print(f"{job['changed']} rows, of which {SHOWN} are shown.")


async def _refused(api: Api, file: Path, job: dict[str, Any]) -> StartupError:
    page = await api.get(f"/imports/{job['import_id']}/problems", page_size=files.SHOWN_PROBLEMS)
    told = ((one["line"], one["column"], one["value"], one["problem"], one["mend"]) for one in page["problems"])
    return files.refused(file, told, job["problems"], "nothing was imported", "import the file again")


def _counts(kind: str, job: dict[str, Any], *, planned: bool) -> str:
    thing = "session" if kind == "history" else "product"
    right = ("to correct" if planned else "corrected") if kind == "history" else ("to update" if planned else "updated")
    counts = f"{job['created']} new, {job['changed']} {right}, {job['unchanged']} already there"
    return f"{job['rows']} {thing}{'' if job['rows'] == 1 else 's'}: {counts}."
