"""Every cell of docs/access-matrix.md, asked of a running system: each route x each caller x own, foreign, unknown."""

import asyncio
import io
import re
import zipfile
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from accepted import BODIES, QUERIES, Ids

PAGE = Path(__file__).parents[3] / "docs/access-matrix.md"
LINE = re.compile(r"\| `(?P<method>[A-Z]+) (?P<path>\S+)` (?P<name>\w+) \| (?P<about>\w+) \| (?P<cells>.*) \|")
AT_ONCE = 8
LAST = [
    "createShop",
    "deleteProductSet",
    "deleteEvent",
    "endSession",
    "acceptBinding",
    "endBinding",
    "deleteConnector",
    "revokeAccountRole",
    "revokeCreatorRole",
    "revokePartnerRole",
    "revokeShopRole",
    "eraseUser",
    "signOut",
]  # what they end, others need
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINKS = {"signIn": "code", "signInByLink": "token"}
ANSWERED = {
    "NO_REPLAY",
    "TEST_CHECKOUT_OFF",
    "REPLAY_EXPIRED",
    "COMMENT_NOT_FOUND",
    "PRODUCT_NOT_FOUND",
    "PRODUCT_NOT_IN_BAG",
    "NOT_AN_IMAGE",
}


def lines() -> tuple[list[str], list[dict[str, Any]]]:
    text = PAGE.read_text().split("## RPCs")[0]
    columns = next(line for line in text.splitlines() if line.startswith("| route")).strip("| ").split(" | ")[2:]
    return columns, [{**m.groupdict(), "cells": m["cells"].split(" | ")} for m in LINE.finditer(text)]


class Asker:
    """Asks one cell, and says what is wrong with the answer."""

    def __init__(self, cast: Any, client: httpx.AsyncClient, unknown: Ids) -> None:
        self.cast, self.client = cast, client
        self.things = {"own": cast.own.ids, "foreign": cast.foreign.ids, "unknown": unknown}
        self.slots = asyncio.Semaphore(AT_ONCE)
        self.asked = 0

    async def ask(self, line: dict[str, Any], column: str, whose: str) -> httpx.Response:
        ids, name = self.things[whose], line["name"]
        token = self.cast.tokens[column]
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = None
        if line["method"] != "GET":
            headers["Idempotency-Key"] = str(uuid4())
            if line["method"] != "DELETE":
                body = BODIES.get(name, lambda _: {})(ids)
            if name in ("createUser", "createCreator", "createConnector"):
                about = f"{line['about'].lower()}_id"
                body = {**body, "shop_id": None} | ({about: ids[about]} if about in ids else {})
            if name in LINKS:
                body = {LINKS[name]: self.cast.link(self.cast.own.ids["user_id"])}
        query = QUERIES.get((name, line["about"]), lambda _: {})(ids)
        async with self.slots:
            while True:
                self.asked += 1
                answer = await self.client.request(
                    line["method"], line["path"].format(**ids), headers=headers, json=body, params=query
                )
                if answer.status_code != 429:
                    return answer
                await asyncio.sleep(int(answer.headers["retry-after"]))

    async def check(self, line: dict[str, Any], column: str, cell: str) -> list[str]:
        """Return what is wrong with the answers of one cell."""
        wanted = dict(zip(("own", "foreign", "unknown"), cell.split("/"), strict=False))
        got = {whose: await self.ask(line, column, whose) for whose in wanted}
        wrong = [f"{whose}: {problem}" for whose in wanted if (problem := _judged(got[whose], wanted[whose]))]
        if wanted.get("foreign") == wanted.get("unknown") != "403" and "foreign" in wanted and not wrong:
            shown = [_shape(got[whose], self.things[whose]) for whose in ("foreign", "unknown")]
            if shown[0] != shown[1]:
                wrong.append(f"a foreign thing answers {shown[0]}, an unknown one {shown[1]}")
        return [f"{line['method']} {line['path']} ({line['about']}) by {column}: {one}" for one in wrong]


def _judged(answer: httpx.Response, wanted: str) -> str:
    code = answer.json().get("code", "") if "problem" in answer.headers.get("content-type", "") else ""
    status, shown = answer.status_code, f"{answer.status_code} {answer.text[:240]}"
    if wanted == "in":
        past = status < 300 or status in (409, 412) or code in ANSWERED
        return "" if past else f"wanted in, got {shown}"
    if wanted == "none":
        empty = _rows_of(answer) == 1 if _is_table(answer) else not any(answer.json().values())
        return "" if status == 200 and empty else f"wanted no rows, got {shown}"
    right = {"401": (401, "UNAUTHENTICATED"), "403": (403, "PERMISSION")}.get(wanted)
    good = (status, code) == right if right else status == 404 and code.endswith("_NOT_FOUND")
    return "" if good else f"wanted {wanted}, got {shown}"


def _is_table(answer: httpx.Response) -> bool:
    return answer.headers.get("content-type", "").startswith(("text/csv", XLSX))


def _rows_of(answer: httpx.Response) -> int:
    """Return how many rows a table has, its head included."""
    if not answer.headers["content-type"].startswith(XLSX):
        return len(answer.text.splitlines())
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return book.read("xl/worksheets/sheet1.xml").count(b"<row ")


def _shape(answer: httpx.Response, ids: Ids) -> Any:
    """Return an answer without what differs from request to request: its id, and the ids that were asked for."""
    text = answer.text
    for name, value in ids.items():
        text = text.replace(value, name)
    body = {name: value for name, value in httpx.Response(200, text=text).json().items() if name != "request_id"}
    kept = {
        name: value for name, value in answer.headers.items() if name not in ("x-request-id", "date", "content-length")
    }
    return answer.status_code, body, kept


async def _run(cast: Any, unknown: Ids) -> tuple[int, list[str]]:
    columns, rows = lines()
    assert len(rows) > 70 and len(columns) == 13
    wrong: list[str] = []
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    async with httpx.AsyncClient(base_url=cast.system.url, timeout=60, cookies=no_cookies) as client:
        asker = Asker(cast, client, unknown)
        cells = [(line, column, cell) for line in rows for column, cell in zip(columns, line["cells"], strict=True)]
        late = [one for one in cells if one[0]["name"] in LAST and one[2].startswith("in")]
        for found in await asyncio.gather(*[asker.check(*one) for one in cells if one not in late]):
            wrong += found
        for one in sorted(late, key=lambda one: LAST.index(one[0]["name"])):
            wrong += await asker.check(*one)
        return asker.asked, wrong


@pytest.mark.requirement("R4")
def test_every_cell_of_the_access_matrix(cast: Any) -> None:
    asked, wrong = asyncio.run(_run(cast, type(cast.own).unknown().ids))
    assert not wrong, f"{len(wrong)} of {asked} answers:\n" + "\n".join(wrong[:200])
