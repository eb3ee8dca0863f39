"""What a show asks of the slices above it. They know it, it does not know them: `service.py` brings them together."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from showfloor.api.session.v1.comment_pb2 import Comment
from showfloor.session.show.domain.session import Session
from showfloor.session.show.domain.session_rules import SignsOf
from showfloor.session.show.processes.expiry import Forget, IsReported

PinnedCommentOf = Callable[[Session], Awaitable[Comment | None]]
"""The comment that a session's host has pinned, if any."""


@dataclass(frozen=True)
class Others:
    """What other slices know of a session, and what they forget of an expired one."""

    pinned_comment_of: PinnedCommentOf
    has_simulated_payments: Callable[[UUID], Awaitable[bool]]
    is_reported: IsReported
    signs_of: SignsOf
    forgets: Sequence[Forget]
