"""Reading CSV files of past sessions and catalogues."""

from datetime import timedelta
from pathlib import Path

import pytest

from showfloor.cli.history import read_catalogue, read_history
from showfloor.cli.recording import chat_lines
from showfloor.cli.rows import BadFile
from showfloor.kernel.clock import utc_now

HEADER = "session,host,started_at,duration_s,views,average_stay_s,likes,units_sold,gmv_cny"
GOOD = "s1,host-1,2021-06-01T11:02:00+08:00,3600,1000,60,5000,12,345.67"
REAL = Path(__file__).parents[4] / "shared/data"


def history(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "history.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_row_is_read_to_the_unit(tmp_path: Path) -> None:
    (row,), problems = read_history(history(tmp_path, GOOD), "shop")
    assert problems == []
    assert (row.reference, row.account, row.currency, row.gmv, row.views) == ("s1", "host-1", "CNY", 34567, 1000)
    assert row.started_at is not None
    assert row.started_at.isoformat() == "2021-06-01T11:02:00+08:00"


@pytest.mark.requirement("D14")
def test_an_empty_number_is_not_known_and_never_zero(tmp_path: Path) -> None:
    (row,), problems = read_history(history(tmp_path, "s1,,2021-06-01T11:02:00Z,60,,,0,,"), "shop")
    assert problems == []
    assert (row.views, row.gmv, row.likes, row.account) == (None, None, 0, "not known")


@pytest.mark.requirement("D13")
def test_history_knows_no_limit_of_our_own_events(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(f"{HEADER},products\n{GOOD.replace('3600', '57697')},430\n")
    (row,), problems = read_history(path, "shop")
    assert problems == []
    assert (row.duration_s, row.products) == (57697, 430)


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        (0, "", "session: has 0 characters; 1 to 64 are needed"),
        (0, "x" * 65, "session: has 65 characters; 1 to 64 are needed"),
        (2, "yesterday", "started_at: 'yesterday' is not a time such as 2021-06-01T11:02:00+08:00"),
        (2, "2021-06-01T11:02:00", "started_at: '2021-06-01T11:02:00' has no zone: add one, such as +08:00 or Z"),
        (3, "0", "duration_s: 0 is outside 1 to 604800"),
        (3, "", "duration_s: is empty; a session has a length"),
        (4, "-1", "views: -1 is outside 0 to 9007199254740992"),
        (4, "1.5", "views: '1.5' is not a whole number"),
        (4, "NaN", "views: 'NaN' is not a whole number"),
        (4, "9e99", "views: 9e99 is outside 0 to 9007199254740992"),
        (8, "1.234", "gmv_cny: '1.234' is not an amount with at most two decimals"),
        (8, "many", "gmv_cny: 'many' is not an amount with at most two decimals"),
    ],
)
def test_a_bad_cell_is_named_with_its_line_and_column(tmp_path: Path, cell: int, value: str, problem: str) -> None:
    cells = GOOD.split(",")
    cells[cell] = value
    _, problems = read_history(history(tmp_path, GOOD.replace("s1", "s0"), ",".join(cells)), "shop")
    assert [f"{p.column}: {p.problem}" for p in problems] == [problem]
    assert problems[0].line == 3


def test_a_reference_may_stand_once(tmp_path: Path) -> None:
    _, problems = read_history(history(tmp_path, GOOD, GOOD), "shop")
    assert [(p.line, p.problem) for p in problems] == [(3, "'s1' is already on line 2")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "has no column such as gmv_cny"),
        (b"session,host\n", "has no column such as gmv_cny"),
        (b"session,gmv_cny\n", "has no column host, started_at, duration_s"),
        (b"\xff\xfe\x00gmv", "not UTF-8 CSV"),
        (HEADER.encode() + b'\n"s1,', "not UTF-8 CSV"),
        (HEADER.encode() + b"\ns1,h,\xff\n", "not UTF-8 CSV"),
    ],
)
def test_what_is_not_such_a_file_is_refused_whole(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=says):
        read_history(path, "shop")


def test_a_row_with_too_many_or_too_few_cells_is_refused(tmp_path: Path) -> None:
    _, problems = read_history(history(tmp_path, GOOD + ",extra", GOOD.replace("s1", "s2")[:-7]), "shop")
    assert [(p.line, p.column) for p in problems] == [(2, "(row)"), (3, "(row)")]


def test_a_catalogue_row_needs_a_price(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_text("product,category,price_eur,commission_percent\np1,toys,9.99,2.5\np2,,,\n")
    products, currency, problems = read_catalogue(path)
    assert currency == "EUR"
    assert (products[0].price, products[0].commission_bps, products[0].title) == (999, 250, "toys p1")
    assert [(p.line, p.column, p.problem) for p in problems] == [(3, "price_eur", "is empty; a product needs a price")]


@pytest.mark.skipif(not REAL.exists(), reason="the real data is not beside the project (../shared/data)")
def test_real_history_and_catalogue_are_read_whole() -> None:
    past, problems = read_history(REAL / "live_sessions.csv", "shop")
    assert (len(past), problems) == (863, [])
    products, currency, problems = read_catalogue(REAL / "products.csv")
    assert (len(products), currency, problems) == (15811, "CNY", [])


@pytest.mark.parametrize("number", ["9e999999", "1e400", "-9e999999", "9" * 5000])
def test_a_number_beyond_all_bounds_is_refused_and_never_written_out(tmp_path: Path, number: str) -> None:
    rows = [GOOD.replace("345.67", number), GOOD.replace("s1", "s2").replace("5000", number)]
    _, problems = read_history(history(tmp_path, *rows), "shop")
    assert [(p.line, p.column) for p in problems] == [(2, "gmv_cny"), (3, "likes")]
    assert all("is outside 0 to" in p.problem for p in problems)


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "1999-12-31T23:59:59Z"])
def test_a_time_outside_our_calendar_is_refused(tmp_path: Path, time: str) -> None:
    _, problems = read_history(history(tmp_path, GOOD.replace("2021-06-01T11:02:00+08:00", time)), "shop")
    assert [(p.line, p.column) for p in problems] == [(2, "started_at")]


@pytest.mark.parametrize("offset", ["nan", "inf", "-1"])
def test_a_chat_log_counts_seconds_from_its_start(tmp_path: Path, offset: str) -> None:
    path = tmp_path / "chat.csv"
    path.write_text(f"offset_s,viewer,message\n0,v,hi\n{offset},v,hi\n")
    with pytest.raises(BadFile, match="offset_s is"):
        chat_lines(path)


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        (f"s1,h,{utc_now() + timedelta(days=9):%Y-%m-%dT%H:%M:%SZ},60,,,0,,", "started_at", "lies in the future"),
        (f"s1,h,{utc_now() - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ},3600,,,0,,", "duration_s", "ends in the future"),
    ],
)
def test_a_session_that_is_not_over_is_refused_with_its_line(
    tmp_path: Path, row: str, column: str, problem: str
) -> None:
    _, problems = read_history(history(tmp_path, GOOD, row.replace("s1", "s2")), "shop")
    (only,) = problems
    assert (only.line, only.column) == (3, column)
    assert problem in only.problem
