"""A comment in the LIVE chat. One stream each: it is written once and never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id
from showfloor.kernel.personal import Owner


class CommentPosted(Event, frozen=True, kw_only=True):
    """Somebody wrote in the chat. The author's name is kept elsewhere, in a table that can be erased."""

    TOPIC: ClassVar[str] = "comment.posted"
    PERSONAL: ClassVar[Mapping[str, Owner]] = {"text": Owner("session_id", ("account_id", "viewer_ref"), "user_id")}

    comment_id: UUID
    session_id: UUID
    account_id: UUID
    shop_id: UUID
    viewer_ref: str = ""  # empty when the host's side wrote it
    text: str
    product_id: UUID | None = None  # None: a general comment
    reply_to: UUID | None = None
    from_host: bool = False
    practice: bool = False  # written while practising: no viewer ever sees it
    told_at: datetime | None = None  # on the real clock, where `at` is not: in a recording, or after the end
    late: bool = False  # told after the session had ended
    user_id: UUID | None = None  # who wrote it for the host's side; None: a viewer wrote it, or a program told it


class Comment(msgspec.Struct, frozen=True):
    """The state of a comment; no `comment_id`: there is none."""

    comment_id: UUID | None = None
    session_id: UUID | None = None
    viewer_ref: str = ""
    text: str = ""
    product_id: UUID | None = None
    reply_to: UUID | None = None
    from_host: bool = False
    practice: bool = False
    posted_at: datetime | None = None


def comment_stream(session_id: UUID, request_id: str, viewer_ref: str = "") -> UUID:
    """Return the id of the comment that `request_id` names.

    What a viewer names (`viewer_ref`) is theirs alone: whoever else used the same id is not told by it.
    """
    return derive_id(session_id, "comment", request_id, *filter(None, [viewer_ref]))


def evolve(_: Comment, event: Event) -> Comment:
    """Return the comment after the event."""
    assert isinstance(event, CommentPosted)
    return Comment(
        comment_id=event.comment_id,
        session_id=event.session_id,
        viewer_ref=event.viewer_ref,
        text=event.text,
        product_id=event.product_id,
        reply_to=event.reply_to,
        from_host=event.from_host,
        practice=event.practice,
        posted_at=event.at,
    )


COMMENT: Decider[Comment] = Decider(
    name="comment", state_type=Comment, initial=Comment, evolve=evolve, events=(CommentPosted,)
)
