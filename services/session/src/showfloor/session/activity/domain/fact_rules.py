"""What viewers and hosts may report of a LIVE: comments, follows, gifts."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event
from showfloor.session.activity.domain import refusals
from showfloor.session.activity.domain.comment import Comment, CommentPosted
from showfloor.session.activity.domain.follow import AccountFollowed, Follow
from showfloor.session.activity.domain.gift import Gift, GiftGrown, GiftSent
from showfloor.session.activity.domain.times import fact_time, reported
from showfloor.session.catalogue.domain.refusals import wrong_currency
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.refusals import not_in_bag, request_id_reused
from showfloor.session.show.domain.session import Session


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """What comes with every fact. `session` is its session as it stands.

    A fact has an id of its own: told again with another time it is still the same.
    """

    subject_id: UUID
    session: Aside[Session]
    now: Aside[datetime]
    policy: Aside[Policy]
    request_id: Aside[str]
    time: Aside[datetime | None] = None

    @property
    def remembered_as(self) -> str | None:
        """Under which id the fact's stream remembers that it was told. None: the request's; empty: it need not, as the
        rule makes nothing twice."""
        return None


class PostComment(Fact, frozen=True, kw_only=True):
    text: str
    viewer_ref: str = ""
    product_id: UUID | None = None
    reply_to: UUID | None = None
    replied: Aside[Comment] = msgspec.field(default_factory=Comment)  # the comment that `reply_to` names
    from_host: bool = False
    user_id: Aside[UUID | None] = None  # who writes for the host's side


class SendGift(Fact, frozen=True, kw_only=True):
    viewer_ref: str
    gift: str
    count: int
    value_minor: int | None = None
    currency: str = ""

    @property
    def remembered_as(self) -> str:
        """A streak is told again and again under its id, and each time says more: the largest counts."""
        return ""


class FollowAccount(Fact, frozen=True, kw_only=True):
    viewer_ref: str

    @property
    def remembered_as(self) -> str:
        """A viewer follows once, however often it is told."""
        return ""


def post_comment(state: Comment, asked: PostComment) -> list[Event]:
    """Keep a comment. The host's side may also write while practising; viewers may not."""
    if state.comment_id is not None:
        return []
    session = asked.session
    practice = asked.from_host and session.status == "practice"
    at = asked.now if practice else fact_time(session, asked.time, asked.now, asked.policy)
    if asked.product_id is not None and not session.holds(asked.product_id):
        raise not_in_bag(asked.product_id)
    if asked.reply_to is not None:
        hidden = asked.replied.practice and not practice
        if asked.replied.session_id != session.session_id or hidden:
            raise refusals.comment_not_found(asked.reply_to)
    posted = CommentPosted(
        at=at,
        comment_id=asked.subject_id,
        session_id=session.session_id,
        account_id=session.account_id,
        shop_id=session.shop_id,
        viewer_ref=asked.viewer_ref,
        text=asked.text,
        product_id=asked.product_id,
        reply_to=asked.reply_to,
        from_host=asked.from_host,
        user_id=asked.user_id,
        practice=practice,
        **reported(session, asked.now),
    )
    return [posted]


def follow_account(state: Follow, asked: FollowAccount) -> list[Event]:
    """Keep that a viewer followed. Once per viewer and session."""
    if state.follow_id is not None:
        return []
    session = asked.session
    followed = AccountFollowed(
        at=fact_time(session, asked.time, asked.now, asked.policy),
        follow_id=asked.subject_id,
        session_id=session.session_id,
        account_id=session.account_id,
        shop_id=session.shop_id,
        viewer_ref=asked.viewer_ref,
        **reported(session, asked.now),
    )
    return [followed]


def send_gift(state: Gift, asked: SendGift) -> list[Event]:
    """Keep a gift. What it is worth, when known, is in the shop's currency.

    Platforms report a streak as 1, 2, 3, 3 under one id, in any order: it counts its largest.
    """
    session = asked.session
    if asked.value_minor is not None and asked.currency != session.currency:
        raise wrong_currency(asked.currency, session.currency, "value.currency")
    if state.sent is not None:
        return _grown(state, state.sent, asked)
    at = fact_time(session, asked.time, asked.now, asked.policy)
    sent = GiftSent(
        at=at,
        gift_id=asked.subject_id,
        session_id=session.session_id,
        account_id=session.account_id,
        shop_id=session.shop_id,
        viewer_ref=asked.viewer_ref,
        gift=asked.gift,
        count=asked.count,
        value_minor=asked.value_minor,
        currency=session.currency,
        **reported(session, asked.now),
    )
    return [sent]


def _grown(state: Gift, sent: GiftSent, asked: SendGift) -> list[Event]:
    if (sent.viewer_ref, sent.gift) != (asked.viewer_ref, asked.gift):
        raise request_id_reused(asked.request_id)
    count = max(state.count, asked.count)
    known = [value for value in (state.value_minor, asked.value_minor) if value is not None]
    value = max(known, default=None)
    if (count, value) == (state.count, state.value_minor):
        return []
    session, last = asked.session, state.last_at or sent.at
    grown = GiftGrown(
        at=max(fact_time(session, asked.time, asked.now, asked.policy), last),
        gift_id=asked.subject_id,
        session_id=session.session_id,
        account_id=session.account_id,
        shop_id=session.shop_id,
        viewer_ref=asked.viewer_ref,
        gift=asked.gift,
        count=count,
        more=count - state.count,
        value_minor=value,
        currency=session.currency,
        **reported(session, asked.now),
    )
    return [grown]
