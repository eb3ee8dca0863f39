"""A session's life, settings and replay: given what happened, when somebody asks, then this."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from showfloor.kernel.event import Event
from showfloor.session.imports.domain.import_rules import ImportSession, import_session
from showfloor.session.show.domain.live_slot import LIVE_SLOT, LiveSlotReleased, LiveSlotTaken
from showfloor.session.show.domain.live_slot_rules import Slot, release_slot, take_slot
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION
from showfloor.session.show.domain.session_events import (
    AddedToBag,
    BagShown,
    CommentPinned,
    CommentUnpinned,
    PracticeEnded,
    PracticeStarted,
    ProductPinned,
    ProductUnpinned,
    ReplayRecorded,
    ScriptSet,
    SessionCorrected,
    SessionDeleted,
    SessionEnded,
    SessionImported,
    SessionOpened,
    SessionUpdated,
    WentLive,
)
from showfloor.session.show.domain.session_rules import (
    Command,
    DeleteSession,
    EndSession,
    OpenSession,
    RecordReplay,
    SetScript,
    Signs,
    UpdateSession,
    delete_session,
    end_practice,
    end_session,
    go_live,
    open_session,
    record_replay,
    replay_of,
    set_script,
    start_practice,
    update_session,
)
from showfloor.session.show.domain.totals import differences, totals_of
from showfloor.testing.scenario import given

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
S, ACCOUNT, SHOP, MUG, COMMENT = (UUID(int=n) for n in range(1, 6))
ABOUT: Any = {"session_id": S, "account_id": ACCOUNT, "shop_id": SHOP, "currency": "USD"}
ME: Any = {"session_id": S, "now": T0 + timedelta(minutes=9)}


def at(minute: float) -> datetime:
    return T0 + timedelta(minutes=minute)


def opened(**more: Any) -> Event:
    return SessionOpened(at=T0, title="Mugs", **{"source": "live", **ABOUT, **more})


def live(minute: float = 1, **more: Any) -> Event:
    return WentLive(at=at(minute), title="Mugs", **{"source": "live", **ABOUT, **more})


def ended(minute: float = 5, **more: Any) -> Event:
    known = {"source": "live", "started_at": at(1), "recorded_at": at(minute), **ABOUT, **more}
    return SessionEnded(at=at(minute), title="Mugs", **known)


PRACTISING = PracticeStarted(at=T0, **ABOUT)
IMPORTED = SessionImported(at=T0, reference="7", title="Old", started_at=T0, ended_at=at(1), **ABOUT)


class TestOpening:
    def asked(self, **more: Any) -> OpenSession:
        return OpenSession(**{**ME, "account_id": ACCOUNT, "shop_id": SHOP, "currency": "USD", "title": "Mugs", **more})

    @pytest.mark.requirement("R64")
    def test_opens_for_an_immediate_start(self) -> None:
        wanted = SessionOpened(at=at(9), title="Mugs", source="live", **ABOUT)
        given(SESSION).when(open_session, self.asked()).then(wanted)

    def test_again_is_the_same_session(self) -> None:
        before = given(SESSION).when(open_session, self.asked()).events
        given(SESSION, *before).when(open_session, self.asked(now=at(20))).then()

    @pytest.mark.requirement("D13")
    def test_a_recording_starts_in_the_past(self) -> None:
        (event,) = given(SESSION).when(open_session, self.asked(recorded_start=T0, simulated=True)).events
        assert isinstance(event, SessionOpened)
        assert (event.source, event.simulated, event.recorded_start) == ("replay", True, T0)

    def test_a_recording_cannot_start_in_the_future(self) -> None:
        refusal = given(SESSION).when(open_session, self.asked(recorded_start=at(10))).refused("IN_THE_FUTURE")
        assert refusal.metadata["field"] == "recording.start_time"


class TestPractice:
    @pytest.mark.requirement("R78")
    def test_starts(self) -> None:
        expected = PracticeStarted(at=at(9), **ABOUT)
        given(SESSION, opened()).when(start_practice, Command(**ME)).then(expected)

    def test_is_on_already(self) -> None:
        given(SESSION, opened(), PRACTISING).when(start_practice, Command(**ME)).then()

    def test_not_on_air(self) -> None:
        given(SESSION, opened(), live()).when(start_practice, Command(**ME)).refused("ALREADY_LIVE")

    def test_not_after_the_end(self) -> None:
        given(SESSION, opened(), live(), ended()).when(start_practice, Command(**ME)).refused("SESSION_ENDED")

    @pytest.mark.requirement("R82")
    def test_ends_by_the_power_button(self) -> None:
        expected = PracticeEnded(at=at(9), **ABOUT)
        given(SESSION, opened(), PRACTISING).when(end_practice, Command(**ME)).then(expected)

    def test_ends_only_when_on(self) -> None:
        refusal = given(SESSION, opened()).when(end_practice, Command(**ME)).refused("NOT_PRACTISING")
        assert refusal.metadata["state"] == "prepared"

    @pytest.mark.requirement("R82")
    def test_going_live_ends_it(self) -> None:
        assert given(SESSION, opened(), PRACTISING, live()).state.status == "live"

    def test_nobody_opened_it(self) -> None:
        given(SESSION).when(start_practice, Command(**ME)).refused("SESSION_NOT_FOUND")


class TestGoingLive:
    @pytest.mark.requirement("R64")
    def test_at_once(self) -> None:
        expected = WentLive(at=at(9), went_at=at(9), title="Mugs", source="live", **ABOUT)
        given(SESSION, opened()).when(go_live, Command(**ME)).then(expected)

    def test_after_practice_the_bag_shows_and_the_rest_is_hidden(self) -> None:
        added = AddedToBag(at=T0, source="set", product_ids=(MUG,), bag=(MUG,), **ABOUT)
        pinned = CommentPinned(at=T0, comment_id=COMMENT, **ABOUT)
        fields = ABOUT
        given(SESSION, opened(), added, PRACTISING, pinned).when(go_live, Command(**ME)).then(
            WentLive(at=at(9), went_at=at(9), title="Mugs", source="live", **fields),
            BagShown(at=at(9), bag=(MUG,), **fields),
            CommentUnpinned(at=at(9), comment_id=COMMENT, **fields),
        )

    def test_a_recording_starts_when_it_was_recorded(self) -> None:
        recording = opened(source="replay", recorded_start=at(-600), simulated=True)
        (event,) = given(SESSION, recording).when(go_live, Command(**ME)).events
        assert (event.at, event.source, event.simulated) == (at(-600), "replay", True)  # type: ignore[attr-defined]

    def test_is_live_already(self) -> None:
        given(SESSION, opened(), live()).when(go_live, Command(**ME)).then()

    @pytest.mark.requirement("R115", "R147")
    def test_not_twice(self) -> None:
        given(SESSION, opened(), live(), ended()).when(go_live, Command(**ME)).refused("SESSION_ENDED")


class TestEnding:
    @pytest.mark.requirement("R77")
    def test_ends_and_closes_the_pin(self) -> None:
        pinned = ProductPinned(at=at(2), product_id=MUG, **ABOUT)
        added = AddedToBag(at=T0, source="set", product_ids=(MUG,), bag=(MUG,), **ABOUT)
        fields = ABOUT
        given(SESSION, opened(), added, live(), pinned).when(end_session, EndSession(**ME)).then(
            ProductUnpinned(at=at(9), product_id=MUG, pinned_at=at(2), **fields),
            SessionEnded(at=at(9), title="Mugs", source="live", started_at=at(1), recorded_at=at(9), **fields),
        )

    def test_never_ends_before_it_starts(self) -> None:
        (event,) = given(SESSION, opened(), live(10)).when(end_session, EndSession(**ME)).events
        assert event.at == at(10)  # another process's clock was a little ahead

    @pytest.mark.parametrize("before", [(), (PRACTISING,), (live(), ended())])
    def test_only_a_running_one(self, before: tuple[Event, ...]) -> None:
        given(SESSION, opened(), *before).when(end_session, EndSession(**ME)).refused("SESSION_NOT_LIVE")

    def test_a_live_that_crashed_ends_when_it_did(self) -> None:
        (event,) = given(SESSION, opened(), live()).when(end_session, EndSession(**ME, end_time=at(2))).events
        assert isinstance(event, SessionEnded)
        assert (event.at, event.recorded_at) == (at(2), at(9))

    @pytest.mark.parametrize("signs", [Signs(last=at(3)), Signs()])
    def test_but_not_before_its_last_sign_of_life(self, signs: Signs) -> None:
        touched = () if signs.last else (SessionUpdated(at=at(3), title="Cups", **ABOUT),)
        history = given(SESSION, opened(), live(), *touched)
        refusal = history.when(end_session, EndSession(**ME, end_time=at(2), signs=signs)).refused("END_TOO_EARLY")
        assert refusal.metadata == {"field": "end_time", "earliest_end_time": at(3).isoformat()}
        (event,) = history.when(end_session, EndSession(**ME, end_time=at(3), signs=signs)).events
        assert event.at == at(3)

    def test_nor_in_the_future(self) -> None:
        given(SESSION, opened(), live()).when(end_session, EndSession(**ME, end_time=at(10))).refused("IN_THE_FUTURE")

    def test_a_recording_without_an_end_ends_where_it_has_got_to(self) -> None:
        history = given(SESSION, opened(source="replay", recorded_start=at(1)), live(source="replay"))
        (event,) = history.when(end_session, EndSession(**ME, signs=Signs(last=at(8), reached=at(4)))).events
        assert event.at == at(4)

    @pytest.mark.parametrize(("end", "reason"), [(at(0), "OUTSIDE_SESSION"), (at(10), "IN_THE_FUTURE")])
    def test_a_recording_ends_inside_its_time(self, end: datetime, reason: str) -> None:
        history = (opened(source="replay", recorded_start=at(1)), live(source="replay"))
        given(SESSION, *history).when(end_session, EndSession(**ME, end_time=end)).refused(reason)

    def test_a_recording_ends_when_it_did(self) -> None:
        history = (opened(source="replay", recorded_start=at(1)), live(source="replay"))
        (event,) = given(SESSION, *history).when(end_session, EndSession(**ME, end_time=at(4))).events
        assert isinstance(event, SessionEnded)
        assert (event.at, event.recorded_at) == (at(4), at(9))


class TestSettings:
    def test_title(self) -> None:
        expected = SessionUpdated(at=at(9), title="Cups", **ABOUT)
        given(SESSION, opened(), live()).when(update_session, UpdateSession(**ME, title="Cups")).then(expected)

    def test_same_title(self) -> None:
        given(SESSION, opened()).when(update_session, UpdateSession(**ME, title="Mugs")).then()

    @pytest.mark.requirement("R23", "R16")
    def test_script(self) -> None:
        (event,) = given(SESSION, opened()).when(set_script, SetScript(**ME, script="Hello 👋")).events
        assert isinstance(event, ScriptSet)
        assert event.script == "Hello 👋"

    @pytest.mark.requirement("R23")
    def test_no_script_is_fine(self) -> None:
        assert given(SESSION, opened(), live()).state.script == ""

    @pytest.mark.requirement("R115", "R147")
    def test_read_only_after_the_end(self) -> None:
        past = given(SESSION, opened(), live(), ended())
        past.when(update_session, UpdateSession(**ME, title="Cups")).refused("SESSION_ENDED")
        past.when(set_script, SetScript(**ME, script="Hi")).refused("SESSION_ENDED")

    def test_somebody_was_first(self) -> None:
        changed = SessionUpdated(at=T0, title="Pots", **ABOUT)
        asked = UpdateSession(**ME, title="Cups", expected_version=1)
        refusal = given(SESSION, opened(), changed).when(update_session, asked).refused("VERSION_CONFLICT")
        assert refusal.metadata == {"expected_version": "1", "version": "2"}


class TestDeleting:
    DELETED = SessionDeleted(at=at(9), **ABOUT)

    @pytest.mark.requirement("R64")
    def test_what_never_went_on_air_is_deleted(self) -> None:
        given(SESSION, opened()).when(delete_session, DeleteSession(**ME)).then(self.DELETED)
        practised = (opened(), PRACTISING, PracticeEnded(at=at(1), **ABOUT))
        given(SESSION, *practised).when(delete_session, DeleteSession(**ME)).then(self.DELETED)

    def test_practice_and_lives_stay(self) -> None:
        for history, reason in (
            ((opened(), PRACTISING), "SESSION_NOT_PREPARED"),
            ((opened(), live()), "SESSION_NOT_PREPARED"),
            ((opened(), live(), ended()), "SESSION_ENDED"),
            ((IMPORTED,), "IMPORTED"),
        ):
            given(SESSION, *history).when(delete_session, DeleteSession(**ME)).refused(reason)

    def test_only_what_was_seen_is_deleted(self) -> None:
        changed = SessionUpdated(at=T0, title="Pots", **ABOUT)
        asked = DeleteSession(**ME, expected_version=1)
        given(SESSION, opened(), changed).when(delete_session, asked).refused("VERSION_CONFLICT")

    def test_nothing_is_done_to_what_is_gone(self) -> None:
        gone = given(SESSION, opened(), self.DELETED)
        gone.when(delete_session, DeleteSession(**ME)).refused("SESSION_NOT_FOUND")
        gone.when(go_live, Command(**ME)).refused("SESSION_NOT_FOUND")
        gone.when(update_session, UpdateSession(**ME, title="Cups")).refused("SESSION_NOT_FOUND")
        gone.when(start_practice, Command(**ME)).refused("SESSION_NOT_FOUND")


class TestImported:
    @pytest.mark.requirement("D13")
    def test_comes_in_as_totals(self) -> None:
        given(SESSION).when(import_session, ImportSession(**ME, event=IMPORTED)).then(IMPORTED)
        assert given(SESSION, IMPORTED).state.status == "ended"

    def test_again_changes_nothing(self) -> None:
        given(SESSION, IMPORTED).when(import_session, ImportSession(**ME, event=IMPORTED)).then()

    def told(self, **more: Any) -> Any:
        return msgspec.structs.replace(IMPORTED, **more)

    def test_same_reference_other_totals(self) -> None:
        asked = ImportSession(**ME, event=self.told(ended_at=at(2), views=5))
        refusal = given(SESSION, IMPORTED).when(import_session, asked).refused("DIFFERENT_TOTALS")
        assert refusal.metadata == {"reference": "7", "differs": "ended_at, views"}

    def test_a_correction_holds_what_was_and_what_is(self) -> None:
        asked = ImportSession(**ME, event=self.told(ended_at=at(2), views=5, title="Right"), correct=True)
        corrected = given(SESSION, IMPORTED).when(import_session, asked)
        (event,) = corrected.events
        assert isinstance(event, SessionCorrected)
        assert list(differences(event.before, event.after)) == [
            ("title", "Old", "Right"), ("ended_at", at(1), at(2)), ("views", None, 5),
        ]  # fmt: skip
        state = given(SESSION, IMPORTED, event).state
        assert (state.title, state.ended_at, state.totals) == ("Right", at(2), event.after)
        given(SESSION, IMPORTED, event).when(import_session, asked).then()
        back = (
            given(SESSION, IMPORTED, event)
            .when(import_session, ImportSession(**ME, event=IMPORTED, correct=True))
            .events
        )
        assert given(SESSION, IMPORTED, event, *back).state.totals == totals_of(IMPORTED)

    def test_a_correction_of_what_is_new_or_the_same_is_none(self) -> None:
        given(SESSION).when(import_session, ImportSession(**ME, event=IMPORTED, correct=True)).then(IMPORTED)
        given(SESSION, IMPORTED).when(import_session, ImportSession(**ME, event=IMPORTED, correct=True)).then()

    def test_a_reference_stays_with_its_host(self) -> None:
        other = self.told(account_id=UUID(int=99), views=5)
        for correct in (False, True):
            asked = ImportSession(**ME, event=other, correct=correct)
            refusal = given(SESSION, IMPORTED).when(import_session, asked).refused("REFERENCE_TAKEN")
            assert refusal.metadata == {"reference": "7", "account_id": str(ACCOUNT)}

    def test_cannot_be_changed(self) -> None:
        past = given(SESSION, IMPORTED)
        for rule in (start_practice, end_practice, go_live):
            past.when(rule, Command(**ME)).refused("IMPORTED")
        past.when(end_session, EndSession(**ME)).refused("IMPORTED")
        past.when(update_session, UpdateSession(**ME, title="x")).refused("IMPORTED")
        past.when(set_script, SetScript(**ME, script="x")).refused("IMPORTED")
        past.when(record_replay, RecordReplay(**ME, url="https://x", policy=Policy())).refused("IMPORTED")


class TestReplay:
    def asked(self, now: datetime, url: str = "https://cdn.example/1") -> RecordReplay:
        return RecordReplay(**{**ME, "now": now}, url=url, policy=Policy())

    @pytest.mark.requirement("R114", "R172", "D9")
    def test_lasts_thirty_days_after_the_end(self) -> None:
        past = given(SESSION, opened(), live(), ended())
        (event,) = past.when(record_replay, self.asked(at(9))).events
        assert isinstance(event, ReplayRecorded)
        assert event.expires_at == at(5) + timedelta(days=30)

    @pytest.mark.requirement("R172")
    def test_is_there_until_the_last_moment(self) -> None:
        kept = ReplayRecorded(at=at(9), url="https://x", expires_at=at(5) + timedelta(days=30), **ABOUT)
        past = given(SESSION, opened(), live(), ended(), kept)
        last = at(5) + timedelta(days=30) - timedelta(microseconds=1)
        assert replay_of(past.state, last) == ("https://x", kept.expires_at)
        past.when(lambda state, now: list(replay_of(state, now)), kept.expires_at).refused("REPLAY_EXPIRED")  # type: ignore[arg-type, return-value]

    def test_none_was_recorded(self) -> None:
        past = given(SESSION, opened(), live(), ended())
        past.when(lambda state, now: list(replay_of(state, now)), at(6)).refused("REPLAY_EXPIRED")  # type: ignore[arg-type, return-value]

    def test_too_late_to_record(self) -> None:
        past = given(SESSION, opened(), live(), ended())
        past.when(record_replay, self.asked(at(5) + timedelta(days=30))).refused("REPLAY_EXPIRED")

    @pytest.mark.parametrize("before", [(), (live(),)])
    def test_not_before_the_end(self, before: tuple[Event, ...]) -> None:
        given(SESSION, opened(), *before).when(record_replay, self.asked(at(9))).refused("SESSION_RUNNING")


class TestSlot:
    TAKEN = LiveSlotTaken(at=T0, account_id=ACCOUNT, session_id=S)
    OTHER = UUID(int=99)

    def slot(self, session_id: UUID) -> Slot:
        return Slot(account_id=ACCOUNT, session_id=session_id, now=T0)

    def test_is_taken_once(self) -> None:
        given(LIVE_SLOT).when(take_slot, self.slot(S)).then(self.TAKEN)
        given(LIVE_SLOT, self.TAKEN).when(take_slot, self.slot(S)).then()

    @pytest.mark.requirement("R74")
    def test_names_the_running_live(self) -> None:
        refusal = given(LIVE_SLOT, self.TAKEN).when(take_slot, self.slot(self.OTHER)).refused("ANOTHER_LIVE_RUNNING")
        assert refusal.metadata == {"running_session_id": str(S)}

    def test_is_given_back_by_its_holder_only(self) -> None:
        released = LiveSlotReleased(at=T0, account_id=ACCOUNT, session_id=S)
        given(LIVE_SLOT, self.TAKEN).when(release_slot, self.slot(self.OTHER)).then()
        given(LIVE_SLOT, self.TAKEN).when(release_slot, self.slot(S)).then(released)
        given(LIVE_SLOT, self.TAKEN, released).when(release_slot, self.slot(S)).then()
