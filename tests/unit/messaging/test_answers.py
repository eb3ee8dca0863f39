"""What a broker says, and what is taken for it."""

import pytest

from showfloor.kernel.tracking import StreamPosition
from showfloor.messaging.bus import Ack, BusUnavailable, Delivered, MessageRejected, WrongSequence
from showfloor.messaging.publisher import read_reply
from showfloor.messaging.reader import place_of
from showfloor.messaging.signals import message_of, shard_of


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'{"error":{"code":400,"err_code":10071}}', WrongSequence),
        (b'{"error":{"code":400,"err_code":1}}', MessageRejected),
        (b'{"error":{"code":503,"err_code":1}}', BusUnavailable),
        (b"", BusUnavailable),
        (b"\xff", BusUnavailable),
        (b'{"seq":"five"}', BusUnavailable),
        (b'{"a":' + b"[" * 5000, BusUnavailable),
    ],
)
def test_a_confirmation_that_is_none_is_an_error_to_raise(data: bytes, kind: type[Exception]) -> None:
    assert type(read_reply(data)) is kind


def test_a_confirmation_says_where_the_message_is() -> None:
    assert read_reply(b'{"stream":"S","seq":5,"duplicate":true}') == Ack(5, True)


def test_a_place_in_a_stream_is_read_from_the_reply_subject() -> None:
    assert place_of("$JS.ACK.S.c.1.12.7.1767225600000000000.3") == (12, 7, 3)
    assert place_of("$JS.ACK.domain.account.S.c.1.12.7.1767225600000000000.3.token") == (12, 7, 3)


@pytest.mark.parametrize(
    "reply", ["", "_INBOX.a.b", "$JS.ACK.S.c.1.x.7.1767225600000000000.0", "." * 8, "a.b.c.d.e.1.2.3.4.5"]
)
def test_another_subject_is_no_place(reply: str) -> None:
    with pytest.raises(ValueError):
        place_of(reply)


def test_a_batch_is_known_by_its_subject_and_its_id() -> None:
    one = message_of(Delivered("signals.3.s", b"body", {"Nats-Msg-Id": "s/b-1"}, StreamPosition(None, 9)))
    assert (one.shard, one.session_id, one.batch_id, one.sequence) == (3, "s", "b-1", 9)


def test_a_sessions_shard_is_for_ever() -> None:
    """A change here would tear running sessions apart: these values are stored in every deployment."""
    assert [shard_of(f"session-{n}") for n in range(8)] == [7, 4, 5, 0, 4, 7, 0, 2]
