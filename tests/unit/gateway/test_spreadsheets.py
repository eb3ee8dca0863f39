"""Workbooks: numbers are numbers, times are UTC and say so, texts are texts, whatever they begin with."""

import io
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from showfloor.api.session.v1.analytics_service_pb2 import ExportSessionsResponse, SessionRow
from showfloor.api.session.v1.comment_pb2 import Comment
from showfloor.api.session.v1.comment_service_pb2 import ExportCommentsResponse
from showfloor.api.session.v1.session_pb2 import Session
from showfloor.gateway.http import exports

_CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TEXTS = ("=1+1", "+1", "@SUM(A1)", "\t=1", "http://a.example", "12", "日本語 🎉 العربية", "a\nb", "\x01", "x" * 500)


async def book_of(session_id: str, *pages: Any) -> tuple[list[list[tuple[str, str]]], str, str]:
    """Return the cells of a download, each with its type; the formats of its workbook; its sheet as XML."""

    async def all_pages() -> AsyncIterator[Any]:
        for page in pages:
            yield page

    answer = exports.answer("xlsx", session_id, all_pages())
    assert isinstance(answer, exports.Download)
    await answer.begin()
    body = b"".join([bytes(piece) async for piece in answer.body_iterator])  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        sheet = files.read("xl/worksheets/sheet1.xml").decode()
        styles = files.read("xl/styles.xml").decode()
    rows = [
        [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row.iter(f"{_CELL}c")]
        for row in ElementTree.fromstring(sheet).iter(f"{_CELL}row")
    ]
    return rows, styles, sheet


@pytest.mark.requirement("R114")
async def test_a_workbook_holds_no_formula_and_keeps_every_text() -> None:
    written = datetime(2026, 11, 30, 20, 5, 7, tzinfo=UTC)
    comments = [Comment(comment_id=str(n), text=text) for n, text in enumerate(TEXTS)]
    for comment in comments:
        comment.create_time.FromDatetime(written)
    rows, styles, sheet = await book_of("s", *(ExportCommentsResponse(comments=[one]) for one in comments))
    assert [text for _, text in rows[0]] == list(exports.COLUMNS)
    assert len(rows) == 1 + len(TEXTS)
    shown = [row[-1] for row in rows[1:]]
    assert {kind for kind, _ in shown} == {"inlineStr"}
    assert [text for _, text in shown] == [text if text != "\x01" else "_x0001_" for text in TEXTS]
    assert "<f>" not in sheet and "<hyperlink" not in sheet
    assert 'quotePrefix="1"' in styles  # who edits such a cell makes no formula of it
    assert re.search(r'numFmt [^>]*formatCode="yyyy-mm-dd hh:mm:ss&quot; UTC&quot;"', styles)
    days = float(rows[1][1][1])
    assert days == pytest.approx((written - datetime(1899, 12, 30, tzinfo=UTC)).total_seconds() / 86400)


@pytest.mark.requirement("R114")
@pytest.mark.parametrize(("currency", "minor", "shown", "look"), [
    ("USD", 1_234_500, 12345.0, "#,##0.00&quot; USD&quot;"),
    ("JPY", 12_345, 12345.0, "#,##0&quot; JPY&quot;"),
    ("KWD", 1_234, 1.234, "#,##0.000&quot; KWD&quot;"),
])  # fmt: skip
async def test_money_is_a_number_in_its_currencys_form(currency: str, minor: int, shown: float, look: str) -> None:
    row = SessionRow(session=Session(session_id="s", title="=HYPERLINK(1)", currency=currency))
    row.readings.add(metric="gmv", value=minor, currency=currency, exponent=2)
    row.readings.add(metric="ctr", missing="not_known")
    row.readings.add(metric="units_sold", value=3)
    page = ExportSessionsResponse(sessions=[row], metrics=["gmv", "ctr", "units_sold"])
    rows, styles, sheet = await book_of("", page)
    assert [text for _, text in rows[0]][-3:] == ["gmv", "ctr", "units_sold"]
    assert rows[1][-2] == ("n", f"{shown:.16g}") and rows[1][-1] == ("n", "3")
    assert look in styles and "<f>" not in sheet
    assert ("inlineStr", "=HYPERLINK(1)") in rows[1]


async def test_a_workbook_without_rows_has_its_head() -> None:
    rows, _, _ = await book_of("s")
    assert [[text for _, text in row] for row in rows] == [list(exports.COLUMNS)]
