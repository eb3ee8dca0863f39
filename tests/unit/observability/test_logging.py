"""Logs are JSON, carry trace ids, and never hold a secret or a name."""

import json
import logging
from uuid import UUID

import pytest
import structlog

from showfloor.observability import tracing
from showfloor.observability.logging import configure, get_logger


@pytest.fixture(autouse=True)
def root_handlers():
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before, level
    structlog.reset_defaults()  # what later tests of this process log goes where they look for it


def entries(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_entry_is_one_json_line_with_service_level_and_logger(capsys):
    configure("session", "INFO")
    get_logger("a.b").info("order placed", order=UUID(int=1), count=3)
    (entry,) = entries(capsys)
    assert entry["event"] == "order placed"
    assert (entry["service"], entry["level"], entry["logger"]) == ("session", "info", "a.b")
    assert (entry["order"], entry["count"]) == (str(UUID(int=1)), 3)


def test_secrets_and_persons_never_appear(capsys):
    configure("session")
    get_logger("x").warning(
        "bad call",
        access_token="s3cr3t",
        Authorization="s3cr3t",
        headers={"Set-Cookie": "s3cr3t", "n": [{"display_name": "s3cr3t"}]},
        contact_email="s3cr3t",
        password_hash="s3cr3t",
        client_secret="s3cr3t",
    )
    logging.getLogger("lib").error("plain", extra={"token": "s3cr3t"})
    text = capsys.readouterr().err
    assert "s3cr3t" not in text
    assert text.count("[redacted]") >= 7


def test_an_unknown_object_shows_its_type_alone(capsys):
    class Person:
        def __repr__(self) -> str:
            return "Ada"

    configure("session")
    get_logger("x").info("seen", who=Person(), deep={"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}})
    (entry,) = entries(capsys)
    assert entry["who"] == "<Person>"


def test_levels_filter_and_standard_logs_take_the_same_road(capsys):
    configure("session", "WARNING")
    get_logger("x").info("hidden")
    logging.getLogger("lib").warning("from %s", "a library")
    (entry,) = entries(capsys)
    assert (entry["event"], entry["service"]) == ("from a library", "session")


def test_an_exception_is_logged_with_its_traceback(capsys):
    configure("session")
    try:
        raise ValueError("odd")
    except ValueError:
        get_logger("x").exception("failed")
    (entry,) = entries(capsys)
    assert "ValueError: odd" in entry["exception"]


def test_people_get_text(capsys):
    configure("session", json=False)
    try:
        raise ValueError("odd")
    except ValueError:
        get_logger("x").exception("failed", token="s3cr3t")
    text = capsys.readouterr().err
    assert "ValueError" in text and "s3cr3t" not in text


def test_an_entry_inside_a_span_names_it(capsys):
    configure("session")
    tracing.configure("session")
    try:
        with tracing.span("work") as span:
            get_logger("x").info("inside")
    finally:
        tracing.shutdown()
    (entry,) = entries(capsys)
    assert int(entry["trace_id"], 16) == span.get_span_context().trace_id
    assert int(entry["span_id"], 16) == span.get_span_context().span_id
