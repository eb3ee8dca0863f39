"""Do board, list and recap show what the recording adds up to?"""

import asyncio
import time
from typing import Any

from rich.table import Table

from showfloor.cli.api import Api
from showfloor.cli.recordings import Header
from showfloor.cli.terminal import console
from showfloor.kernel.currencies import to_amount

PATIENCE_S = 60.0
EVERY_S = 0.5


async def compare(api: Api, session_id: str, header: Header) -> bool:
    """Print the recording's totals beside the three screens; return whether all are equal to the unit.

    Signals are acknowledged before they are counted, so the last ones may take a moment: waits up to a minute.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        shown = await _shown(api, session_id, list(header.totals))
        equal = all(screen.get(name) == total for screen in shown.values() for name, total in header.totals.items())
        if equal or time.monotonic() > deadline:
            break
        await asyncio.sleep(EVERY_S)
    table = Table("metric", "recording", *shown, "", title="Totals", title_justify="left")
    for name, total in header.totals.items():
        values = [screen.get(name) for screen in shown.values()]
        mark = "equal" if all(value == total for value in values) else "DIFFERENT"
        shown_values = [_text(name, value, header.currency) for value in (total, *values)]
        table.add_row(f"{name} ({header.currency})" if name == "gmv" else name, *shown_values, mark)
    console.print(table)
    return equal


async def _shown(api: Api, session_id: str, metrics: list[str]) -> dict[str, dict[str, int]]:
    board = await api.get(f"/sessions/{session_id}/board")
    account = board["session"]["account_id"]
    query = {"account_ids": account, "metrics": metrics, "page_size": 200}
    page = await api.get("/sessions", **query)
    rows = [row for row in page["sessions"] if row["session"]["session_id"] == session_id]
    recap = await api.get(f"/sessions/{session_id}/recap")
    return {
        "board": _values(board["core"]),
        "list": _values(rows[0]["readings"] if rows else []),
        "recap": _values(recap["readings"]),
    }


def _text(metric: str, value: int | None, currency: str) -> str:
    if value is None:
        return "not known"
    return f"{to_amount(value, currency):,}" if metric == "gmv" else f"{value:,}"


def _values(readings: list[dict[str, Any]]) -> dict[str, int]:
    return {r["metric"]: round(r["value"]) for r in readings if r.get("value") is not None}
