"""Three months after its end a session's details go, once, when due and reported (D9)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.activity.domain.comment import Comment
from showfloor.session.activity.domain.fact_rules import PostComment, post_comment
from showfloor.session.activity.domain.times import later_time
from showfloor.session.show.domain.detail_rules import ExpireDetails, expire_details, forget_signals, must_have_details
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION, Session
from showfloor.session.show.domain.session_events import (
    SessionDeleted,
    SessionDetailsExpired,
    SessionEnded,
    SessionImported,
    SessionOpened,
    SignalsForgotten,
    WentLive,
)
from showfloor.session.show.domain.session_rules import Command

ID = UUID(int=1)
BASE: dict[str, Any] = {"session_id": ID, "account_id": UUID(int=2), "shop_id": UUID(int=3), "currency": "USD"}
START = datetime(2024, 2, 28, 12, tzinfo=UTC)  # a recording: it is kept from when it was played in
OVER = datetime(2026, 3, 1, 20, tzinfo=UTC)
DUE = datetime(2026, 6, 2, 8, tzinfo=UTC)  # 1 March, then 92 whole days of UTC-8
SECOND = timedelta(seconds=1)


def ended(*more: Any) -> Session:
    state = Session()
    for event in (
        SessionOpened(at=START, title="Mugs", source="replay", recorded_start=START, **BASE),
        WentLive(at=START, title="Mugs", source="replay", **BASE),
        SessionEnded(at=START + SECOND, title="Mugs", source="replay", started_at=START, recorded_at=OVER, **BASE),
        *more,
    ):
        state = SESSION.evolve(state, event)
    return state


def expire(state: Session, now: datetime, **more: Any) -> list[Any]:
    asked: dict[str, Any] = {"policy": Policy(), "reported": True} | more
    return expire_details(state, ExpireDetails(session_id=ID, now=now, **asked))


@pytest.mark.requirement("D9", "D6")
def test_details_expire_after_92_whole_days_at_the_due_time() -> None:
    assert expire(ended(), DUE - SECOND) == []
    for now in (DUE, DUE + timedelta(days=40)):
        (expired,) = expire(ended(), now)
        assert isinstance(expired, SessionDetailsExpired)
        assert (expired.at, expired.session_id) == (DUE, ID)
    assert expire(ended(expired), DUE) == []


@pytest.mark.requirement("D9")
def test_how_long_is_policy() -> None:
    (expired,) = expire(ended(), DUE, policy=Policy(detail_days=1))
    assert expired.at == datetime(2026, 3, 3, 8, tzinfo=UTC)


@pytest.mark.requirement("D9")
def test_what_is_not_reported_running_or_imported_stays() -> None:
    assert expire(ended(), DUE, reported=False) == []
    opened = SESSION.evolve(Session(), SessionOpened(at=START, title="Mugs", source="live", **BASE))
    assert expire(opened, DUE) == []
    past = SessionImported(at=START, reference="1", title="", started_at=START, ended_at=START, **BASE)
    assert expire(SESSION.evolve(Session(), past), DUE) == []


@pytest.mark.requirement("D9")
def test_signals_are_forgotten_once_and_only_after_the_details() -> None:
    asked = Command(session_id=ID, now=DUE)
    (expired,) = expire(ended(), DUE)
    assert forget_signals(ended(), asked) == []
    (forgotten,) = forget_signals(ended(expired), asked)
    assert isinstance(forgotten, SignalsForgotten)
    assert forget_signals(ended(expired, forgotten), asked) == []
    assert expire(ended(expired, forgotten), DUE) == []


@pytest.mark.requirement("D9")
def test_details_that_are_gone_are_neither_read_nor_added_to() -> None:
    must_have_details(ended())
    (expired,) = expire(ended(), DUE)
    gone = ended(expired)
    with pytest.raises(Refusal) as refused:
        must_have_details(gone)
    assert (refused.value.kind, refused.value.reason) == (RefusalKind.WRONG_STATE, "DETAIL_EXPIRED")
    assert refused.value.metadata == {"session_id": str(ID)}
    late = PostComment(subject_id=ID, session=gone, now=DUE, policy=Policy(), request_id="r", time=START, text="late")
    with pytest.raises(Refusal, match="details have expired"):
        post_comment(Comment(), late)
    with pytest.raises(Refusal, match="details have expired"):
        later_time(gone, None, START, DUE, Policy())


def test_what_was_practised_goes_with_a_deleted_session() -> None:
    state = SESSION.evolve(Session(), SessionOpened(at=START, title="Mugs", source="live", **BASE))
    state = SESSION.evolve(state, SessionDeleted(at=OVER, **BASE))
    forgotten = SignalsForgotten(at=OVER, **BASE)
    assert forget_signals(state, Command(session_id=ID, now=OVER)) == [forgotten]
    assert SESSION.evolve(state, forgotten).status == "deleted"
