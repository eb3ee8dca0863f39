"""Shape checks return clean values and refuse the rest, naming the field."""

import unicodedata
from datetime import UTC, datetime
from uuid import UUID

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from showfloor.api.common.v1.common_pb2 import Money as MoneyMessage
from showfloor.api.session.v1.session_errors_pb2 import SessionErrorReason
from showfloor.kernel import text
from showfloor.kernel.currencies import EXPONENTS
from showfloor.kernel.money import Money
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.rpc import checks

int64 = st.integers(-(2**63), 2**63 - 1)


def refused(field: str, check, *args, **kwargs) -> None:
    with pytest.raises(Refusal) as caught:
        check(*args, **kwargs)
    assert caught.value.kind is RefusalKind.INVALID
    assert caught.value.metadata == {"field": field}


@given(st.uuids())
def test_uuids_pass_in_their_usual_form(value: UUID):
    assert checks.uuid("id", str(value)) == checks.uuid("id", str(value).upper()) == value


@given(st.text() | st.uuids().map(lambda u: u.hex) | st.uuids().map(lambda u: f"{{{u}}}") | st.just("0" * 35 + "\n"))
def test_other_texts_are_not_uuids(value):
    refused("id", checks.uuid, "id", value)


@given(st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True))
def test_request_ids_pass(value):
    assert checks.request_id(value) == value


@pytest.mark.parametrize("value", ["", "a" * 65, "a b", "a\n", "é", "a\x1fb", "١"])
def test_other_request_ids_are_refused(value):
    refused("request_id", checks.request_id, value)


@given(st.text(max_size=300))
def test_text_comes_back_normal_or_is_refused(value):
    try:
        clean = checks.text("title", value, 1, 120)
    except Refusal as refusal:
        assert refusal.metadata == {"field": "title"}
        return
    assert unicodedata.is_normalized("NFC", clean) and 1 <= text.length(clean) <= 120
    assert checks.text("title", clean, 1, 120) == clean
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in clean)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Mn", "Mc", "Me")), min_size=1, max_size=100))
def test_every_script_passes(value):
    assert checks.text("title", "x" + value, 1, 1000) == unicodedata.normalize("NFC", "x" + value)


@pytest.mark.parametrize("value", ["", "   ", "\n", "a\x00b", "a\x0bb", "a\rb", "\ud800", "x" * 121, "x" * 1_000_000])
def test_bad_texts_are_refused(value):
    refused("title", checks.text, "title", value, 1, 120)


def test_line_ends_become_newlines_and_marks_join_their_letters():
    assert checks.text("c", "a\r\nb") == "a\nb"
    assert checks.text("c", "e\u0301" * 120, 1, 120) == "é" * 120
    assert checks.text("c", "👩🏽‍🚀 مرحبا 你好") == "👩🏽‍🚀 مرحبا 你好"


@given(int64)
def test_page_size_is_default_in_range_or_refused(value):
    if value == 0:
        assert checks.page_size(value) == 50
    elif 1 <= value <= 200:
        assert checks.page_size(value) == value
    else:
        refused("page_size", checks.page_size, value)


@given(int64)
def test_position_is_never_negative(value):
    if value >= 0:
        assert checks.position(value) == value
    else:
        refused("min_position", checks.position, value)


def test_counts_have_limits():
    checks.count("ids", ["a"], 1, 2)
    refused("ids", checks.count, "ids", [], 1, 2)
    refused("ids", checks.count, "ids", ["a"] * 3, 1, 2)


@pytest.mark.parametrize("value", [0, -1, 9_999])
def test_an_enum_must_be_set_and_known(value):
    assert checks.choice("reason", 2, SessionErrorReason) == 2
    refused("reason", checks.choice, "reason", value, SessionErrorReason)


@given(int64, st.text(max_size=4) | st.sampled_from(["USD", "CNY", "JPY", "KWD", "AAA", "usd"]))
def test_money_is_clean_or_names_the_part(minor, currency):
    given_ = MoneyMessage(minor=minor, currency=currency.encode("utf-8", "replace").decode())
    if currency not in EXPONENTS:
        refused("price.currency", checks.money, "price", given_)
    elif 0 <= minor <= checks.MAX_MINOR:
        assert checks.money("price", given_) == Money(minor, currency)
    else:
        refused("price.minor", checks.money, "price", given_)


@given(st.integers(int(checks.EARLIEST.timestamp()), int(checks.LATEST.timestamp()) - 1), st.integers(0, 999_999))
def test_timestamps_come_back_to_the_microsecond(seconds, microseconds):
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)
    message = Timestamp()
    message.FromDatetime(moment)
    assert checks.timestamp("start_time", message) == moment


@given(int64, st.integers(-(2**31), 2**31 - 1))
def test_any_timestamp_is_a_moment_or_refused(seconds, nanos):
    try:
        moment = checks.timestamp("t", Timestamp(seconds=seconds, nanos=nanos))
    except Refusal as refusal:
        assert refusal.metadata == {"field": "t"}
    else:
        assert moment.tzinfo is UTC and checks.EARLIEST <= moment < checks.LATEST


def test_a_timestamp_that_is_not_set_is_refused():
    refused("t", checks.timestamp, "t", Timestamp())
