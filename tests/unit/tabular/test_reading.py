"""Dialects, encodings, headers, limits: recognised, or named with the way out."""

import pytest

from showfloor.tabular import BadFile, Column, Columns, Limits, read_table, shop_formats

COLUMNS = Columns(
    "lists",
    (
        Column("product", needed=True),
        Column("price", needed=True, number=True, currency=True),
        Column("title"),
        Column("views", number=True),
    ),
)
PLAIN = 'product,title,price_eur,views\nA,"Tea, green",19.90,5\nB,Áo dài,5,\n'


def read(data: bytes | str, **options):
    return read_table(data.encode() if isinstance(data, str) else data, "list.csv", COLUMNS, **options)


def cells(table) -> list[tuple[int, str, str, str]]:
    return [(row.line, row.raw("product"), row.raw("title"), row.raw("price")) for row in table.rows]


def told(table) -> list[tuple[int, str, str]]:
    return [(p.line, p.column, p.problem) for p in table.problems]


EXPECTED = [(2, "A", "Tea, green", "19.90"), (3, "B", "Áo dài", "5")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_dialect_gives_the_same_table(encoding: str, end: str, delimiter: str) -> None:
    text = PLAIN if delimiter == "," else PLAIN.replace(", ", "\0").replace(",", delimiter).replace("\0", ", ")
    table = read(text.replace("\n", end).encode(encoding))
    assert (cells(table), told(table), table.currency("price")) == (EXPECTED, [], "EUR")


def test_a_line_that_names_the_delimiter_is_no_row() -> None:
    assert cells(read("sep=;\n" + PLAIN.replace(", ", "\0").replace(",", ";").replace("\0", ", ")))[0][:2] == (3, "A")
    with pytest.raises(BadFile, match=r"says that '\|' parts"):
        read("sep=|\nproduct|price_eur\n")


def test_blank_lines_and_lines_of_empty_cells_are_no_rows() -> None:
    table = read("\n\nproduct,price_eur\n\nA,1\n,\n  \nB,2\n")
    assert [(row.line, row.raw("product")) for row in table.rows] == [(5, "A"), (8, "B")]


def test_a_cell_of_several_lines_counts_as_it_begins() -> None:
    table = read('product,title,price_eur\nA,"two\nlines",1\nB,x,many\n')
    assert [row.line for row in table.rows] == [2, 4]
    assert table.rows[0].lines("title", 100) == "two\nlines"
    table.rows[0].text("title", 100)
    assert told(table) == [(2, "title", "must not hold line breaks or tabs (U+000A)")]


@pytest.mark.parametrize(
    "header",
    [
        "Product,TITLE,Price_EUR,Views",
        " product , title,price_eur ,views",
        "PRODUCT,Title,Price EUR,views",
        "product,title,price (eur),views",
    ],
)
def test_headers_are_matched_without_case_and_spaces(header: str) -> None:
    assert cells(read(PLAIN.replace("product,title,price_eur,views", header))) == EXPECTED


def test_two_columns_of_one_name_are_refused_with_both_places() -> None:
    table = read("product,views,Views,price_eur\nA,1,2,3\n")
    assert told(table) == [(1, "Views", "names views twice: `views` (column 2) and `Views` (column 3)")]


def test_a_second_currency_is_refused() -> None:
    table = read("product,price_usd,price_eur\nA,1,2\n")
    assert "of more than one currency: `price_usd` (column 2) and `price_eur` (column 3)" in told(table)[0][2]


@pytest.mark.parametrize(
    ("slip", "meant"), [("veiws", "views"), ("view", "views"), ("tilte", "title"), ("titles", "title")]
)
def test_a_near_miss_is_asked_about(slip: str, meant: str) -> None:
    table = read(f"product,price_eur,{slip}\nA,1,2\n")
    assert told(table) == [(1, slip, f"`{slip}`: did you mean `{meant}`?")]


@pytest.mark.parametrize("slip", ["price", "price_euro", "prise_eur"])
def test_a_near_miss_of_a_needed_column_is_asked_about(slip: str) -> None:
    with pytest.raises(BadFile, match=f"`{slip}`: did you mean `price_<currency>`"):
        read(f"product,{slip}\nA,1\n")


def test_a_column_that_nobody_reads_is_told() -> None:
    table = read("product,price_eur,colour,\nA,1,red,\n")
    assert ([(w.line, w.column) for w in table.warnings], told(table)) == ([(1, "colour")], [])


def test_a_row_with_too_many_or_too_few_cells_is_refused() -> None:
    table = read("product,price_eur,title\nA,1,x,y\nB\nC,3,z,,\n")
    assert told(table) == [
        (2, "", "has 4 cells, and the line of headers has 3"),
        (3, "", "has 1 cells, and the line of headers has 3: no cell for price_eur, title"),
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"product,price_eur\nCh\xe9,1\n", "line 2: is not UTF-8: 'Ché,1' is in another encoding"),
        ("product,price_eur\nA,1\n".encode("utf-16-le"), "looks like UTF-16 without its mark"),
        (b"\xff\xfea", "is broken UTF-16-LE"),
        (b"product,price_eur\nA,1\nB\0,2\n", "line 3: holds a NUL character"),
        (b"\x1f\x8b\x08\x00rest", "is a gzip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "is an old spreadsheet"),
        (b"%PDF-1.7", "is a PDF"),
        (b"<!DOCTYPE html><table>", "is a web page or XML"),
        (b"\xef\xbb\xbf<table><tr>", "is a web page or XML"),
        (b'[{"product": 1}]', "is JSON"),
        (b" \r\n\t", "is empty"),
    ],
)
def test_what_is_no_text_of_ours_is_named_with_the_way_out(data: bytes, says: str) -> None:
    with pytest.raises(BadFile) as bad:
        read(data)
    assert says in str(bad.value) and bad.value.mend


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('B,"x,1,2\nC,y,3,4\n', "has a quote that is never closed"),
        ('B,"x"y,1,2\n', "has text after a closing quote, before the comma"),
    ],
)
def test_where_a_file_stops_being_csv_is_told(row: str, says: str) -> None:
    table = read(f"product,title,price_eur,views\nA,x\n{row}")
    assert told(table)[0][:2] == (2, "") and told(table)[1] == (3, "", says)


