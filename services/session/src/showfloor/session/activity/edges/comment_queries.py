"""What is asked of the comments."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.eventstore.query import Database

EXPORT_PAGE = 1_000


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
