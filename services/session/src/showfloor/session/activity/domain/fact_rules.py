"""What viewers and hosts may report of a LIVE: comments, follows, gifts."""

from datetime import datetime
from typing import Any
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


class ReplyToComment(Fact, frozen=True, kw_only=True):
    text: str
    reply_to: UUID | None = None  # None: a comment of the host's own
    replied: Aside[Comment] = msgspec.field(default_factory=Comment)
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


def post_comment(state: Comment, command: PostComment) -> list[Event]:
    """Keep a viewer's comment."""
    if state.comment_id is not None:
        return []
    at = fact_time(command.session, command.time, command.now, command.policy)
    if command.product_id is not None and not command.session.holds(command.product_id):
        raise not_in_bag(command.product_id)
    return [_posted(command, at, viewer_ref=command.viewer_ref, product_id=command.product_id)]


def reply_to_comment(state: Comment, command: ReplyToComment) -> list[Event]:
    """Keep what the host's side says: a comment. It may also write while practising; viewers may not."""
    if state.comment_id is not None:
        return []
    practice = command.session.status == "practice"
    at = command.now if practice else fact_time(command.session, command.time, command.now, command.policy)
    return [_posted(command, at, from_host=True, user_id=command.user_id, practice=practice)]


def _posted(
    command: PostComment | ReplyToComment, at: datetime, *, practice: bool = False, **more: Any
) -> CommentPosted:
    session = command.session
    if command.reply_to is not None:
        hidden = command.replied.practice and not practice
        if command.replied.session_id != session.session_id or hidden:
            raise refusals.comment_not_found(command.reply_to)
    return CommentPosted(
        at=at,
        comment_id=command.subject_id,
        session_id=session.session_id,
        account_id=session.account_id,
        shop_id=session.shop_id,
        text=command.text,
        reply_to=command.reply_to,
        practice=practice,
        **more,
        **reported(session, command.now),
    )


def follow_account(state: Follow, command: FollowAccount) -> list[Event]:
    """Keep that a viewer followed. Once per viewer and session."""
    if state.follow_id is not None:
        return []
    session = command.session
    followed = AccountFollowed(
        at=fact_time(session, command.time, command.now, command.policy),
        follow_id=command.subject_id,
        session_id=session.session_id,
        account_id=session.account_id,
        shop_id=session.shop_id,
        viewer_ref=command.viewer_ref,
        **reported(session, command.now),
    )
    return [followed]


def send_gift(state: Gift, command: SendGift) -> list[Event]:
    """Keep a gift. What it is worth, when known, is in the shop's currency.

    Platforms report a streak as 1, 2, 3, 3 under one id, in any order: it counts its largest.
    """
    session = command.session
    if command.value_minor is not None and command.currency != session.currency:
        raise wrong_currency(command.currency, session.currency, "value.currency")
    if state.sent is not None:
        return _grown(state, state.sent, command)
    at = fact_time(session, command.time, command.now, command.policy)
    sent = GiftSent(
        at=at,
        gift_id=command.subject_id,
        session_id=session.session_id,
        account_id=session.account_id,
        shop_id=session.shop_id,
        viewer_ref=command.viewer_ref,
        gift=command.gift,
        count=command.count,
        value_minor=command.value_minor,
        currency=session.currency,
        **reported(session, command.now),
    )
    return [sent]


def _grown(state: Gift, sent: GiftSent, command: SendGift) -> list[Event]:
    if (sent.viewer_ref, sent.gift) != (command.viewer_ref, command.gift):
        raise request_id_reused(command.request_id)
    count = max(state.count, command.count)
    known = [value for value in (state.value_minor, command.value_minor) if value is not None]
    value = max(known, default=None)
    if (count, value) == (state.count, state.value_minor):
        return []
    session, last = command.session, state.last_at or sent.at
    grown = GiftGrown(
        at=max(fact_time(session, command.time, command.now, command.policy), last),
        gift_id=command.subject_id,
        session_id=session.session_id,
        account_id=session.account_id,
        shop_id=session.shop_id,
        viewer_ref=command.viewer_ref,
        gift=command.gift,
        count=count,
        more=count - state.count,
        value_minor=value,
        currency=session.currency,
        **reported(session, command.now),
    )
    return [grown]
