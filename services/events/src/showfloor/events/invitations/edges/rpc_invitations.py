"""InvitationService: the public side of an event, and who registered for it."""

import asyncio
from typing import Any, Final
from uuid import UUID

import msgspec

from showfloor.access.resources import System
from showfloor.api.events.v1 import invitation_service_pb2 as pb
from showfloor.events.invitations.domain import invitation_rules as rules
from showfloor.events.invitations.domain import refusals
from showfloor.events.invitations.domain.address import BadAddress, checked_address, masked
from showfloor.events.invitations.domain.invitation import INVITATION, Status, invitation_stream
from showfloor.events.invitations.domain.invited_event import InvitedEvent, promote_now
from showfloor.events.invitations.domain.policy import InvitationPolicy
from showfloor.events.invitations.edges.calendar_file import calendar_file
from showfloor.events.invitations.edges.codes import Code, Codes
from showfloor.events.invitations.edges.delivering import Pages
from showfloor.events.invitations.edges.invitation_queries import count_asked, count_invitations, list_invitations
from showfloor.events.invitations.edges.invited import invited_event
from showfloor.events.invitations.edges.qr import Format, qr_code
from showfloor.events.schedule.domain.refusals import event_not_found
from showfloor.events.schedule.edges.authorizing import Events
from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks, cursors
from showfloor.rpc.caller import current
from showfloor.rpc.fields import stamp, text
from showfloor.service.allowing import may
from showfloor.service.builder import Builder
from showfloor.service.watermarks import reached

ANSWER_AFTER: Final = 0.1  # seconds: longer than a commit takes, shorter than anybody minds

_STATUSES: Final[dict[Status, "pb.InvitationStatus.ValueType"]] = {
    "asked": pb.INVITATION_STATUS_ASKED,
    "confirmed": pb.INVITATION_STATUS_CONFIRMED,
    "unsubscribed": pb.INVITATION_STATUS_UNSUBSCRIBED,
}
_FORMATS: Final[dict[int, Format]] = {
    pb.PICTURE_FORMAT_UNSPECIFIED: "png",
    pb.PICTURE_FORMAT_PNG: "png",
    pb.PICTURE_FORMAT_SVG: "svg",
}


class AfterInvitation(msgspec.Struct, frozen=True):
    """The last registration of a page."""

    invitation_id: UUID


