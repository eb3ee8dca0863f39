"""Real sessions, a real chat and a real catalogue, brought in by the command line and equal to the unit."""

import csv
import gzip
import json
import re
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from showfloor.testing.system import Rest, System

Known = Callable[[list[dict[str, Any]]], dict[str, float]]
COLUMNS = {
    "views": "views", "likes": "likes", "gifts": "gifts", "new_followers": "new_followers", "units_sold": "units_sold",
    "peak_viewers": "pcu", "average_viewers": "acu", "average_stay_s": "average_stay", "products": "products",
    "duration_s": "duration",
}  # fmt: skip
ROW = "s0986"


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return {row["session"]: row for row in csv.DictReader(file)}


def totals(row: dict[str, str]) -> dict[str, int]:
    """Return what a row says, by metric; what it leaves empty is left out."""
    found = {metric: int(row[column]) for column, metric in COLUMNS.items() if row[column]}
    return {**found, "gmv": int(Decimal(row["gmv_cny"]) * 100)} if row["gmv_cny"] else found


def listed(api: Rest, shop: str, metrics: list[str]) -> list[dict[str, Any]]:
    """Return every session of a shop, through all pages."""
    shops = {one["name"]: one["shop_id"] for one in api.get("/shops")["shops"]}
    accounts = [one["account_id"] for one in api.get("/accounts", shop_id=shops[shop])["accounts"]]
    found: list[dict[str, Any]] = []
    token = ""
    while True:
        query = {"account_ids": accounts, "metrics": metrics, "page_size": 200, "page_token": token}
        page = api.get("/sessions", **query)
        found += page["sessions"]
        token = page["next_page_token"]
        if not token:
            return found


@pytest.mark.requirement("R122", "D12", "D13", "D14")
def test_863_real_sessions_import_row_for_row_once(system: System, api: Rest, real_data: Path, known: Known) -> None:
    shop = f"Real {uuid4().hex[:6]}"
    real = rows_of(real_data / "live_sessions.csv")
    words = ("import", "history", real_data / "live_sessions.csv", "--shop", shop)
    first = system.cli(*words, "--create-shop", "CNY").stdout
    assert "863 new, 0 corrected, 0 already there" in " ".join(first.split())
    again = system.cli(*words).stdout
    assert "0 new, 0 corrected, 863 already there" in " ".join(again.split())
    metrics = [*COLUMNS.values(), "gmv"]
    rows = listed(api, shop, metrics)
    assert len(rows) == len(real) == 863
    by_start = {row["session"]["title"].rpartition("(")[2].rstrip(")"): known(row["readings"]) for row in rows}
    assert by_start == {reference: totals(row) for reference, row in real.items()}
    assert {row["session"]["currency"] for row in rows} == {"CNY"}


def test_a_real_catalogue_is_imported_and_can_be_searched(
    system: System, api: Rest, real_data: Path, tmp_path: Path
) -> None:
    few = tmp_path / "products.csv"
    lines = (real_data / "products.csv").read_text(encoding="utf-8").splitlines()
    few.write_text("\n".join(lines[:1501]) + "\n", encoding="utf-8")
    shop = f"Catalogue {uuid4().hex[:6]}"
    words = ("import", "catalogue", few, "--shop", shop)
    assert "1500 products: 1500 new" in " ".join(system.cli(*words, "--create-shop", "CNY").stdout.split())
    again = " ".join(system.cli(*words).stdout.split())
    assert "0 new, 0 updated, 1500 already there" in again
    shop_id = next(one["shop_id"] for one in api.get("/shops")["shops"] if one["name"] == shop)
    (found,) = api.get(f"/shops/{shop_id}/products", query="p00004")["products"]
    assert found["price"] == {"minor": 903900, "currency": "CNY", "exponent": 2}


@pytest.mark.requirement("R118", "R125", "R151", "R173")
def test_a_real_session_played_back_equals_its_row_everywhere(
    system: System, api: Rest, real_data: Path, tmp_path: Path, known: Known
) -> None:
    row, recording = totals(rows_of(real_data / "live_sessions.csv")[ROW]), tmp_path / "real.live"
    history, chat = real_data / "live_sessions.csv", real_data / "live_chat.csv"
    shop = f"Played {uuid4().hex[:6]}"
    made = Record(system, history, chat, recording, shop)
    printed = system.cli("replay", made.path, "--speed", "max").stdout
    session = re.search(r"Session (\S{36}):", printed)
    assert session, printed
    metrics = ["gmv", "views", "likes", "gifts", "new_followers", "units_sold", "average_stay", "comments"]
    wanted = {name: row[name] for name in metrics if name in row} | {"comments": made.comments}

    def shown() -> list[dict[str, int]]:
        board = api.get(f"/sessions/{session[1]}/board")
        recap = api.get(f"/sessions/{session[1]}/recap")
        (line,) = listed(api, shop, metrics)
        assert board["session"]["simulated"] is True
        screens = (board["core"], line["readings"], recap["readings"])
        return [{name: round(known(screen)[name]) for name in wanted} for screen in screens]

    assert shown() == [wanted] * 3
    system.rebuild()
    assert shown() == [wanted] * 3


