"""CommentService: what is said in a LIVE."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from showfloor.api.session.v1 import comment_pb2
from showfloor.api.session.v1 import comment_service_pb2 as pb
from showfloor.eventstore.runtime import Runtime
from showfloor.kernel.clock import Clock
from showfloor.kernel.text import trimmed
from showfloor.rpc import checks, cursors
from showfloor.rpc.caller import current
from showfloor.rpc.fields import stamp, text
from showfloor.service import watermarks
from showfloor.session.activity import commands
from showfloor.session.activity.domain import comment_pin_rules, fact_rules
from showfloor.session.activity.domain.comment import comment_stream
from showfloor.session.activity.edges.comment_queries import CommentRow, WantedComments, export_comments, list_comments
from showfloor.session.activity.edges.pages import AfterPosition, next_token
from showfloor.session.activity.edges.reading import FactReader, Viewer, reader_for
from showfloor.session.activity.edges.viewer_names import ViewerNames
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.edges.authorizing import detailed_session_for, is_viewer
from showfloor.session.show.edges.reading import command_of

MAX_TEXT = 500


class CommentCalls:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, runtime: Runtime, names: ViewerNames, policy: Policy, clock: Clock) -> None:
        self._store, self._views, self._database = runtime.store, runtime.views, runtime.database
        self._names, self._policy, self._clock = names, policy, clock

    async def PostComment(self, request: pb.PostCommentRequest, _: Any) -> pb.PostCommentResponse:
        reader = await reader_for(self._store, request.session_id, self._clock(), self._policy)
        command, viewer = post_comment(reader, request)
        await self._names.keep(reader.session.account_id, {viewer.ref: viewer.name})
        done = await commands.post_comment(self._store, command, current().meta(command.request_id))
        return pb.PostCommentResponse(comment_id=str(command.subject_id), position=done.position)

    async def ReplyToComment(self, request: pb.ReplyToCommentRequest, _: Any) -> pb.ReplyToCommentResponse:
        reader = await reader_for(self._store, request.session_id, self._clock(), self._policy)
        request_id = reader.request_id(request)
        command = fact_rules.ReplyToComment(
            subject_id=comment_stream(reader.session.session_id, request_id),
            request_id=request_id,
            text=_text(reader, request.text),
            reply_to=reader.id("comment_id", request.comment_id),
            user_id=current().actor.user_id,
            **reader.as_of_now,
        )
        done = await commands.reply_to_comment(self._store, command, current().meta(request_id))
        return pb.ReplyToCommentResponse(comment_id=str(command.subject_id), position=done.position)

    async def PinComment(self, request: pb.PinCommentRequest, _: Any) -> pb.PinCommentResponse:
        comment_id = checks.uuid("comment_id", request.comment_id)
        kind = comment_pin_rules.PinComment
        command = await command_of(self._store, self._clock(), kind, request, comment_id=comment_id)
        done = await commands.pin_comment(self._store, command, current().meta(request.request_id))
        return pb.PinCommentResponse(position=done.position)

    async def UnpinComment(self, request: pb.UnpinCommentRequest, _: Any) -> pb.UnpinCommentResponse:
        comment_id = checks.uuid("comment_id", request.comment_id)
        kind = comment_pin_rules.UnpinComment
        command = await command_of(self._store, self._clock(), kind, request, comment_id=comment_id)
        done = await commands.unpin_comment(self._store, command, current().meta(request.request_id))
        return pb.UnpinCommentResponse(position=done.position)

    async def ListComments(self, request: pb.ListCommentsRequest, _: Any) -> pb.ListCommentsResponse:
        size = checks.page_size(request.page_size)
        kind = checks.known("kind", request.kind, pb.CommentKind)
        product_id = checks.uuid("product_id", request.product_id) if request.product_id else None
        filters = cursors.filters_of(request, "page_token", "page_size", "min_position")
        after = cursors.decode(request.page_token, AfterPosition, filters)
        session = await detailed_session_for(self._store, request.session_id)
        await watermarks.reached(self._store, self._views, ("comments",), request.min_position)
        if request.pinned and session.pinned_comment is None:
            return pb.ListCommentsResponse()
        wanted = WantedComments(
            session_id=session.session_id,
            about_product=None if kind == 0 else kind == pb.COMMENT_KIND_PRODUCT,
            product_id=product_id,
            comment_id=session.pinned_comment if request.pinned else None,
            before=after.position if after else None,
            limit=size + 1,
            with_practice=not is_viewer(),
        )
        rows = await list_comments(self._database, wanted)
        page = await self._comments(rows[:size], session.account_id, session.pinned_comment)
        return pb.ListCommentsResponse(comments=page, next_page_token=next_token(rows, size, filters))

    async def ExportComments(
        self, request: pb.ExportCommentsRequest, _: Any
    ) -> AsyncIterator[pb.ExportCommentsResponse]:
        session = await detailed_session_for(self._store, request.session_id)
        await self._views.wait_for(("comments",), await self._store.last_position())
        async for page in export_comments(self._database, session.session_id):
            messages = await self._comments(page, session.account_id, session.pinned_comment)
            yield pb.ExportCommentsResponse(comments=messages)
            await detailed_session_for(self._store, request.session_id)  # whose right has ended reads no further

    async def _comments(
        self, rows: Sequence[CommentRow], account_id: UUID, pinned: UUID | None
    ) -> list[comment_pb2.Comment]:
        names = await self._names.authors(account_id, [row.viewer_ref for row in rows])
        texts = await self._store.clear([row.text for row in rows])
        return [
            comment_pb2.Comment(
                comment_id=str(row.comment_id),
                session_id=str(row.session_id),
                text=said,
                author_name=names[row.viewer_ref],
                author_ref=row.viewer_ref,
                from_host=row.from_host,
                product_id=text(row.product_id),
                reply_to=text(row.reply_to),
                pinned=row.comment_id == pinned,
                create_time=stamp(row.at),
                position=row.position,
            )
            for row, said in zip(rows, texts, strict=True)
        ]


def post_comment(reader: FactReader, request: pb.PostCommentRequest) -> tuple[fact_rules.PostComment, Viewer]:
    """Read a viewer's comment, and who they are. Raises INVALID_FIELD, PERMISSION."""
    request_id = reader.request_id(request)
    viewer = reader.viewer(request.viewer)
    command = fact_rules.PostComment(
        subject_id=comment_stream(reader.session.session_id, request_id, viewer.namer),
        request_id=request_id,
        viewer_ref=viewer.ref,
        text=_text(reader, request.text),
        product_id=reader.id("product_id", request.product_id),
        reply_to=reader.id("reply_to", request.reply_to),
        **reader.common(request),
    )
    return command, viewer


def _text(reader: FactReader, value: str) -> str:
    """Read a comment's text: trimmed, any script, 1 to 500 characters."""
    return checks.text(f"{reader.prefix}text", trimmed(value), 1, MAX_TEXT)
