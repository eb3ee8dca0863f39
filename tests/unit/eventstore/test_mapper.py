"""Stored bytes: eternal topics, upcasting step by step, errors that name the culprit."""

from uuid import UUID

import pytest

from showfloor.eventstore.mapper import Mapper, UnknownTopic, Unreadable
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta
from showfloor.testing.ledger import AT, LEDGER, Account, Closed, Deposited

STREAM = UUID(int=1)


class Renamed(Event, frozen=True, kw_only=True):
    TOPIC = "thing.renamed"
    VERSION = 3

    title: str

    @staticmethod
    def upcast_v1_v2(data):
        return {"at": data["at"], "name": data["n"]}

    @staticmethod
    def upcast_v2_v3(data):
        return {"at": data["at"], "title": data["name"].upper()}


def deciding(*events: type[Event]) -> Decider:
    return Decider("thing", Account, Account, lambda state, _event: state, events)


def test_the_stored_form_is_readable_json_under_an_eternal_topic():
    topic, state = Mapper([LEDGER]).encode(Closed(at=AT), Meta(request_id="r"))
    assert topic == "ledger.closed:1"
    assert state == b'[{"actor":"","request_id":"r","traceparent":""},{"at":"2026-01-02T03:04:05Z"}]'


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("thing.renamed:1", b'{"at":"2026-01-02T03:04:05Z","n":"a"}'),
        ("thing.renamed:2", b'{"at":"2026-01-02T03:04:05Z","name":"a"}'),
        ("thing.renamed:3", b'{"at":"2026-01-02T03:04:05Z","title":"A"}'),
    ],
)
def test_every_version_is_read_in_the_newest_shape(topic, body):
    recorded = Mapper([deciding(Renamed)]).decode((9, STREAM, 4, topic, b"[{}," + body + b"]"))
    assert recorded.event == Renamed(at=AT, title="A")
    assert (recorded.position, recorded.stream, recorded.version) == (9, STREAM, 4)


def test_a_field_from_the_future_is_ignored():
    state = b'[{"actor":"a","later":1},{"at":"2026-01-02T03:04:05Z","amount":1,"later":2}]'
    assert Mapper([LEDGER]).decode((1, STREAM, 1, "ledger.deposited:2", state)).event == Deposited(at=AT, amount=1)


def test_an_unknown_topic_is_named():
    with pytest.raises(UnknownTopic, match=r"ledger\.moved:1"):
        Mapper([LEDGER]).decode((1, STREAM, 1, "ledger.moved:1", b"[{},{}]"))


def test_an_undeclared_event_is_not_stored():
    with pytest.raises(TypeError, match="Renamed"):
        Mapper([LEDGER]).encode(Renamed(at=AT, title="A"), Meta())


def test_a_topic_has_one_owner():
    class Other(Event, frozen=True, kw_only=True):
        TOPIC = "ledger.closed"

    with pytest.raises(ValueError, match=r"ledger\.closed"):
        Mapper([LEDGER, deciding(Other)])


def test_a_topic_belongs_to_one_kind_of_stream():
    with pytest.raises(ValueError, match=r"ledger\.closed.*claimed by ledger and thing"):
        Mapper([LEDGER, deciding(Closed)])
    with pytest.raises(ValueError, match="named 'thing'"):
        Mapper([deciding(Closed), deciding(Renamed)])


def test_a_topic_tells_its_kind_in_every_version():
    mapper, thing = Mapper([LEDGER, kind := deciding(Renamed)]), kind
    assert [mapper.owner(f"thing.renamed:{version}") for version in (1, 3, 9)] == [thing] * 3
    assert (mapper.owner("ledger.closed:1"), mapper.owner("ledger.moved:1")) == (LEDGER, None)


def test_a_missing_step_is_found_at_the_start():
    class Gap(Event, frozen=True, kw_only=True):
        TOPIC = "thing.gap"
        VERSION = 2

    with pytest.raises(ValueError, match="upcast_v1_v2"):
        Mapper([deciding(Gap)])


@pytest.mark.parametrize("state", [b"", b"[]", b"[{},{}]", b'[{},{"at":"2026-01-02T03:04:05Z"}]', b"\xff", b"[" * 5000])
@pytest.mark.parametrize("version", [1, 3])
def test_a_damaged_event_is_named_by_its_position_and_topic(state, version):
    with pytest.raises(Unreadable, match=f"position 9 is no thing.renamed:{version}"):
        Mapper([deciding(Renamed)]).decode((9, STREAM, 4, f"thing.renamed:{version}", state))
