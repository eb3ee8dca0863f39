"""What was said? General comments and comments about products; replies; all of it for download.

Texts are sealed as they lie in the log: whoever answers with them opens them (`Store.clear`).
"""

from collections.abc import Iterable, Sequence

from showfloor.eventstore.statements import Append
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.session.activity.domain.comment import COMMENT, CommentPosted
from showfloor.session.show.views.expiring import GONE, expiring

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
    handles=(*COMMENT.events, *GONE),
    evolve=expiring(evolve, "comment_row"),
    version=2,
)
