"""Spans follow one trace across processes and cost nothing while tracing is off."""

import json

import pytest

from showfloor.observability import tracing

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNSAMPLED = PARENT[:-2] + "00"


@pytest.fixture
def span_file(tmp_path):
    path = tmp_path / "deep" / "spans.jsonl"
    tracing.configure("session", span_file=path)
    yield path
    tracing.shutdown()


def lines(path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_off_means_no_ids_and_no_headers():
    with tracing.span("work"):
        assert tracing.current_traceparent() == "" and tracing.grpc_metadata() == ()


def test_a_finished_span_is_one_line(span_file):
    with tracing.span("work", rows=3):
        pass
    (line,) = lines(span_file)
    assert line["name"] == "work" and line["attributes"] == {"rows": 3}
    assert line["resource"]["attributes"]["service.name"] == "session"


def test_a_trace_goes_on_where_the_caller_left_it(span_file):
    with tracing.span("server", traceparent=PARENT), tracing.span("store"):
        told = dict(tracing.grpc_metadata())
    store, server = lines(span_file)
    assert server["parent_id"] == "0xb7ad6b7169203331"
    assert store["parent_id"] == server["context"]["span_id"]
    assert {store["context"]["trace_id"], server["context"]["trace_id"]} == {"0x" + PARENT.split("-")[1]}
    assert told["traceparent"].split("-")[1] == PARENT.split("-")[1]


def test_a_caller_who_does_not_sample_is_followed(span_file):
    with tracing.span("server", traceparent=UNSAMPLED) as span:
        assert not span.is_recording()
    assert lines(span_file) == []


@pytest.mark.parametrize("junk", ["", "x", "00-zz-zz-01", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "é"])
def test_a_malformed_traceparent_starts_a_new_trace(span_file, junk):
    with tracing.span("server", traceparent=junk):
        assert len(tracing.current_traceparent()) == 55


def test_an_exception_is_recorded_by_type_without_its_text(span_file):
    with pytest.raises(ValueError), tracing.span("work"):
        raise ValueError("Ada ordered socks")
    (line,) = lines(span_file)
    assert line["attributes"]["error.type"] == "ValueError"
    assert "Ada" not in span_file.read_text()


def test_extraction_from_headers_and_metadata():
    assert tracing.extract_metadata({"TraceParent": PARENT}.items()) == PARENT
    assert tracing.extract_metadata([("a", b"x"), ("traceparent", PARENT)]) == PARENT
    assert tracing.extract_metadata([("a", "b")]) is None


def test_nothing_is_sampled_at_ratio_zero(tmp_path):
    tracing.configure("session", span_file=tmp_path / "s", sampling=0.0)
    try:
        with tracing.span("work") as span:
            assert not span.is_recording()
    finally:
        tracing.shutdown()


def test_a_page_of_work_is_a_span_in_the_trace_of_each_who_asked(span_file):
    other = PARENT.replace("0af7", "0af8")
    with tracing.page_span("views advance", [PARENT, "", other, PARENT, UNSAMPLED.replace("0af7", "0af9")], events=5):
        pass
    found = lines(span_file)
    assert [line["context"]["trace_id"] for line in found] == ["0x" + one.split("-")[1] for one in (PARENT, other)]
    assert {line["attributes"]["events"] for line in found} == {5}
    with tracing.page_span("views advance", (f"00-{number:032x}-b7ad6b7169203331-01" for number in range(1, 99))):
        pass
    assert len(lines(span_file)) == 2 + tracing.MAX_TRACES


def test_a_page_that_fails_says_so_in_each_trace(span_file):
    with pytest.raises(ValueError), tracing.page_span("relay publish", [PARENT]):
        raise ValueError("Ada ordered socks")
    (line,) = lines(span_file)
    assert line["attributes"]["error.type"] == "ValueError"


def test_off_means_that_nobody_looks_at_the_page():
    def page():
        raise AssertionError("looked")
        yield ""

    with tracing.page_span("views advance", page()):
        pass
