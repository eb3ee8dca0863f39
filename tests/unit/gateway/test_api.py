"""The small parts of the API: paths, limits, problems, exports, the table itself."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from showfloor.access.policy import require_policies
from showfloor.api.common.v1.common_pb2 import Reading
from showfloor.api.session.v1.analytics_service_pb2 import ExportSessionsResponse, SessionRow
from showfloor.api.session.v1.comment_pb2 import Comment
from showfloor.api.session.v1.comment_service_pb2 import ExportCommentsResponse
from showfloor.api.session.v1.session_pb2 import Session
from showfloor.gateway.http import exports
from showfloor.gateway.http.contracts import methods
from showfloor.gateway.http.match import Matcher
from showfloor.gateway.http.problems import document, problem, status_of
from showfloor.gateway.http.rate_limits import Limiter
from showfloor.gateway.http.routes import Route
from showfloor.gateway.http.rpc_routes import RPC_ROUTES
from showfloor.gateway.native_routes import ROUTES, actions
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid

TABLE = Matcher(ROUTES)


def test_every_rpc_of_the_services_has_a_route() -> None:
    asked_by_pages = {"ConfirmInvitation", "DeclineInvitation"}  # with the code of a mail's link, never over the API
    assert {route.rpc for route in RPC_ROUTES} == set(methods()) - asked_by_pages


def test_names_are_unique_and_policies_exist() -> None:
    names = [route.name for route in ROUTES]
    assert len(names) == len(set(names))
    require_policies(actions())


def test_a_route_without_a_policy_is_found_at_the_start() -> None:
    with pytest.raises(ValueError, match="BrewCoffee"):
        require_policies([*actions(), "BrewCoffee"])


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_route_is_found_by_its_path(route: Route) -> None:
    found = TABLE.find(f"/v1{route.path}".encode(), route.method)
    assert isinstance(found, tuple)
    assert found[0] is route


def test_words_go_before_names_and_values_are_decoded() -> None:
    found = TABLE.find(b"/v1/sessions/a%2Fb/comments.csv", "GET")
    assert found is not None and isinstance(found[0], Route)
    assert (found[0].name, found[1]) == ("exportCommentsAsCsv", {"session_id": "a/b"})
    assert TABLE.find(b"/v1/nothing", "GET") is None
    assert TABLE.find(b"/v1/sessions", "DELETE") == ("GET", "POST")
    assert TABLE.find(b"/v1/sessions//bag", "GET") is None


def test_a_bucket_fills_again() -> None:
    now = [0.0]
    limiter = Limiter(2.0, 4.0, lambda: now[0])
    for _ in range(4):
        limiter.take("a")
    limiter.take("b")
    with pytest.raises(Refusal) as caught:
        limiter.take("a")
    assert (caught.value.reason, caught.value.metadata) == ("RATE_LIMITED", {"retry_after_s": "1"})
    now[0] = 0.5
    limiter.take("a")


def test_every_kind_of_refusal_has_a_status() -> None:
    assert [status_of(Refusal(kind, "X", "x")) for kind in RefusalKind] == [400, 404, 403, 401, 409, 409, 422, 503]


def test_problem_details() -> None:
    body = document(invalid("title", "must be 1 to 120 characters"), 400, "r-1")
    assert body == {
        "type": "https://showfloor.dev/problems/invalid-field",
        "title": "Bad Request",
        "status": 400,
        "detail": "title: must be 1 to 120 characters",
        "code": "INVALID_FIELD",
        "request_id": "r-1",
        "field": "title",
        "errors": [{"field": "title", "problem": "must be 1 to 120 characters"}],
        "metadata": {"field": "title"},
    }
    busy = problem(Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", "x"), "r")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "1")
    assert "Bearer" in problem(Refusal(RefusalKind.UNAUTHENTICATED, "U", "x"), "r").headers["www-authenticate"]


async def _pages(*texts: str) -> AsyncIterator[Any]:
    yield ExportCommentsResponse(comments=[Comment(comment_id=str(n), text=text) for n, text in enumerate(texts)])


async def _whole(kind: str, *texts: str) -> bytes:
    answer = exports.answer(kind, "s", _pages(*texts))
    assert isinstance(answer, exports.Download)
    await answer.begin()
    return b"".join([bytes(piece) async for piece in answer.body_iterator])  # type: ignore[arg-type]


async def test_sessions_are_exported_as_a_spreadsheet_reads_them() -> None:
    readings = [
        Reading(metric="gmv", value=1_234_500, currency="USD", exponent=2),
        Reading(metric="ctr", missing="not_known"),
        Reading(metric="units_sold", value=3),
    ]
    row = SessionRow(session=Session(session_id="s", title="=HYPERLINK(1)", currency="USD"), readings=readings)

    async def pages() -> AsyncIterator[Any]:
        yield ExportSessionsResponse(sessions=[row], metrics=["gmv", "ctr", "units_sold"])

    answer = exports.answer("csv", "", pages())
    assert answer.headers["content-disposition"] == 'attachment; filename="sessions.csv"'
    assert isinstance(answer, exports.Download)
    head, line = b"".join([bytes(one) async for one in answer.body_iterator]).decode().split("\r\n")[:2]  # type: ignore[arg-type]
    assert head.startswith("\ufeffsession_id,") and head.endswith(",currency,gmv,ctr,units_sold")
    assert ",'=HYPERLINK(1)," in line
    assert line.endswith(",USD,12345.00,,3")


FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "|calc", "%0a", "\u00a0=1", "\u200b=1", "\ufeff=1", "\u3000+1",
    "＝1+1", "＠SUM(A1)",
    "\u00ad\u200e-1",
)  # fmt: skip


@pytest.mark.requirement("R114")
async def test_csv_is_safe_against_formulas_and_keeps_every_script() -> None:
    texts = (*FORMULAS, 'say "hi", you', "日本語 🎉 العربية")
    body = (await _whole("csv", *texts)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [row["text"] for row in rows] == [*(f"'{text}" for text in FORMULAS), *texts[-2:]]


@pytest.mark.parametrize("session_id", ["日本", "a\r\nb: c", 'x"; filename="y', "١٢", "é"])
def test_a_downloads_name_is_a_header_whatever_the_path_says(session_id: str) -> None:
    name = exports.answer("csv", session_id, _pages()).headers["content-disposition"]
    assert name.isascii() and name.startswith('attachment; filename="comments-') and name.count('"') == 2


@pytest.mark.requirement("R114")
@pytest.mark.parametrize("texts", [(), ("a",), ("a", "=b", "ü")])
async def test_json_export(texts: tuple[str, ...]) -> None:
    found = msgspec.json.decode(await _whole("json", *texts))
    assert [comment["text"] for comment in found["comments"]] == list(texts)
