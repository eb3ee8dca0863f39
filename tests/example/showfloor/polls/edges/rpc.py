"""PollService: read the request, authorise, command, answer."""

from typing import Any

from showfloor.api.polls.v1 import polls_service_pb2 as pb
from showfloor.kernel.ids import derive_id
from showfloor.polls.domain.poll import POLL, PollOpened
from showfloor.polls.domain.poll_rules import OpenPoll, open_poll
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.service.allowing import account_for
from showfloor.service.builder import Builder
from showfloor.service.watermarks import reached

_LIST = "SELECT question, open FROM poll WHERE account_id = %s AND session_id = %s ORDER BY question"


class PollCalls:
    """One method per RPC. The proto's comments say what each does and refuses."""

    def __init__(self, base: Builder) -> None:
        self._base = base

    async def OpenPoll(self, request: pb.OpenPollRequest, _: Any) -> pb.OpenPollResponse:
        request_id, session = checks.request_id(request.request_id), checks.uuid("session_id", request.session_id)
        account = (await account_for(request.account_id)).account_id
        poll_id, at = derive_id(session, "poll", request_id), self._base.clock()
        question = checks.line("question", request.question, 1, 120)
        seconds = checks.number("seconds", request.seconds, 1, 3_600)
        event = PollOpened(
            at=at, poll_id=poll_id, account_id=account, session_id=session, question=question, seconds=seconds
        )
        command, meta = OpenPoll(event), current().meta(request_id)
        done = await self._base.store.execute(POLL, poll_id, open_poll, command, meta, new=True)
        return pb.OpenPollResponse(poll_id=str(poll_id), position=done.position)

    async def ListPolls(self, request: pb.ListPollsRequest, _: Any) -> pb.ListPollsResponse:
        account = (await account_for(request.account_id)).account_id
        session = checks.uuid("session_id", request.session_id)
        await reached(self._base.store, self._base.views, ["polls"], request.min_position)
        rows = await self._base.database.fetch(_LIST, [account, session])
        return pb.ListPollsResponse(polls={row["question"]: row["open"] for row in rows})
