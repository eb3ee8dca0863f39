"""What travels: headers, stream positions, subjects."""

from datetime import UTC, datetime

import pytest

from showfloor.kernel.tracking import BEGINNING
from showfloor.messaging.bus import Delivered
from showfloor.messaging.public import (
    PublicEvent,
    PublicMessage,
    from_delivered,
    stream_of,
    subject_of,
    to_outgoing,
)
from showfloor.testing.memory_bus import matches

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def message(key: str = "k", traceparent: str = "") -> PublicMessage:
    return PublicMessage("session", 9, 7, PublicEvent("a.v1.B", key, b"\x00body", NOON), traceparent)


@pytest.mark.parametrize("key", ["k", "", "a key", "ключ 🎁"])
@pytest.mark.parametrize("trace", ["", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"])
def test_a_message_survives_the_wire(key: str, trace: str) -> None:
    wire = to_outgoing(message(key, trace), after=4)
    assert (wire.subject, wire.msg_id, wire.after) == ("public.session", "session/9", 4)
    assert from_delivered(Delivered(wire.subject, wire.body, wire.headers, BEGINNING)) == message(key, trace)


@pytest.mark.parametrize("key", ["a\nb", "a\r\nNats-Msg-Id: x", " a", "x" * 201])
def test_a_key_that_cannot_be_a_header_is_an_error(key: str) -> None:
    with pytest.raises(ValueError, match=r"the key of a a\.v1\.B"):
        to_outgoing(message(key))


@pytest.mark.parametrize(("name", "value"), [("ce-type", None), ("Showfloor-Position", "x"), ("ce-time", "noon")])
def test_a_damaged_message_is_an_error(name: str, value: str | None) -> None:
    wire = to_outgoing(message())
    headers = {**wire.headers, name: value} if value else {k: v for k, v in wire.headers.items() if k != name}
    with pytest.raises(ValueError):
        from_delivered(Delivered(wire.subject, wire.body, headers, BEGINNING))


def test_names_on_the_bus_are_for_ever() -> None:
    """These are stored in every deployment."""
    assert (subject_of("session"), stream_of("session")) == ("public.session", "PUBLIC_SESSION")


@pytest.mark.parametrize(
    ("pattern", "subject", "covered"),
    [
        ("a.b", "a.b", True),
        ("a.b", "a.c", False),
        ("a.*", "a.b", True),
        ("a.*", "a.b.c", False),
        ("a.*", "a", False),
        ("a.>", "a.b.c", True),
        ("a.>", "a", False),
        ("*.*", "a.b", True),
        ("a", "a.b", False),
    ],
)
def test_subject_patterns(pattern: str, subject: str, covered: bool) -> None:
    assert matches(pattern, subject) is covered
