"""A session of a LIVE event: opened for it, moved with it, gone with it; nothing of that twice."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from showfloor.kernel.event import Event
from showfloor.session.show.domain.plan_rules import (
    OpenForEvent,
    PlanCommand,
    RescheduleSession,
    drop_session,
    open_for_event,
    reschedule_session,
)
from showfloor.session.show.domain.session import SESSION, BagEntry, Plan
from showfloor.session.show.domain.session_events import (
    AddedToBag,
    PracticeEnded,
    PracticeStarted,
    SessionDeleted,
    SessionEnded,
    SessionOpened,
    SessionRescheduled,
    SessionUpdated,
    WentLive,
)
from showfloor.session.show.domain.session_rules import (
    Command,
    DeleteSession,
    GoLive,
    UpdateSession,
    delete_session,
    go_live,
    start_practice,
    update_session,
)
from showfloor.testing.scenario import given

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
S, ACCOUNT, SHOP, EVENT, OTHER, MUG, POT, CUP = (UUID(int=n) for n in range(1, 9))
ABOUT: Any = {"session_id": S, "account_id": ACCOUNT, "shop_id": SHOP, "currency": "USD"}
ME: Any = {"session_id": S, "now": T0 + timedelta(minutes=9)}
START = T0 + timedelta(hours=1)
OPENED = SessionOpened(at=T0, title="Mugs", source="live", event_id=EVENT, not_before=START, **ABOUT)
PRACTISING = PracticeStarted(at=T0, **ABOUT)
LIVE = WentLive(at=START, title="Mugs", source="live", **ABOUT)
ENDED = SessionEnded(at=START, title="Mugs", source="live", started_at=START, recorded_at=START, **ABOUT)


def asked(**more: Any) -> OpenForEvent:
    known = {"event_id": EVENT, "title": "Mugs", "affiliate": True, "not_before": START, "now": T0}
    return OpenForEvent(**{**ABOUT, **known, **more})


def moved(sequence: int, title: str = "Mugs", start: datetime = START) -> RescheduleSession:
    return RescheduleSession(event_id=EVENT, title=title, not_before=start, sequence=sequence, **ME)


class TestOpening:
    @pytest.mark.requirement("R90", "R95")
    def test_it_comes_with_the_last_bag_in_order_with_its_sources(self) -> None:
        bag = (BagEntry(MUG, "showcase"), BagEntry(POT, "showcase"), BagEntry(CUP, "collab"))
        opened = msgspec.structs.replace(OPENED, affiliate=True, event_sequence=4)
        added = (
            AddedToBag(at=T0, source="showcase", product_ids=(MUG, POT), bag=(MUG, POT), **ABOUT),
            AddedToBag(at=T0, source="collab", product_ids=(CUP,), bag=(MUG, POT, CUP), **ABOUT),
        )
        given(SESSION).when(open_for_event, asked(bag=bag, sequence=4)).then(opened, *added)
        state = SESSION.initial()
        for event in (opened, *added):
            state = SESSION.evolve(state, event)
        assert (state.bag, state.plan) == (bag, Plan(EVENT, "Mugs", START, 4))

    @pytest.mark.parametrize("since", [(), (LIVE,), (LIVE, ENDED), (SessionDeleted(at=T0, **ABOUT),)])
    def test_news_heard_again_changes_nothing(self, since: tuple[Event, ...]) -> None:
        given(SESSION, OPENED, *since).when(open_for_event, asked(bag=(BagEntry(MUG, "link"),))).then()


class TestGoingLive:
    @pytest.mark.requirement("R65")
    def test_not_before_the_scheduled_start(self) -> None:
        early = GoLive(session_id=S, now=START - timedelta(microseconds=1))
        refusal = given(SESSION, OPENED).when(go_live, early).refused("TOO_EARLY")
        assert refusal.metadata == {"session_id": str(S), "not_before_time": START.isoformat()}
        assert given(SESSION, OPENED).when(go_live, GoLive(session_id=S, now=START)).events
        assert given(SESSION, OPENED, LIVE).when(go_live, early).events == []

    @pytest.mark.requirement("R7", "R78")
    def test_practice_at_once(self) -> None:
        given(SESSION, OPENED).when(start_practice, Command(**ME)).then(PracticeStarted(at=ME["now"], **ABOUT))


class TestMoving:
    def test_takes_name_and_start(self) -> None:
        later = START + timedelta(days=1)
        new = SessionRescheduled(at=ME["now"], title="Pots", not_before=later, event_sequence=1, **ABOUT)
        named = SessionUpdated(at=ME["now"], title="Pots", **ABOUT)
        given(SESSION, OPENED).when(reschedule_session, moved(1, "Pots", later)).then(new, named)
        too_early = given(SESSION, OPENED, new, named).when(go_live, GoLive(session_id=S, now=START))
        assert too_early.refused("TOO_EARLY").metadata["not_before_time"] == later.isoformat()

    def test_older_news_and_what_is_so_already_change_nothing(self) -> None:
        known = SessionRescheduled(at=T0, title="Mugs", not_before=START, event_sequence=3, **ABOUT)
        for old in (moved(2, "Old"), moved(3, "Old"), moved(4)):
            given(SESSION, OPENED, known).when(reschedule_session, old).then()

    def test_a_name_of_its_own_outlasts_a_move(self) -> None:
        (own,) = given(SESSION, OPENED).when(update_session, UpdateSession(title="Part 1", **ME)).events
        (new,) = given(SESSION, OPENED, own).when(reschedule_session, moved(1, "Mugs", T0)).events
        assert isinstance(new, SessionRescheduled)

    @pytest.mark.parametrize("since", [(LIVE,), (LIVE, ENDED), (SessionDeleted(at=T0, **ABOUT),)])
    def test_what_began_or_is_gone_stays(self, since: tuple[Event, ...]) -> None:
        given(SESSION, OPENED, *since).when(reschedule_session, moved(1, "Pots")).then()

    def test_another_events_news_is_not_its_own(self) -> None:
        foreign = msgspec.structs.replace(moved(1, "Pots"), event_id=OTHER)
        given(SESSION, OPENED).when(reschedule_session, foreign).then()
        given(SESSION).when(reschedule_session, moved(1)).then()


class TestGoing:
    gone = SessionDeleted(at=ME["now"], **ABOUT)

    def test_it_goes_with_its_event_alone(self) -> None:
        refusal = given(SESSION, OPENED).when(delete_session, DeleteSession(**ME)).refused("BELONGS_TO_EVENT")
        assert refusal.metadata == {"session_id": str(S), "event_id": str(EVENT)}
        given(SESSION, OPENED, LIVE).when(delete_session, DeleteSession(**ME)).refused("SESSION_NOT_PREPARED")
        given(SESSION, OPENED).when(drop_session, PlanCommand(event_id=EVENT, **ME)).then(self.gone)
        given(SESSION, OPENED).when(drop_session, PlanCommand(event_id=OTHER, **ME)).then()

    def test_practice_ends_first(self) -> None:
        ended = PracticeEnded(at=ME["now"], **ABOUT)
        given(SESSION, OPENED, PRACTISING).when(drop_session, PlanCommand(event_id=EVENT, **ME)).then(ended, self.gone)

    @pytest.mark.parametrize("since", [(LIVE,), (LIVE, ENDED), (SessionDeleted(at=T0, **ABOUT),)])
    def test_what_was_on_air_stays(self, since: tuple[Event, ...]) -> None:
        given(SESSION, OPENED, *since).when(drop_session, PlanCommand(event_id=EVENT, **ME)).then()