def test_limits_hold_and_are_told() -> None:
    few = Limits(bytes=200, rows=2, columns=4, cell=10, problems=3)
    assert told(read("product,price_eur\nA,1\nB,2\nC,3\n", limits=few)) == [(4, "", "has more than 2 rows")]
    assert told(read(f"product,price_eur\n{'x' * 11},1\n", limits=few)) == [
        (2, "product", "has more than 10 characters")
    ]
    with pytest.raises(BadFile, match="larger than"):
        read("x" * 201, limits=few)
    with pytest.raises(BadFile, match="more than 4 columns"):
        read("product,price_eur,a,b,c\n", limits=few)
    table = read('product,price_eur\nA,"' + "x" * 60, limits=few)
    assert told(table) == [(2, "", "has more than 40 characters in one row")]
    many = read("product,price_eur\n" + "A,1,2\n" * 9, limits=Limits(problems=3))
    assert (len(many.problems), many.more_problems) == (3, 6)


@pytest.mark.parametrize(
    ("prices", "amounts"),
    [
        (["19,90", "5"], [1990, 500]),
        (["1.299,00", "1.299"], [129900, 129900]),
        (["1,299.00", "1,299"], [129900, 129900]),
        (["1 299,5", "1\u00a0299"], [129950, 129900]),
        (["1'299.50", "12’345"], [129950, 1234500]),
        (["1,29,900.50"], [12990050]),
        (["1,299,000"], [129900000]),
        (["١٢٩٩٫٥", "۱۲"], [129950, 1200]),
        (["１２９９．５０"], [129950]),
        (["€19.90", "5 EUR", "eur 7", "-"], [1990, 500, 700, None]),
        (["0.5", ".5", "007"], [50, 50, 700]),
    ],
)
def test_numbers_are_read_by_the_rule_of_their_column(prices: list[str], amounts: list[int | None]) -> None:
    table = read("product\tprice_eur\n" + "".join(f"A\t{price}\n" for price in prices))
    assert ([row.amount("price", 2) for row in table.rows], told(table)) == (amounts, [])


