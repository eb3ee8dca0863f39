"""What may be done to the pinned comment of a session."""

from uuid import UUID

import msgspec

from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event
from showfloor.session.activity.domain import refusals
from showfloor.session.activity.domain.comment import Comment
from showfloor.session.show.domain.session import Session
from showfloor.session.show.domain.session_events import CommentPinned, CommentUnpinned
from showfloor.session.show.domain.session_rules import Command, about, must_be_open, must_exist


class PinComment(Command, frozen=True, kw_only=True):
    comment_id: UUID
    comment: Aside[Comment] = msgspec.field(default_factory=Comment)


class UnpinComment(Command, frozen=True, kw_only=True):
    comment_id: UUID
    comment: Aside[Comment] = msgspec.field(default_factory=Comment)


def pin_comment(state: Session, command: PinComment) -> list[Event]:
    """Put a comment at the top of the feed. One from practice cannot be shown on air."""
    must_exist(state, command)
    must_be_open(state, command)
    comment = command.comment
    if comment.session_id != state.session_id or (comment.practice and state.status == "live"):
        raise refusals.comment_not_found(command.comment_id)
    if state.pinned_comment == command.comment_id:
        return []
    return [CommentPinned(at=command.now, comment_id=command.comment_id, **about(state))]


def unpin_comment(state: Session, command: UnpinComment) -> list[Event]:
    """Take the comment down. Not pinned anyway: nothing to do."""
    must_exist(state, command)
    must_be_open(state, command)
    if command.comment.session_id != state.session_id:
        raise refusals.comment_not_found(command.comment_id)
    if state.pinned_comment != command.comment_id:
        return []
    return [CommentUnpinned(at=command.now, comment_id=command.comment_id, **about(state))]
