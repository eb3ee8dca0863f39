"""What the transcoder says about bodies that are not quite right."""

import struct
from typing import Any

import pytest

from showfloor.api.session.v1.activity_service_pb2 import RecordActivityRequest
from showfloor.api.session.v1.analytics_service_pb2 import ListSessionsRequest
from showfloor.api.session.v1.bag_service_pb2 import AddToBagRequest
from showfloor.api.session.v1.board_service_pb2 import GetTrendRequest
from showfloor.api.session.v1.order_service_pb2 import PlaceOrderRequest
from showfloor.api.session.v1.session_service_pb2 import GetSessionResponse
from showfloor.api.session.v1.signal_service_pb2 import SignalBatch
from showfloor.gateway.http import transcode
from showfloor.kernel.refusal import Refusal


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": Infinity}', "Infinity"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 100_000, "deeply"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "JSON"),
        (b"{", "JSON"),
        (b"", "JSON"),
    ],
)
def test_malformed_json_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said) as caught:
        transcode.parse(body)
    assert caught.value.reason == "MALFORMED_JSON"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"titel": "x"}, "titel"),
        ({"items": {}}, "items"),
        ({"items": [{"quantity": 1}, {"quantity": 1.5}]}, "items[1].quantity"),
        ({"items": [{"quantity": True}]}, "items[0].quantity"),
        ({"items": [{"quantity": 2**31}]}, "items[0].quantity"),
        ({"items": [{"unit_price": {"minor": "5"}}]}, "items[0].unit_price.minor"),
        ({"viewer": {"display_name": "\ud800"}}, "viewer.display_name"),
        ({"reference": "a\0b"}, "reference"),
        ({"time": "2025-13-01T00:00:00Z"}, "time"),
        ({"time": "tomorrow"}, "time"),
        ({"outside_room": 1}, "outside_room"),
        ([], "body"),
    ],
)
def test_refusals_name_the_place(body: Any, place: str) -> None:
    with pytest.raises(Refusal) as caught:
        transcode.decode(body, PlaceOrderRequest())
    assert caught.value.metadata["field"] == place


@pytest.mark.parametrize(
    "body",
    [
        {"facts": [{}] * 1_001},
        {"facts": [{"placed_order": {"items": [{}] * 1_000}}] * 30},
        {"facts": [None] * 1_001},
        {"session_id": [""] * 1_001},
    ],
)
def test_bodies_of_very_many_parts_are_refused_unread(body: Any) -> None:
    """A body of 1 MiB has room for 350,000 empty facts: to read them would hold everybody up for seconds."""
    request = RecordActivityRequest()
    with pytest.raises(Refusal) as caught:
        transcode.decode(body, request)
    assert caught.value.reason == "TOO_LARGE" and caught.value.metadata["field"] == "body"
    assert not request.facts


def test_large_bodies_are_read() -> None:
    order = {"items": [{"quantity": 1, "unit_price": {"minor": 1, "currency": "USD"}}] * 20, "viewer": {"traits": {}}}
    request, batch = RecordActivityRequest(), SignalBatch()
    transcode.decode({"facts": [{"paid_order": {"order": order}}] * 500}, request)
    assert len(request.facts) == 500
    transcode.decode({"viewers": [1] * 65_535, "products": [""] * 1_000}, batch)
    assert len(batch.viewers) == 65_535 * 8


def test_names_of_enums_are_short() -> None:
    request = AddToBagRequest()
    transcode.decode({"source": "showcase"}, request)
    assert transcode.encode(request)["source"] == "showcase"
    with pytest.raises(Refusal, match="set, showcase, link, collab"):
        transcode.decode({"source": "PRODUCT_SOURCE_SET"}, request)


def test_only_one_of_a_choice() -> None:
    with pytest.raises(Refusal) as caught:
        transcode.decode({"facts": [{"comment": {}, "gift": {}}]}, RecordActivityRequest())
    assert caught.value.metadata["field"] == "facts[0].gift"


def test_null_is_absent_and_unset_is_left_out() -> None:
    answer = GetSessionResponse()
    transcode.decode({"session": {"title": "x", "start_time": None}}, answer)
    shown = transcode.encode(answer)["session"]
    assert shown["title"] == "x"
    assert "start_time" not in shown


def test_columns_may_be_plain_numbers() -> None:
    batch = SignalBatch()
    transcode.decode({"offset_ms": [0, 70_000], "kind": [2, 3], "viewers": [2**64 - 1]}, batch)
    assert batch.offset_ms == struct.pack("<2I", 0, 70_000)
    assert batch.viewers == b"\xff" * 8
    with pytest.raises(Refusal) as caught:
        transcode.decode({"kind": [256]}, batch)
    assert caught.value.metadata["field"] == "kind"


def test_queries_repeat_lists_and_read_plain_values() -> None:
    request = GetTrendRequest()
    transcode.decode_query([("metrics", "gmv"), ("metrics", "views"), ("step_minutes", "5")], request)
    assert (list(request.metrics), request.step_minutes) == (["gmv", "views"], 5)
    sessions = ListSessionsRequest()
    transcode.decode_query([("states", "live"), ("start_from", "2025-01-01T00:00:00Z")], sessions)
    assert transcode.encode(sessions)["states"] == ["live"]


@pytest.mark.parametrize(
    "pairs",
    [
        [("step_minutes", "x")],
        [("step_minutes", "١٢")],
        [("from", "٢٠٢٥-01-01T00:00:00Z")],
        [("step_minutes", "1"), ("step_minutes", "2")],
        [("nothing", "1")],
        [("from", "now")],
    ],
)
def test_wrong_queries_are_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(Refusal) as caught:
        transcode.decode_query(pairs, GetTrendRequest())
    assert caught.value.metadata["field"] == pairs[-1][0]


def test_what_is_no_time_is_shown_as_none() -> None:
    """A service gone wrong must not end the streams that show what it says."""
    answer = GetSessionResponse()
    answer.session.start_time.seconds = 2**62
    answer.session.end_time.seconds = 0
    shown = transcode.encode(answer)["session"]
    assert shown["start_time"] is None
    assert shown["end_time"] == "1970-01-01T00:00:00Z"
