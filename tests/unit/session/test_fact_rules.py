"""Comments, follows and gifts."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.session.activity.domain.comment import COMMENT, Comment, CommentPosted
from showfloor.session.activity.domain.fact_rules import (
    FollowAccount,
    PostComment,
    ReplyToComment,
    SendGift,
    follow_account,
    post_comment,
    reply_to_comment,
    send_gift,
)
from showfloor.session.activity.domain.follow import FOLLOW, AccountFollowed
from showfloor.session.activity.domain.gift import GIFT, GiftGrown, GiftSent
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import BagEntry, Session, Status
from showfloor.session.show.domain.session_events import Source
from showfloor.testing.scenario import given

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
NOW = T0 + timedelta(minutes=9)
S, ACCOUNT, SHOP, SUBJECT, MUG, OTHER = (UUID(int=n) for n in range(1, 7))
ABOUT: Any = {"session_id": S, "account_id": ACCOUNT, "shop_id": SHOP}


def session(status: Status = "live", source: Source = "live") -> Session:
    ran = status in ("live", "ended")
    return Session(
        session_id=S, account_id=ACCOUNT, shop_id=SHOP, currency="USD", status=status, source=source,
        started_at=T0 if ran else None, ended_at=T0 + timedelta(minutes=5) if status == "ended" else None,
        bag=(BagEntry(MUG, "set"),),
    )  # fmt: skip


def fact(**more: Any) -> Any:
    return {
        "subject_id": SUBJECT, "session": session(), "now": NOW, "policy": Policy(), "request_id": "r1", **more,
    }  # fmt: skip


def say(**more: Any) -> PostComment:
    return PostComment(**fact(**{"text": "Hi", "viewer_ref": "v1", **more}))


def answer(**more: Any) -> ReplyToComment:
    return ReplyToComment(**fact(**{"text": "Hi", **more}))


def posted(**more: Any) -> CommentPosted:
    return CommentPosted(**{"at": NOW, "comment_id": SUBJECT, "viewer_ref": "v1", "text": "Hi", **ABOUT, **more})


class TestComments:
    @pytest.mark.requirement("R21", "R83")
    def test_general_and_about_a_product(self) -> None:
        given(COMMENT).when(post_comment, say()).then(posted())
        given(COMMENT).when(post_comment, say(product_id=MUG)).then(posted(product_id=MUG))

    def test_a_resend_changes_nothing_even_after_the_end(self) -> None:
        given(COMMENT, posted()).when(post_comment, say(session=session("ended"))).then()

    def test_product_must_be_in_the_bag(self) -> None:
        given(COMMENT).when(post_comment, say(product_id=OTHER)).refused("NOT_IN_BAG")

    @pytest.mark.requirement("R83")
    def test_answers_a_comment_of_this_session(self) -> None:
        there = Comment(comment_id=OTHER, session_id=S)
        given(COMMENT).when(post_comment, say(reply_to=OTHER, replied=there)).then(posted(reply_to=OTHER))
        for unknown in (Comment(), Comment(comment_id=OTHER, session_id=MUG), Comment(OTHER, S, practice=True)):
            given(COMMENT).when(post_comment, say(reply_to=OTHER, replied=unknown)).refused("COMMENT_NOT_FOUND")

    @pytest.mark.requirement("R83")
    def test_the_host_answers_a_comment_of_this_session(self) -> None:
        there = Comment(comment_id=OTHER, session_id=S)
        replied = posted(from_host=True, viewer_ref="", reply_to=OTHER)
        given(COMMENT).when(reply_to_comment, answer(reply_to=OTHER, replied=there)).then(replied)
        given(COMMENT, replied).when(reply_to_comment, answer(reply_to=OTHER, replied=there)).then()
        given(COMMENT).when(reply_to_comment, answer(reply_to=OTHER)).refused("COMMENT_NOT_FOUND")

    @pytest.mark.requirement("R79", "R83")
    def test_practice_is_for_the_hosts_side(self) -> None:
        practising = session("practice")
        given(COMMENT).when(reply_to_comment, answer(session=practising, user_id=OTHER)).then(
            posted(from_host=True, viewer_ref="", practice=True, user_id=OTHER)
        )
        given(COMMENT).when(post_comment, say(session=practising)).refused("SESSION_NOT_LIVE")

    @pytest.mark.parametrize("status", ["prepared", "ended"])
    def test_nobody_speaks_off_air(self, status: Status) -> None:
        off: Any = {"session": session(status)}
        for rule, command in ((post_comment, say(**off)), (reply_to_comment, answer(**off))):
            assert given(COMMENT).when(rule, command).refused("SESSION_NOT_LIVE").metadata["state"] == status

    def test_imported(self) -> None:
        given(COMMENT).when(post_comment, say(session=session("ended", "import"))).refused("IMPORTED")


class TestTimes:
    @pytest.mark.parametrize(
        ("time", "reason"),
        [
            (T0 - timedelta(microseconds=1), "OUTSIDE_SESSION"),
            (NOW + timedelta(seconds=2, microseconds=1), "IN_THE_FUTURE"),
        ],
    )
    def test_outside(self, time: datetime, reason: str) -> None:
        assert given(COMMENT).when(post_comment, say(time=time)).refused(reason).metadata["field"] == "time"

    @pytest.mark.parametrize("time", [T0, NOW, NOW + timedelta(seconds=2)])
    def test_inside(self, time: datetime) -> None:
        given(COMMENT).when(post_comment, say(time=time)).then(posted(at=time))

    def test_a_recording_grants_no_slack(self) -> None:
        replay = session("live", "replay")
        given(COMMENT).when(post_comment, say(session=replay, time=NOW)).then(posted(told_at=NOW))
        late = NOW + timedelta(microseconds=1)
        given(COMMENT).when(post_comment, say(session=replay, time=late)).refused("IN_THE_FUTURE")

    def test_late_reports_of_what_happened_inside(self) -> None:
        over = session("ended")
        inside, after = T0 + timedelta(minutes=5), T0 + timedelta(minutes=5, microseconds=1)
        told = posted(at=inside, told_at=NOW, late=True)
        given(COMMENT).when(post_comment, say(session=over, time=inside)).then(told)
        given(COMMENT).when(post_comment, say(session=over, time=after)).refused("OUTSIDE_SESSION")


class TestFollows:
    FOLLOWED = AccountFollowed(at=NOW, follow_id=SUBJECT, viewer_ref="v1", **ABOUT)

    @pytest.mark.requirement("R85")
    def test_once_whatever_the_request(self) -> None:
        given(FOLLOW).when(follow_account, FollowAccount(**fact(viewer_ref="v1"))).then(self.FOLLOWED)
        again = FollowAccount(**fact(viewer_ref="v1", request_id="r2"))
        given(FOLLOW, self.FOLLOWED).when(follow_account, again).then()

    def test_needs_a_live(self) -> None:
        asked = FollowAccount(**fact(viewer_ref="v1", session=session("prepared")))
        given(FOLLOW).when(follow_account, asked).refused("SESSION_NOT_LIVE")


class TestGifts:
    SENT = GiftSent(at=NOW, gift_id=SUBJECT, viewer_ref="v1", gift="Rose", count=3, currency="USD", **ABOUT)

    def give(self, **more: Any) -> SendGift:
        return SendGift(**fact(**{"viewer_ref": "v1", "gift": "Rose", "count": 3, **more}))

    @pytest.mark.requirement("R85")
    def test_worth_may_be_unknown(self) -> None:
        given(GIFT).when(send_gift, self.give()).then(self.SENT)
        (event,) = given(GIFT).when(send_gift, self.give(value_minor=30, currency="USD")).events
        assert isinstance(event, GiftSent)
        assert event.value_minor == 30

    def test_again(self) -> None:
        given(GIFT, self.SENT).when(send_gift, self.give()).then()
        for other in ({"gift": "Lion"}, {"viewer_ref": "v2", "count": 4}):
            given(GIFT, self.SENT).when(send_gift, self.give(**other)).refused("REQUEST_ID_REUSED")

    def grown(self, count: int, more: int, **others: Any) -> GiftGrown:
        known = {"at": NOW, "gift_id": SUBJECT, "viewer_ref": "v1", "gift": "Rose", "currency": "USD", **ABOUT}
        return GiftGrown(**{**known, "count": count, "more": more, **others})

    def test_a_streak_counts_its_largest_in_any_order(self) -> None:
        one = GiftSent(at=NOW, gift_id=SUBJECT, viewer_ref="v1", gift="Rose", count=1, currency="USD", **ABOUT)
        two, three = self.grown(2, 1), self.grown(3, 1)
        given(GIFT, one).when(send_gift, self.give(count=2)).then(two)
        given(GIFT, one, two).when(send_gift, self.give(count=3)).then(three)
        given(GIFT, one, two, three).when(send_gift, self.give(count=3)).then()
        given(GIFT, one).when(send_gift, self.give(count=3)).then(self.grown(3, 2))
        given(GIFT, one, self.grown(3, 2)).when(send_gift, self.give(count=2)).then()

    def test_what_it_is_worth_grows_too_and_may_become_known_later(self) -> None:
        worth = {"value_minor": 30, "currency": "USD"}
        grown = self.grown(3, 0, value_minor=30)
        given(GIFT, self.SENT).when(send_gift, self.give(**worth)).then(grown)
        given(GIFT, self.SENT, grown).when(send_gift, self.give()).then()
        given(GIFT, self.SENT, grown).when(send_gift, self.give(value_minor=20, currency="USD")).then()
        given(GIFT, self.SENT).when(send_gift, self.give(value_minor=30, currency="EUR")).refused("WRONG_CURRENCY")

    def test_growth_after_the_end_says_when_it_was_told(self) -> None:
        late = self.give(count=4, session=session("ended"), time=T0 + timedelta(minutes=4))
        before = GiftSent(at=T0, gift_id=SUBJECT, viewer_ref="v1", gift="Rose", count=3, currency="USD", **ABOUT)
        grown = self.grown(4, 1, at=T0 + timedelta(minutes=4), told_at=NOW, late=True)
        given(GIFT, before).when(send_gift, late).then(grown)

    @pytest.mark.requirement("D12")
    def test_in_the_shops_currency(self) -> None:
        given(GIFT).when(send_gift, self.give(value_minor=30, currency="EUR")).refused("WRONG_CURRENCY")

    def test_needs_a_live(self) -> None:
        given(GIFT).when(send_gift, self.give(session=session("practice"))).refused("SESSION_NOT_LIVE")
