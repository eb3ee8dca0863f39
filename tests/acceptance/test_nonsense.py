"""Nonsense of every kind is answered with a problem that names the field, and changes nothing."""

import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from showfloor.api.session.v1.signal_service_pb2 import SignalBatch
from showfloor.testing.system import Rest

VIEWER = {"viewer_ref": "v1"}
SCRIPTS = {
    "Latin": "Grüße, élan", "Greek": "Καλημέρα", "Cyrillic": "Привет", "Armenian": "Բարեւ", "Hebrew": "שלום",
    "Arabic": "مرحبا بالعالم", "Syriac": "ܫܠܡܐ", "Thaana": "ހެލޯ", "Devanagari": "नमस्ते", "Bengali": "হ্যালো",
    "Gurmukhi": "ਸਤ ਸ੍ਰੀ ਅਕਾਲ", "Gujarati": "નમસ્તે", "Oriya": "ନମସ୍କାର", "Tamil": "வணக்கம்", "Telugu": "నమస్కారం",
    "Kannada": "ನಮಸ್ಕಾರ", "Malayalam": "നമസ്കാരം", "Sinhala": "ආයුබෝවන්", "Thai": "สวัสดี", "Lao": "ສະບາຍດີ",
    "Tibetan": "བཀྲ་ཤིས།", "Myanmar": "မင်္ဂလာပါ", "Georgian": "გამარჯობა", "Hangul": "안녕하세요", "Ethiopic": "ሰላም",
    "Cherokee": "ᎣᏏᏲ", "Canadian": "ᐊᐃᓐᖓᐃ", "Khmer": "សួស្តី", "Mongolian": "ᠰᠠᠶᠢᠨ", "Hiragana": "こんにちは",
    "Katakana": "コンニチハ", "Han": "你好，世界", "Bopomofo": "ㄋㄧˇ", "Yi": "ꆈꌠ", "Javanese": "ꦱꦸꦒꦼꦁ", "Balinese": "ᬒᬁ",
    "Tifinagh": "ⴰⵣⵓⵍ", "NKo": "ߌ ߣߌ ߗߋ߫", "Gothic": "𐌷𐌰𐌹𐌻𐍃", "Cuneiform": "𒀭𒈗", "Adlam": "𞤔𞤢𞤲", "Emoji": "👩🏽‍🚀🇪🇺✨",
    "Combining": "Z̷͇̈a̵͍͝", "Mixed": "abc שלום def \u202bمرحبا\u202c",
}  # fmt: skip


def facts(session: Any) -> tuple[Any, ...]:
    """Return what must not change: the board, the bag, the lists."""
    board = session.get("board", min_position=1)  # from the service itself: one without a position may be shared
    core = [one for one in board["core"] if one["metric"] not in ("duration", "gmv_per_hour", "impressions_per_hour")]
    return core, session.get("bag"), session.get("comments"), session.get("orders"), session.get()


@pytest.fixture(scope="module")
def session(new_host: Any) -> Any:
    """A LIVE with two products, a comment and a paid order."""
    live = new_host().live(products=2)
    order = live.order(live.products[0], 1, 1000, "v1")
    last = live.record(
        {"comment": {"request_id": "c1", "viewer": VIEWER, "text": "Hello"}},
        {"paid_order": {"order": {"request_id": "o1", **order}}},
    )
    live.get("board", min_position=last)
    return live


