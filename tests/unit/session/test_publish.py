"""What the other services learn, and what stays private."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.api.session.v1 import session_events_pb2 as public
from showfloor.kernel.event import Event, Meta, Recorded
from showfloor.service.publishing import Contract, Translation, Unpublishable
from showfloor.session.activity.domain.comment import CommentPosted
from showfloor.session.activity.domain.order import Item, OrderPaid
from showfloor.session.analytics.domain.report import MinuteSummarised, Reading
from showfloor.session.service import DECIDERS, PUBLIC
from showfloor.session.show.domain.live_slot import LiveSlotReleased, LiveSlotTaken
from showfloor.session.show.domain.session_events import (
    AddedToBag,
    BagShown,
    PracticeStarted,
    ProductPinned,
    ProductUnpinned,
    ScriptSet,
    SessionCorrected,
    SessionEnded,
    SessionImported,
    WentLive,
)
from showfloor.session.show.domain.totals import Totals

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
S, ACCOUNT, SHOP, MUG, POT = (UUID(int=n) for n in range(1, 6))
ABOUT: Any = {"at": T0, "session_id": S, "account_id": ACCOUNT, "shop_id": SHOP}
SESSION: Any = {**ABOUT, "currency": "USD"}


def told(event: Event) -> Any:
    public_event = PUBLIC.publish(Recorded(7, S, 1, event, Meta()))
    if public_event is None:
        return None
    assert public_event.key == str(S)
    name = public_event.type.removeprefix("showfloor.api.session.v1.")
    return getattr(public, name).FromString(public_event.message)


def test_a_correction_tells_what_held_and_what_holds_now() -> None:
    before = Totals(title="Old", started_at=T0, ended_at=T0 + timedelta(hours=1), views=5)
    after = Totals(title="Right", started_at=T0, ended_at=T0 + timedelta(hours=2), gmv_minor=7)
    message = told(SessionCorrected(reference="r-1", before=before, after=after, **SESSION))
    assert (message.before.title, message.before.duration_s, message.before.views) == ("Old", 3_600, 5)
    assert (message.after.title, message.after.duration_s, message.after.gmv.minor) == ("Right", 7_200, 7)
    assert (message.before.HasField("gmv"), message.after.HasField("views")) == (False, False)
    assert (message.shop_id, message.account_id, message.after.reference) == (str(SHOP), str(ACCOUNT), "r-1")


def test_an_import_tells_its_totals_and_not_what_is_unknown() -> None:
    event = SessionImported(
        reference="r-1", title="Past", started_at=T0, ended_at=T0 + timedelta(hours=1), views=5, gmv_minor=7, **SESSION
    )
    message = told(event)
    assert (message.totals.reference, message.totals.duration_s, message.totals.views) == ("r-1", 3_600, 5)
    assert (message.totals.gmv.minor, message.totals.gmv.currency) == (7, "USD")
    assert (message.totals.HasField("average_viewers"), message.account_id) == (False, str(ACCOUNT))


@pytest.mark.requirement("R79")
@pytest.mark.parametrize(
    "event",
    [
        PracticeStarted(**SESSION),
        ScriptSet(script="Hi", **SESSION),
        AddedToBag(source="set", product_ids=(MUG,), bag=(MUG,), **SESSION),
        ProductUnpinned(product_id=MUG, pinned_at=T0, replaced_by=POT, **SESSION),
        CommentPosted(comment_id=MUG, text="Test", from_host=True, practice=True, **ABOUT),
        LiveSlotTaken(at=T0, account_id=ACCOUNT, session_id=S),
        LiveSlotReleased(at=T0, account_id=ACCOUNT, session_id=S),
    ],
    ids=lambda event: event.TOPIC,
)
def test_private(event: Event) -> None:
    assert told(event) is None


def test_going_live_and_ending() -> None:
    started = told(WentLive(title="Mugs", source="replay", simulated=True, **SESSION))
    assert (started.title, started.currency, started.simulated, started.source) == ("Mugs", "USD", True, 2)
    ended = told(SessionEnded(title="Mugs", source="live", started_at=T0, recorded_at=T0, **SESSION))
    assert ended.end_time.ToDatetime(tzinfo=UTC) == T0


def test_bag_and_pins_on_air() -> None:
    added = AddedToBag(source="set", product_ids=(POT,), bag=(MUG, POT), on_air=True, **SESSION)
    for event, ids in ((added, [MUG, POT]), (BagShown(bag=(MUG,), **SESSION), [MUG])):
        assert list(told(event).product_ids) == [str(product_id) for product_id in ids]
    assert told(ProductPinned(product_id=MUG, **SESSION)).product_id == str(MUG)
    assert told(ProductUnpinned(product_id=MUG, pinned_at=T0, **SESSION)).product_id == ""


def test_money_keeps_its_currency() -> None:
    paid = OrderPaid(
        order_id=MUG, viewer_ref="v", currency="USD", reference="A", items=(Item(MUG, 1, 999),), total_minor=999,
        commission_minor=25, affiliate_minor=999, direct=True, placed_at=T0, **ABOUT,
    )  # fmt: skip
    message = told(paid)
    assert (message.total.minor, message.commission.minor, message.total.currency) == (999, 25, "USD")


@pytest.mark.requirement("D14")
def test_a_missing_reading_stays_missing() -> None:
    readings = (Reading("gmv", 0.0, currency="USD"), Reading("ctr", missing="no_denominator"))
    event = MinuteSummarised(at=T0, session_id=S, minute=T0 + timedelta(minutes=1), readings=readings)
    zero, missing = told(event).readings
    assert zero.HasField("value") and zero.value == 0.0
    assert not missing.HasField("value") and missing.missing == "no_denominator"


def test_the_events_of_the_service_are_those_of_its_contract() -> None:
    """A message that nothing becomes would be a promise nobody keeps; an event that no stream holds becomes none."""
    named = {public.DESCRIPTOR.message_types_by_name[message.DESCRIPTOR.name] for message in PUBLIC.messages}
    assert named == set(public.DESCRIPTOR.message_types_by_name.values())
    assert set(PUBLIC.translations) <= {event for decider in DECIDERS for event in decider.events}


def test_an_event_becomes_the_message_that_the_contract_says() -> None:
    other = Contract(
        "session", "session_id", {BagShown: Translation(public.SessionEnded, lambda _: public.BagChanged())}
    )
    with pytest.raises(Unpublishable, match=r"became a .*BagChanged instead of a .*SessionEnded"):
        other.publish(Recorded(7, S, 1, BagShown(bag=(MUG,), **SESSION), Meta()))


def test_a_message_without_the_key_of_its_service_is_none() -> None:
    with pytest.raises(TypeError, match=r"SessionEnded needs the field shop_id: every public event of session"):
        Contract("session", "shop_id", {BagShown: Translation(public.SessionEnded, lambda _: public.SessionEnded())})


def test_a_value_too_large_for_its_message_is_told_by_position() -> None:
    paid = OrderPaid(
        order_id=MUG, viewer_ref="v", currency="USD", reference="A", items=(), total_minor=2**64,
        commission_minor=0, affiliate_minor=0, direct=True, placed_at=T0, **ABOUT,
    )  # fmt: skip
    with pytest.raises(Unpublishable, match="position 7"):
        PUBLIC.publish(Recorded(7, MUG, 1, paid, Meta()))
