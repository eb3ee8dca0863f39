"""What was said? General comments and comments about products; replies; all of it for download.

Texts are sealed as they lie in the log: whoever answers with them opens them (`Store.clear`).
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import Append
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.session.activity.domain.comment import COMMENT, CommentPosted
from showfloor.session.show.domain.session_events import SessionDetailsExpired
from showfloor.session.show.views.expiring import expiring

EXPORT_PAGE = 1_000

_DDL = """
CREATE TABLE comment_row (
    position bigint PRIMARY KEY,
    comment_id uuid NOT NULL,
    session_id uuid NOT NULL,
    viewer_ref text NOT NULL,
    text text NOT NULL,
    product_id uuid,
    reply_to uuid,
    from_host boolean NOT NULL,
    practice boolean NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX comment_row_session ON comment_row (session_id, position);
CREATE UNIQUE INDEX comment_row_id ON comment_row (comment_id);
"""

_TYPES = ("bigint", "uuid", "uuid", "text", "text", "uuid", "uuid", "boolean", "boolean", "timestamptz")


class CommentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A comment. `practice`: written while nothing was on air; no viewer sees it."""

    position: int
    comment_id: UUID
    session_id: UUID
    viewer_ref: str
    text: str
    product_id: UUID | None
    reply_to: UUID | None
    from_host: bool
    practice: bool
    at: datetime


class WantedComments(msgspec.Struct, frozen=True, kw_only=True):
    """Which comments, newest first. `about_product` None: both streams."""

    session_id: UUID
    about_product: bool | None = None
    product_id: UUID | None = None
    comment_id: UUID | None = None
    before: int | None = None
    limit: int = 50
    with_practice: bool = True


def evolve(page: Sequence[Recorded]) -> Iterable[Append]:
    """Append the comments of a page."""
    rows = []
    for recorded in page:
        event = recorded.event
        assert isinstance(event, CommentPosted)
        rows.append(
            (
                recorded.position, event.comment_id, event.session_id, event.viewer_ref, event.text,
                event.product_id, event.reply_to, event.from_host, event.practice, event.at,
            )
        )  # fmt: skip
    return [Append("comment_row", _TYPES, rows)]


VIEW = View(
    name="comments",
    ddl=_DDL,
    handles=(*COMMENT.events, SessionDetailsExpired),
    evolve=expiring(evolve, "comment_row"),
    version=2,
)

_LIST = """
SELECT * FROM comment_row WHERE session_id = %(session_id)s
  AND (%(about_product)s::boolean IS NULL OR (product_id IS NOT NULL) = %(about_product)s)
  AND (%(product_id)s::uuid IS NULL OR product_id = %(product_id)s)
  AND (%(comment_id)s::uuid IS NULL OR comment_id = %(comment_id)s)
  AND (%(before)s::bigint IS NULL OR position < %(before)s)
  AND (%(with_practice)s OR NOT practice)
ORDER BY position DESC LIMIT %(limit)s"""

_EXPORT = """
SELECT * FROM comment_row WHERE session_id = %s AND position > %s ORDER BY position LIMIT %s"""


async def list_comments(database: Database, wanted: WantedComments) -> list[CommentRow]:
    """Return a page of comments, newest first."""
    return await database.fetch(_LIST, msgspec.structs.asdict(wanted), into=CommentRow)


async def export_comments(database: Database, session_id: UUID) -> AsyncIterator[list[CommentRow]]:
    """Return every comment of a session, oldest first, in pages."""
    after = 0
    while page := await database.fetch(_EXPORT, (session_id, after, EXPORT_PAGE), into=CommentRow):
        yield page
        after = page[-1].position