@pytest.fixture(autouse=True)
def unchanged(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test here asks for must change nothing (unless it says that it does)."""
    if "session" not in request.fixturenames or request.node.get_closest_marker("parametrize") is None:
        yield
        return
    session = request.getfixturevalue("session")
    before = facts(session)
    yield
    assert facts(session) == before


def minutes(count: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=count)).isoformat().replace("+00:00", "Z")


def order(session: Any, **more: Any) -> dict[str, Any]:
    return {**session.order(session.products[0], 1, 1000, "v1"), **more}


def price(currency: str, minor: int = 5) -> dict[str, Any]:
    return {"minor": minor, "currency": currency}


def hi(**more: Any) -> dict[str, Any]:
    return {"viewer": VIEWER, "text": "Hi", **more}


BAD_BODIES = {
    "a misspelt field": ("POST", "comments", {"viewer": VIEWER, "txt": "Hi"}, 400, "INVALID_FIELD", "txt"),
    "a number for text": ("POST", "comments", {"viewer": VIEWER, "text": 5}, 400, "INVALID_FIELD", "text"),
    "no text": ("POST", "comments", {"viewer": VIEWER, "text": "  "}, 400, "INVALID_FIELD", "text"),
    "a long text": ("POST", "comments", {"viewer": VIEWER, "text": "x" * 501}, 400, "INVALID_FIELD", "text"),
    "no viewer": ("POST", "comments", {"text": "Hi"}, 400, "INVALID_FIELD", "viewer.viewer_ref"),
    "a future comment": ("POST", "comments", hi(time=minutes(60)), 400, "IN_THE_FUTURE", "time"),
    "a comment before": ("POST", "comments", hi(time=minutes(-999)), 400, "OUTSIDE_SESSION", "time"),
    "half a time": ("POST", "comments", hi(time="2026-01-01"), 400, "INVALID_FIELD", "time"),
    "an unknown product": ("POST", "comments", hi(product_id=str(uuid4())), 409, "NOT_IN_BAG", ""),
    "an unknown comment": ("POST", "replies", {"comment_id": str(uuid4()), "text": "Hi"}, 404, "COMMENT_NOT_FOUND", ""),
    "no UUID": ("POST", "replies", {"comment_id": "c1", "text": "Hi"}, 400, "INVALID_FIELD", "comment_id"),
    "no items": ("POST", "orders", {"reference": "r", "viewer": VIEWER, "items": []}, 400, "INVALID_FIELD", "items"),
    "an empty change": ("POST", "bag", {"source": "showcase", "references": []}, 400, "INVALID_FIELD", "references"),
    "an unknown source": ("POST", "bag", {"source": "moon", "references": ["x"]}, 400, "INVALID_FIELD", "source"),
    "an unknown link": ("POST", "bag", {"source": "link", "references": ["https://x"]}, 404, "PRODUCT_NOT_FOUND", ""),
    "a title of spaces": ("PATCH", "", {"title": "   "}, 400, "INVALID_FIELD", "title"),
    "an order number 0": ("PUT", "bag/{product}/number", {"number": 0}, 400, "NUMBER_OUT_OF_RANGE", ""),
    "a fraction": ("PUT", "bag/{product}/number", {"number": 1.5}, 400, "INVALID_FIELD", "number"),
    "no gift": ("POST", "gifts", {"viewer": VIEWER, "gift": "Rose", "count": 0}, 400, "INVALID_FIELD", "count"),
    "a list for an object": ("POST", "comments", [1], 400, "INVALID_FIELD", "body"),
    "practice while live": ("POST", "practice", {}, 409, "ALREADY_LIVE", ""),
    "no practice to end": ("DELETE", "practice", None, 409, "NOT_PRACTISING", ""),
    "a replay while it runs": ("PUT", "replay", {"url": "https://x.example/"}, 409, "SESSION_RUNNING", ""),
    "an end before it began": ("POST", "end", {"end_time": minutes(-1)}, 409, "END_TOO_EARLY", "end_time"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_BODIES)
def test_bad_bodies(session: Any, case: str) -> None:
    method, path, body, status, code, field = BAD_BODIES[case]
    path = session.path(path.replace("{product}", session.products[0]))
    problem = session.api.refused(status, code, method, path, body)
    assert problem.get("field", "") == field


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"unit_price": price("USD")}, "WRONG_CURRENCY", "items[0].unit_price"),
        ({"unit_price": price("EURO")}, "INVALID_FIELD", "items[0].unit_price.currency"),
        ({"unit_price": price("EUR", -1)}, "INVALID_FIELD", "items[0].unit_price.minor"),
        ({"quantity": 0}, "INVALID_FIELD", "items[0].quantity"),
        ({"quantity": 10**12}, "INVALID_FIELD", "items[0].quantity"),
        ({"product_id": "tea"}, "INVALID_FIELD", "items[0].product_id"),
    ],
)
def test_bad_orders_name_the_item(session: Any, change: dict[str, Any], code: str, field: str) -> None:
    body = order(session)
    body["items"][0] |= change
    problem = session.api.refused(400, code, "POST", session.path("orders"), body)
    assert problem["field"].startswith(field.rpartition(".")[0] if code == "WRONG_CURRENCY" else field)


@pytest.mark.parametrize("path", ["", "board", "bag", "comments", "orders", "recap", "audience", "comments.csv"])
@pytest.mark.parametrize("id_", ["unknown", "foreign"])
def test_unknown_and_foreign_ids_are_answered_alike(session: Any, stranger: Rest, path: str, id_: str) -> None:
    if id_ == "unknown":
        session.api.refused(404, "SESSION_NOT_FOUND", "GET", f"/sessions/{uuid4()}/{path}".rstrip("/"))
    else:
        stranger.refused(404, "SESSION_NOT_FOUND", "GET", session.path(path))


@pytest.mark.parametrize("path", ["end", "bag", "comments", "replies"])
def test_a_stranger_can_change_nothing(session: Any, stranger: Rest, path: str) -> None:
    bodies = {
        "bag": {"source": "showcase", "references": session.products},
        "comments": {"viewer": VIEWER, "text": "Hi"},
        "replies": {"text": "Hi"},
    }
    stranger.refused(404, "SESSION_NOT_FOUND", "POST", session.path(path), bodies.get(path, {}))


@pytest.mark.parametrize("path", ["sessions", "sessions/{id}/board", "me"])
def test_nobody_sees_nothing(session: Any, system: Any, path: str) -> None:
    Rest(system.url).refused(401, "UNAUTHENTICATED", "GET", "/" + path.replace("{id}", session.id))
    Rest(system.url, "nonsense").refused(401, "UNAUTHENTICATED", "GET", "/" + path.replace("{id}", session.id))


@pytest.fixture(scope="package")
def stranger(system: Any) -> Rest:
    """A user of the same system with another shop."""
    operator = Rest(system.url, system.folder.secret(system.folder.operator_key))
    user = operator.post("/users", {"email": f"{uuid4().hex}@example.com", "name": "Stranger"})["user_id"]
    code = operator.post("/operator/sign-in-links", {"user_id": user})["code"]
    return Rest(system.url, Rest(system.url).post("/sign-in/link", {"token": code})["token"])


def test_the_same_key_is_the_same_request_and_never_another(session: Any) -> None:
    key, body = uuid4().hex, {"viewer": VIEWER, "text": "Once"}
    first = session.post("comments", body, key)
    assert session.post("comments", body, key) == first
    problem = session.api.refused(
        422, "IDEMPOTENCY_KEY_REUSED", "POST", session.path("comments"), {**body, "text": "Other"}, key=key
    )
    assert "Idempotency-Key" in problem["detail"]
    texts = [one["text"] for one in session.get("comments", min_position=first["position"])["comments"]]
    assert texts.count("Once") == 1
    assert "Other" not in texts
    bare = session.api.http.post(session.path("comments"), json=body)
    assert (bare.status_code, bare.json()["field"]) == (400, "Idempotency-Key")
    bad = session.api.refused(400, "INVALID_FIELD", "POST", session.path("comments"), body, key="no spaces please")
    assert bad["field"] == "Idempotency-Key"


def test_an_order_is_named_by_its_reference(session: Any) -> None:
    body = order(session)
    first = session.post("orders", body)["order"]
    assert session.post("orders", body)["order"]["order_id"] == first["order_id"]
    other = {**body, "items": [{**body["items"][0], "quantity": 2}]}
    session.api.refused(409, "REQUEST_ID_REUSED", "POST", session.path("orders"), other)


@pytest.mark.parametrize(
    ("path", "query", "code", "field"),
    [
        ("/sessions", {"page_size": 100_000}, "INVALID_FIELD", "page_size"),
        ("/sessions", {"page_size": "many"}, "INVALID_FIELD", "page_size"),
        ("/sessions", {"page_size": -1}, "INVALID_FIELD", "page_size"),
        ("/sessions", {"page_token": "nonsense"}, "INVALID_FIELD", "page_token"),
        ("/sessions", {"metrics": "happiness"}, "UNKNOWN_METRIC", ""),
        ("/sessions", {"start_from": "yesterday"}, "INVALID_FIELD", "start_from"),
        ("/sessions", {"color": "red"}, "INVALID_FIELD", "color"),
        ("/sessions", {"query": "x" * 101}, "INVALID_FIELD", "query"),
        ("/sessions/nonsense", {}, "INVALID_FIELD", "session_id"),
        ("{id}/activity", {"page_size": 501}, "INVALID_FIELD", "page_size"),
        ("{id}/trend", {}, "INVALID_FIELD", "metrics"),
        ("{id}/trend", {"metrics": "gmv", "step_minutes": 61}, "INVALID_FIELD", "step_minutes"),
        ("{id}/trend", {"metrics": "happiness"}, "UNKNOWN_METRIC", ""),
    ],
)
def test_bad_questions(session: Any, path: str, query: dict[str, Any], code: str, field: str) -> None:
    problem = session.api.refused(400, code, "GET", path.replace("{id}", session.path()), params=query)
    assert problem.get("field", "") in (field, field or "metrics")


@pytest.mark.parametrize(
    ("raw", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "MALFORMED_JSON"),
        (b'{"text": "\xff"}', "application/json", 400, "MALFORMED_JSON"),
        (b'{"text": "a", "text": "b"}', "application/json", 400, "MALFORMED_JSON"),
        (b"[" * 50_000, "application/json", 400, "MALFORMED_JSON"),
        (b'{"text": NaN}', "application/json", 400, "MALFORMED_JSON"),
        (b'{"text": "\\ud800"}', "application/json", 400, "INVALID_FIELD"),
        (b'{"text": "\\u0000"}', "application/json", 400, "INVALID_FIELD"),
        (b"text=hello", "application/x-www-form-urlencoded", 415, "CONTENT_TYPE"),
        (json.dumps({"viewer": VIEWER, "text": "x" * 1_000_000}).encode(), "application/json", 400, "INVALID_FIELD"),
        (b"x" * 2_000_000, "application/json", 413, "BODY_TOO_LARGE"),
    ],
    ids=["cut", "utf8", "twice", "deep", "nan", "surrogate", "nul", "form", "1MB", "2MB"],
)
def test_malformed_bodies(session: Any, raw: bytes, kind: str, status: int, code: str) -> None:
    more = {"content": raw, "headers": {"Content-Type": kind}}
    session.api.refused(status, code, "POST", session.path("comments"), **more)


def batch(session: Any, **change: Any) -> dict[str, Any]:
    good = {
        "batch_id": uuid4().hex, "base_time": minutes(0), "offset_ms": [0, 0], "kind": [2, 6], "viewer": [0, 0],
        "product": [0, 0], "channel": [1, 1], "viewers": [1], "products": [],
    }  # fmt: skip
    return {**good, **change}


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"kind": [2]}, "COLUMN_LENGTH", "kind"),
        ({"viewer": [0, 0, 0]}, "COLUMN_LENGTH", "viewer"),
        ({"offset_ms": "AAA="}, "COLUMN_LENGTH", "offset_ms"),
        ({"viewer_traits": [0, 0]}, "COLUMN_LENGTH", "viewer_traits"),
        ({"kind": [2, 99]}, "INVALID_FIELD", "kind"),
        ({"kind": [2, 256]}, "INVALID_FIELD", "kind"),
        ({"viewer": [0, 1]}, "INVALID_FIELD", "viewer"),
        ({"kind": [2, 5]}, "INVALID_FIELD", "product"),
        ({"offset_ms": [0, 3_600_001]}, "INVALID_FIELD", "offset_ms"),
        ({"offset_ms": [], "kind": [], "viewer": [], "product": [], "channel": []}, "INVALID_FIELD", "offset_ms"),
        ({"batch_id": ""}, "INVALID_FIELD", "batch_id"),
        ({"base_time": minutes(60)}, "IN_THE_FUTURE", "base_time"),
        ({"base_time": minutes(-999)}, "OUTSIDE_SESSION", "base_time"),
        ({"products": ["tea"]}, "INVALID_FIELD", "products[0]"),
        ({"kind": [8, 8]}, "INVALID_FIELD", "presence_source"),
        ({"presence_source": "counts"}, "INVALID_FIELD", "presence_source"),
    ],
)
def test_bad_signals(session: Any, change: dict[str, Any], code: str, field: str) -> None:
    problem = session.api.refused(400, code, "POST", session.path("signals"), batch(session, **change))
    assert problem["field"].removeprefix("batch.") in (field, "offset_ms" if code.startswith(("IN_", "OUT")) else field)


@pytest.mark.parametrize("raw", [b"\xff\xff\xff", b"\x0a\x05abc", SignalBatch(session_id="x").SerializeToString()])
def test_malformed_protobuf(session: Any, raw: bytes) -> None:
    more = {"content": raw, "headers": {"Content-Type": "application/x-protobuf"}}
    answer = session.api.send("POST", session.path("signals"), **more)
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] in ("MALFORMED_PROTOBUF", "INVALID_FIELD")


def test_a_signal_batch_sent_twice_counts_once(host: Any) -> None:
    live = host.live()
    body = batch(live)
    assert live.post("signals", body)["duplicate"] is False
    assert live.post("signals", body)["duplicate"] is True
    live.post("signals", batch(live, kind=[3, 6]))
    assert live.wait(viewers_now=0)["views"] == 1


def test_every_script_of_the_world_comes_back_as_it_went(host: Any) -> None:
    live = host.live(title=f"LIVE {SCRIPTS['Han']} {SCRIPTS['Arabic']}")
    for name, text in SCRIPTS.items():
        called = text.translate(dict.fromkeys(map(ord, "\u202b\u202c")))[:20]  # a name turns no direction
        body = {"viewer": {"viewer_ref": f"v-{name}", "display_name": called}, "text": text}
        last = live.post("comments", body)["position"]
    seen = {
        one["author_ref"]: one["text"] for one in live.get("comments", page_size=200, min_position=last)["comments"]
    }
    assert {name: unicodedata.normalize("NFC", seen[f"v-{name}"]) for name in SCRIPTS} == {
        name: unicodedata.normalize("NFC", text) for name, text in SCRIPTS.items()
    }
    (row,) = host.api.get("/sessions", account_ids=host.account, query=SCRIPTS["Arabic"])["sessions"]
    assert row["session"]["session_id"] == live.id


def test_unknown_routes_and_methods_are_problems_too(api: Rest) -> None:
    assert api.send("GET", "/nonsense").status_code == 404
    assert api.send("PATCH", "/sessions", {}).status_code == 405