class InvitationCalls:
    """One method per RPC. The proto's comments say what each does and refuses."""

    def __init__(self, base: Builder, events: Events, codes: Codes, pages: Pages, policy: InvitationPolicy) -> None:
        self._store, self._views, self._database, self._clock = base.store, base.views, base.database, base.clock
        self._events, self._codes, self._pages, self._policy = events, codes, pages, policy

    async def GetEventPage(self, request: pb.GetEventPageRequest, _: Any) -> pb.GetEventPageResponse:
        event = await self._event(request.event_id)
        page = pb.EventPage(
            event_id=str(event.event_id),
            title=event.title,
            description=event.description,
            start_time=stamp(event.start_time),
            end_time=stamp(event.end_time),
            time_zone=event.time_zone,
            teaser_urls=event.teaser_urls,
            session_id=text(event.session_id),
            cancelled=event.cancelled,
            ended=event.ended,
            open=event.open_at(self._clock()),
            url=self._pages.page(event.event_id),
            account_id=str(event.account_id),
        )
        return pb.GetEventPageResponse(page=page)

    async def RequestInvitation(self, request: pb.RequestInvitationRequest, _: Any) -> pb.RequestInvitationResponse:
        email, now = _email(request.email), self._clock()
        event = await self._event(request.event_id)
        if not event.open_at(now):
            raise refusals.registration_closed(event.event_id)
        contact = self._codes.contact(email)
        invitation_id = invitation_stream(event.event_id, contact)
        since = now - self._policy.asking_within
        # Who measures how long the answer takes learns no more from it than from its words.
        answer = asyncio.ensure_future(asyncio.sleep(ANSWER_AFTER, pb.RequestInvitationResponse()))
        # Somebody who is asked by others again and again is left alone; who asks is not told.
        if await count_asked(self._database, contact, since) >= self._policy.most_asked:
            return await answer
        command = rules.RequestInvitation(
            invitation_id=invitation_id,
            event_id=event.event_id,
            account_id=event.account_id,
            contact=contact,
            email=email,
            now=now,
            confirm_within=self._policy.confirm_within,
            asking_within=self._policy.asking_within,
        )
        await self._store.execute(INVITATION, invitation_id, rules.request_invitation, command, current().meta())
        return await answer

    async def ConfirmInvitation(self, request: pb.ConfirmInvitationRequest, _: Any) -> pb.ConfirmInvitationResponse:
        await may(System())
        code = self._codes.read("confirm", request.code)
        event, now = await self._event_of(code, request.event_id), self._clock()
        command = rules.ConfirmInvitation(round=code.round, now=now, open=event.open_at(now))
        meta = current().meta()
        await self._store.execute(INVITATION, code.invitation_id, rules.confirm_invitation, command, meta)
        return pb.ConfirmInvitationResponse()

    async def DeclineInvitation(self, request: pb.DeclineInvitationRequest, _: Any) -> pb.DeclineInvitationResponse:
        await may(System())
        code = self._codes.read("unsubscribe", request.code)
        await self._event_of(code, request.event_id)
        command, meta = rules.DeclineInvitation(now=self._clock()), current().meta()
        await self._store.execute(INVITATION, code.invitation_id, rules.decline_invitation, command, meta)
        return pb.DeclineInvitationResponse()

    async def GetCalendarFile(self, request: pb.GetCalendarFileRequest, _: Any) -> pb.GetCalendarFileResponse:
        event = await self._event(request.event_id)
        file = calendar_file(event, self._clock(), self._pages.page(event.event_id))
        return pb.GetCalendarFileResponse(content=file)

    async def GetQrCode(self, request: pb.GetQrCodeRequest, _: Any) -> pb.GetQrCodeResponse:
        form = _FORMATS.get(request.format)
        if form is None:
            raise invalid("format", "must be a known value")
        event = await self._event(request.event_id)
        picture = await asyncio.to_thread(qr_code, self._pages.page(event.event_id), form)
        return pb.GetQrCodeResponse(content=picture)

    async def ListInvitations(self, request: pb.ListInvitationsRequest, _: Any) -> pb.ListInvitationsResponse:
        size = checks.page_size(request.page_size)
        filters = cursors.filters_of(request, "page_token", "page_size", "min_position")
        after = cursors.decode(request.page_token, AfterInvitation, filters)
        row = await self._events.event_for(request.event_id, deleted=True)  # its addresses can be erased
        await reached(self._store, self._views, ("invitations",), request.min_position)
        place = after.invitation_id if after else None
        found = await list_invitations(self._database, row.event_id, place, size + 1)
        counts = await count_invitations(self._database, row.event_id)
        page = found[:size]
        addresses = await self._store.clear([one.email for one in page])
        last = page[-1] if len(found) > size else None
        return pb.ListInvitationsResponse(
            invitations=[
                pb.Invitation(
                    invitation_id=str(one.invitation_id),
                    masked_email=masked(address),
                    status=_STATUSES[one.status],
                    request_time=stamp(one.requested_at),
                )
                for one, address in zip(page, addresses, strict=True)
            ],
            next_page_token=cursors.encode(AfterInvitation(last.invitation_id), filters) if last else "",
            asked=counts.get("asked", 0),
            confirmed=counts.get("confirmed", 0),
            unsubscribed=counts.get("unsubscribed", 0),
            promote_now=not row.deleted and promote_now(row.start_at, self._clock()),
        )

    async def _event(self, event_id: str) -> InvitedEvent:
        """Return an event as anybody may know it who has its id. Raises INVALID_FIELD, EVENT_NOT_FOUND."""
        key = checks.uuid("event_id", event_id)
        await may(System())
        row = await self._events.known(key)
        if row is None:
            raise event_not_found(key)
        return invited_event(row, self._clock())

    async def _event_of(self, code: Code, event_id: str) -> InvitedEvent:
        """Return the event of a link, that of its page if the page is said. Raises INVALID_FIELD, LINK_NOT_FOUND."""
        said = checks.uuid("event_id", event_id) if event_id else None
        found = (await self._store.load(INVITATION, code.invitation_id)).state.event_id
        row = await self._events.known(found) if found is not None and said in (None, found) else None
        if row is None:
            raise refusals.link_not_good()
        return invited_event(row, self._clock())


def _email(value: str) -> str:
    try:
        return checked_address(value)
    except BadAddress as bad:
        raise invalid("email", str(bad)) from None