class Record:
    """A recording made by `showfloor record`, and how many comments of the chat it holds."""

    def __init__(self, system: System, history: Path, chat: Path, out: Path, shop: str) -> None:
        words = [system.words()[0], "record", str(history), "--session", ROW, "--chat", str(chat)]
        subprocess.run([*words, "--out", str(out), "--shop", shop], check=True, capture_output=True, timeout=60)
        self.path = out
        with gzip.open(out, "rt", encoding="utf-8") as file:
            self.comments = json.loads(file.readline())["totals"]["comments"]
        with chat.open(newline="", encoding="utf-8") as file:
            assert 0.9 * sum(1 for _ in csv.DictReader(file)) < self.comments


@pytest.mark.parametrize(
    ("column", "bad", "says"),
    [("views", "many", "not a number"), ("gmv_cny", "1.234", "decimals"), ("started_at", "yesterday", "not a time")],
)
def test_one_bad_cell_is_named_and_nothing_is_imported(
    system: System, api: Rest, tmp_path: Path, column: str, bad: str, says: str
) -> None:
    names = ["session", "host", "started_at", "duration_s", "views", "gmv_cny"]
    rows = [[f"x{n}", "host", "2021-06-01T11:02:00+08:00", "60", "5", "1.50"] for n in range(3)]
    rows[1][names.index(column)] = bad
    file = tmp_path / "history.csv"
    file.write_text("\n".join(",".join(row) for row in [names, *rows]) + "\n")
    shop = f"Bad {uuid4().hex[:6]}"
    done = system.cli("import", "history", file, "--shop", shop, "--create-shop", "CNY", check=False)
    assert done.returncode == 1
    told = " ".join((done.stdout + done.stderr).split())
    assert re.search(rf"\b3\b.*{column}.*{says}", told), told
    assert "nothing was imported" in told
    shop_id = next(one["shop_id"] for one in api.get("/shops")["shops"] if one["name"] == shop)
    assert api.get("/accounts", shop_id=shop_id)["accounts"] == []


@pytest.mark.requirement("D13")
def test_a_corrected_file_shows_old_and_new_before_it_counts(system: System, api: Rest, tmp_path: Path) -> None:
    shop, file = f"Right [bold] {uuid4().hex[:6]}", tmp_path / "history.csv"

    def run(*rows: str, fine: bool = True, more: tuple[str, ...] = ()) -> str:
        file.write_text("\n".join(("session,host,started_at,duration_s,gmv_usd,views", *rows)) + "\n")
        done = system.cli("import", "history", file, "--shop", shop, *more, check=False)
        assert (done.returncode == 0) is fine, done.stdout + done.stderr
        return " ".join((done.stdout + done.stderr).split())

    def shown() -> dict[str, int]:
        rows = listed(api, shop, ["gmv"])
        return {row["session"]["title"]: round(row["readings"][0]["value"]) for row in rows}

    one, two = "a1,Rosa,2026-10-01T20:00:00+07:00,3600,100.00,500", "a2,Rosa,2026-10-02T20:00:00+07:00,3600,7.00,5"
    told = run(one, two, fine=False)
    assert f"there is no shop '{shop}'" in told and "--create-shop" in told
    assert shop not in [known["name"] for known in api.get("/shops")["shops"]]
    assert "New host: Rosa" in run(one, two, more=("--create-shop", "USD"))
    was = shown()
    assert sorted(was.values()) == [700, 10_000]
    right = one.replace("100.00", "1000.00")
    told = run(right, two, fine=False)
    assert re.search(r"2 . a1 . gmv . 100\.00 . 1000\.00", told), told
    assert "--correct" in told and shown() == was
    told = run(right, two, more=("--correct", "--dry-run"))
    assert "0 new, 1 to correct, 1 already there. Nothing was imported" in told and shown() == was
    assert "0 new, 1 corrected, 1 already there" in run(right, two, more=("--correct",))
    assert sorted(shown().values()) == [700, 100_000]
    told = run(two.replace("Rosa", "Rosa B"), fine=False, more=("--correct",))
    assert re.search(r"2 . session . a2 . is a session of Rosa,.* not of Rosa B", told), told
    told = run(one.replace("a1", "a3"), fine=False, more=("--create-shop", "EUR"))
    assert "keeps its books in USD" in told