def test_another_column_of_the_file_may_say_which_mark_it_uses() -> None:
    table = read('product,price_eur,views\nA,"19,90","1.299"\n')
    assert (table.rows[0].whole("views"), told(table)) == (1299, [])


@pytest.mark.parametrize("value", ["1,299", "1.299", "12,345"])
def test_a_number_that_can_be_read_in_two_ways_is_refused(value: str) -> None:
    table = read(f"product;price_eur\nA;{value}\nB;5\n")
    assert table.rows[0].amount("price", 2) is None
    assert told(table) == [(2, "price_eur", "can be read in two ways")]


def test_three_decimals_are_plain_where_the_currency_has_three() -> None:
    table = read("product,price_kwd\nA,1.255\nB,0.5\n")
    assert ([row.amount("price", 3) for row in table.rows], told(table)) == ([1255, 500], [])


def test_two_decimal_marks_in_one_column_are_refused() -> None:
    table = read('product,price_eur\nA,"19,90"\nB,1234.5\n')
    assert [row.amount("price", 2) for row in table.rows] == [1990, None]
    assert told(table) == [(3, "price_eur", "has a decimal dot, and other cells have a decimal comma")]


@pytest.mark.parametrize("unit", ["\u0301\u0327", " ", "1", "1,", "(", "\u0661", "\u200d", "🇻🇳", "-"])
def test_no_cell_takes_long(unit: str) -> None:
    """A step that is not linear in the length of a cell takes longer than a test may."""
    cell = "a" + unit * (10_000 // len(unit) - 1) + "Z"
    rows = "".join(f'"{cell}",1,"{cell}",5\n"A","{cell}",x,"{cell[1:]}"\n' for _ in range(200))
    table = read("product,price_eur,title,views\n" + rows)
    for row in table.rows:
        row.reference("product"), row.text("title", 200), row.amount("price", 2), row.whole("views")
        row.moment("title"), row.seconds("views", 1, 9), row.percent("views")
    assert table.problems


@pytest.mark.parametrize("unit", ["\u0301\u0327", "a", ".", " -", "\u200b"])
def test_no_header_takes_long(unit: str) -> None:
    with pytest.raises(BadFile, match="header of more than 200"):
        read(f"product,price_eur,{unit * (1_900_000 // len(unit))}x\nA,1,\n")


def test_a_formula_is_text() -> None:
    table = read('product,title,price_eur\nA,"=HYPERLINK(""http://x"",""y"")",1\n')
    assert (table.rows[0].text("title", 100), told(table)) == ('=HYPERLINK("http://x","y")', [])


@pytest.mark.parametrize("rest", [b"", b"\n", b"\n\n,,\n"])
def test_a_file_of_headers_alone_is_told_so(rest: bytes) -> None:
    with pytest.raises(BadFile, match="holds no row"):
        read_table(b"product,title,category,price_usd" + rest, "p.csv", shop_formats.COLUMNS)


def test_blank_lines_without_end_are_refused() -> None:
    limits = Limits(rows=100)
    table = read_table(HEADERS_AND_ROW + b"\n" * 10_000, "p.csv", shop_formats.COLUMNS, limits)
    assert len(table.rows) == 1
    table = read_table(HEADERS_AND_ROW + b"\n" * 2_000_000, "p.csv", shop_formats.COLUMNS, limits)
    assert "blank lines" in table.problems[0].problem


HEADERS_AND_ROW = b"product,title,category,price_usd\nA,Lamp,Home,1\n"
