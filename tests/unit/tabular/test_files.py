"""The files that we take: past sessions, catalogues, chat logs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from showfloor.tabular import BadFile, Table
from showfloor.tabular.chat import read_chat
from showfloor.tabular.history import PastRow, read_history
from showfloor.tabular.product_files import read_products

HEADER = "session,host,started_at,duration_s,views,average_stay_s,likes,units_sold,gmv_cny"
GOOD = "s1,host-1,2021-06-01T11:02:00+08:00,3600,1000,60,5000,12,345.67"
REAL = Path(__file__).parents[4] / "shared/data"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def history(*lines: str) -> tuple[list[PastRow], Table]:
    return read_history("\n".join([HEADER, *lines]).encode(), "history.csv", NOW)


def chat(*lines: str, header: str = "offset_s,viewer,message"):
    return read_chat("\n".join([header, *lines]).encode(), "chat.csv")


def told(table: Table) -> list[tuple[int, str, str]]:
    return [(p.line, p.column, p.problem) for p in table.problems]


def test_a_row_is_read_to_the_unit() -> None:
    (row,), table = history(GOOD)
    assert table.problems == []
    assert (row.reference, row.account, row.currency, row.gmv, row.views) == ("s1", "host-1", "CNY", 34567, 1000)
    assert row.started_at is not None
    assert row.started_at.isoformat() == "2021-06-01T11:02:00+08:00"


@pytest.mark.requirement("D14")
@pytest.mark.parametrize("missing", ["", "-", "–", "N/A", "n/a", "NaN", "null", "#N/A"])
def test_a_number_that_is_missing_is_not_known_and_never_zero(missing: str) -> None:
    (row,), table = history(f"s1,,2021-06-01T11:02:00Z,60,{missing},,0,,{missing}")
    assert table.problems == []
    assert (row.views, row.gmv, row.likes, row.account) == (None, None, 0, "not known")


@pytest.mark.requirement("D13")
def test_history_knows_no_limit_of_our_own_events() -> None:
    data = f"{HEADER},products\n{GOOD.replace('3600', '57697')},430\n".encode()
    (row,), table = read_history(data, "long.csv", NOW)
    assert table.problems == []
    assert (row.duration_s, row.products) == (57697, 430)


@pytest.mark.parametrize(
    ("cell", "value", "column", "problem"),
    [
        (0, "", "session", "must be 1 to 64 characters"),
        (0, "x" * 65, "session", "must be 1 to 64 characters"),
        (1, "a\x1b[31mb", "host", "must not hold control characters (U+001B)"),
        (1, "a\u202eb", "host", "must not hold controls of the writing direction (U+202E)"),
        (1, "\u3164", "host", "must hold something visible"),
        (2, "yesterday", "started_at", "is not a time"),
        (2, "", "started_at", "is empty"),
        (2, "2021-06-01T11:02:00", "started_at", "has no zone"),
        (2, "1999-12-31T23:59:59Z", "started_at", "is not between 2000 and 2100"),
        (2, "9999-12-31T23:59:59-23:59", "started_at", "is not between 2000 and 2100"),
        (3, "0", "duration_s", "is out of range"),
        (3, "N/A", "duration_s", "is empty"),
        (3, "1:75:00", "duration_s", "is not a length of time"),
        (3, "12:30", "duration_s", "is not a length of time"),  # minutes, or hours?
        (3, "-01:00:00", "duration_s", "is negative"),
        (4, "-1", "views", "is negative"),
        (4, "(12)", "views", "is negative"),
        (4, "1.5", "views", "has decimals, and must be a whole number"),
        (4, "12 viewers", "views", "has 'viewers' beside the number"),
        (4, "12%", "views", "has '%' beside the number"),
        (4, "١2", "views", "is not a number"),
        (4, "9e99", "views", "is not a number"),
        (4, "9" * 20, "views", "is too large"),
        (4, "9" * 5000, "views", "is not a number"),
        (8, "1.2345", "gmv_cny", "has more than 2 decimals"),
        (8, "$5.00", "gmv_cny", "has '$' beside the number"),
        (8, "many", "gmv_cny", "is not a number"),
        (8, "1.2.3", "gmv_cny", "is not a number"),
    ],
)
def test_a_bad_cell_is_told_with_line_column_value_and_mend(cell: int, value: str, column: str, problem: str) -> None:
    cells = GOOD.split(",")
    cells[cell] = value
    _, table = history(GOOD.replace("s1", "s0"), ",".join(cells))
    (only,) = table.problems
    assert (only.line, only.column, only.problem) == (3, column, problem)
    assert only.mend and only.value.rstrip("…") in value


def test_every_problem_of_a_file_is_told() -> None:
    bad = GOOD.replace("1000", "many").replace("345.67", "-1")
    _, table = history(GOOD, bad.replace("s1", "s2"), GOOD + ",more", bad.replace("s1", "s3"))
    assert [(p.line, p.column) for p in table.problems] == [
        (3, "views"), (3, "gmv_cny"), (4, ""), (4, "session"), (5, "views"), (5, "gmv_cny"),
    ]  # fmt: skip


def test_a_reference_stands_once_however_it_is_written() -> None:
    _, table = history(GOOD.replace("s1", "caf\u00e9"), GOOD.replace("s1", "cafe\u0301"))
    assert told(table) == [(3, "session", "is already on line 2")]


def test_a_length_may_be_a_clock() -> None:
    (row,), table = history(GOOD.replace("3600", "01:02:03"))
    assert (table.problems, row.duration_s) == ([], 3723)


def test_a_catalogue_row_needs_a_price() -> None:
    data = b"product,category,price_eur,commission_percent\np1,toys,9.99,2.5%\np2,,,\n"
    products, currency, table, *_ = read_products(data, "c.csv", currency="USD")
    assert currency == "EUR"
    assert (products[0].price, products[0].commission_bps, products[0].title) == (999, 250, "toys p1")
    assert told(table) == [(3, "price_eur", "is empty")]


TITLES = (
    "👩‍🍳 Lan", "Crème\u00a050 ml", "和牛\u3000500g", "می‌خواهم", "Garten\u00adschlauch", "\u200fعباية", "[bold]x",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
)  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_titles_of_every_script_come_through_unchanged(title: str) -> None:
    (row,), _, table, *_ = read_products(
        f"product,title,price_usd\na,{title},5\n".encode(), "catalogue.csv", currency="USD"
    )
    assert (row.title, table.problems) == (title, [])


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        (f"s2,h,{NOW + timedelta(days=9):%Y-%m-%dT%H:%M:%SZ},60,,,0,,", "started_at", "lies in the future"),
        (f"s2,h,{NOW - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ},3600,,,0,,", "duration_s", "ends in the future"),
    ],
)
def test_a_session_that_is_not_over_is_refused_with_its_line(row: str, column: str, problem: str) -> None:
    _, table = history(GOOD, row)
    assert told(table) == [(3, column, problem)]


@pytest.mark.parametrize(
    ("offset", "at"),
    [
        ("0", 0), ("12.5", "12.5"), ("-95", -95), ("-3.5", "-3.5"), ("-1:35", -95), ("0:12", 12), ("1:02:03", 3723),
        ("90:00", 5400),
    ],
)  # fmt: skip
def test_a_chat_log_counts_from_its_start_and_before_it(offset: str, at: object) -> None:
    (line,), table = chat(f"{offset},v,hi")
    assert (table.problems, line.at) == ([], Decimal(str(at)))


@pytest.mark.parametrize("offset", ["nan", "inf", "", "1:99", "99999999", "soon"])
def test_an_offset_that_is_none_is_refused_with_its_line(offset: str) -> None:
    lines, table = chat("0,v,hi", f"{offset},v,hi")
    assert ([(p.line, p.column) for p in table.problems], len(lines)) == ([(3, "offset_s")], 1)


def test_nothing_of_a_chat_is_taken_out() -> None:
    said = ["👩‍🍳 wow", "می‌خواهم", "和牛\u3000500g", '"two\nlines"', "[bold]x[/bold]", "👩‍👩‍👧‍👦" * 30]
    lines, table = chat(*(f"{n},👩‍👩‍👧‍👦,{text}" for n, text in enumerate(said)))
    assert table.problems == []
    assert [line.text for line in lines] == [text.strip('"') for text in said]
    assert {line.author for line in lines} == {"👩‍👩‍👧‍👦"}


def test_a_long_message_is_cut_and_a_blank_one_left_out() -> None:
    family = "👩‍👩‍👧‍👦"
    lines, table = chat(f"1,v,{'x' * 499}{family}{family}", "2,v,\u3164 \u200b", "3,v, ")
    assert (table.problems, [line.text for line in lines]) == ([], [f"{'x' * 499}{family}"])
    assert [(w.line, w.problem) for w in table.warnings] == [
        (3, "2 messages show nothing and were left out"),
        (2, "1 messages were cut at 500 characters"),
    ]


@pytest.mark.parametrize("reference", ["1.23457E+18", "1,23457e+18"])
def test_a_reference_that_a_spreadsheet_has_rounded_is_refused(reference: str) -> None:
    _, _, table, *_ = read_products(
        f"product\tprice_usd\n{reference}\t5\nSKU-1E+5\t5\n1E10\t5\n".encode(), "catalogue.csv", currency="USD"
    )
    assert told(table) == [(2, "product", "is a number that a spreadsheet has rounded")]


@pytest.mark.parametrize(
    "header",
    [
        "time_in_seconds,author,message",
        "Time,User name,Comment",
        "content_offset_seconds,commenter,body",
        "time_text,author.name,text",
    ],
)
def test_headers_of_known_downloaders_are_read(header: str) -> None:
    (line,), table = chat("1,Ana,hi", header=header)
    assert (line.author, line.text, line.at, table.warnings) == ("Ana", "hi", 1, [])


def test_of_two_names_for_one_column_the_better_one_counts() -> None:
    (line,), table = chat("1,0:01,UC1,Ana,hi", header="time_in_seconds,time_text,author.id,author.name,message")
    assert (line.author, line.at) == ("Ana", 1)
    assert [w.column for w in table.warnings] == ["time_text", "author.id"]


def test_a_message_with_an_unquoted_comma_is_never_cut() -> None:
    _, table = chat("1,Bob,2 items, please")
    assert told(table) == [(2, "", "has 4 cells, and the line of headers has 3")]


@pytest.mark.skipif(not REAL.exists(), reason="the real data is not beside the project (../shared/data)")
def test_real_files_are_read_whole() -> None:
    past, table = read_history((REAL / "live_sessions.csv").read_bytes(), "live_sessions.csv", NOW)
    assert (len(past), table.problems) == (863, [])
    products, currency, table, *_ = read_products((REAL / "products.csv").read_bytes(), "products.csv", currency="USD")
    assert (len(products), currency, table.problems) == (15811, "CNY", [])
    lines, table = read_chat((REAL / "live_chat.csv").read_bytes(), "live_chat.csv")
    assert (len(lines), table.problems) == (9000, [])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"session,host\n", "has no column started_at, duration_s, gmv_<currency>"),
        (b"session,host,started_at,duration_s,gmv\n", "`gmv`: did you mean `gmv_<currency>`"),
        (b"a|b|c\n1|2|3\n", "has no column session"),
        (HEADER.encode().replace(b"host", b"\xe9"), "line 1: is not UTF-8"),
    ],
)
def test_what_is_not_such_a_file_is_refused_whole(content: bytes, says: str) -> None:
    with pytest.raises(BadFile) as bad:
        read_history(content, "bad.csv", NOW)
    assert says in str(bad.value) and bad.value.mend


@pytest.mark.parametrize(
    ("currency", "written", "minor"),
    [
        ("jpy", "1500", 1500),
        ("vnd", "1299000", 1299000),
        ("kwd", "1.255", 1255),
        ("kwd", "1.25", 1250),
        ("usd", "1.5", 150),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(currency: str, written: str, minor: int) -> None:
    (row,), _, table, *_ = read_products(
        f"product,price_{currency}\na,{written}\n".encode(), "catalogue.csv", currency="USD"
    )
    assert (row.price, table.problems) == (minor, [])


@pytest.mark.parametrize(("currency", "written"), [("jpy", "15.5"), ("kwd", "1.2555"), ("usd", "1.255")])
def test_an_amount_with_more_decimals_is_refused(currency: str, written: str) -> None:
    _, _, table, *_ = read_products(
        f"product,price_{currency}\na,{written}\n".encode(), "catalogue.csv", currency="USD"
    )
    assert [(p.line, p.column) for p in table.problems] == [(2, f"price_{currency}")]


def test_a_currency_that_is_none_is_asked_about() -> None:
    with pytest.raises(BadFile, match="did you mean `price_<currency>`"):
        read_products(b"product,price_xyz\na,1\n", "c.csv", currency="USD")
