"""The pinned comment of a session, with the name of who wrote it."""

from uuid import UUID

from showfloor.api.session.v1 import comment_pb2 as pb
from showfloor.eventstore.store import Store
from showfloor.kernel.refusal import Refusal
from showfloor.rpc.fields import stamp, text
from showfloor.session.activity.domain.comment import COMMENT, Comment
from showfloor.session.activity.edges.viewer_names import ERASED, HOST, ViewerNames
from showfloor.session.show.domain.session import Session
from showfloor.session.show.edges.others import PinnedCommentOf


def pinned_comment_from(store: Store, names: ViewerNames) -> PinnedCommentOf:
    """Return a lookup of the comment that a session's host has pinned."""

    async def look_up(session: Session) -> pb.Comment | None:
        if session.pinned_comment is None:
            return None
        loaded = await store.load(COMMENT, session.pinned_comment)
        ref = loaded.state.viewer_ref
        name = (await _found(names, session.account_id, ref)).get(ref, ERASED)
        return _message(loaded.state, name, pinned=True, position=loaded.position)

    return look_up


async def _found(names: ViewerNames, account_id: UUID, ref: str) -> dict[str, str]:
    if not ref:
        return {ref: HOST}
    try:
        return await names.find(account_id, [ref])
    except Refusal:  # a name is an ornament: the comment shows without it
        return {}


def _message(comment: Comment, author_name: str, *, pinned: bool, position: int) -> pb.Comment:
    """Return a comment."""
    return pb.Comment(
        comment_id=text(comment.comment_id),
        session_id=text(comment.session_id),
        text=comment.text,
        author_name=author_name,
        author_ref=comment.viewer_ref,
        from_host=comment.from_host,
        product_id=text(comment.product_id),
        reply_to=text(comment.reply_to),
        pinned=pinned,
        create_time=stamp(comment.posted_at),
        position=position,
    )
