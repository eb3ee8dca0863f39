"""HomeService: what to do, what was earned, what to learn."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from showfloor.access.resources import System
from showfloor.api.events.v1 import home_service_pb2 as pb
from showfloor.events.home.domain import refusals
from showfloor.events.home.domain.checklist import checklist
from showfloor.events.home.domain.live_task_rules import progress
from showfloor.events.home.domain.live_tasks import TASKS, tasks_stream
from showfloor.events.home.domain.promoting import is_to_promote
from showfloor.events.home.edges import deeds, messages
from showfloor.events.home.edges.content import Content
from showfloor.events.home.edges.deeds import Planned
from showfloor.rpc import checks
from showfloor.rpc.fields import stamp
from showfloor.service.allowing import account_for, may
from showfloor.service.builder import Builder

MAX_SLUG = 64


class HomeCalls:
    """One method per RPC. The proto's comments say what each does and refuses."""

    def __init__(self, base: Builder, content: Content, lately: timedelta) -> None:
        """`lately`: how long a deed counts as done."""
        self._store, self._database, self._clock = base.store, base.database, base.clock
        self._content, self._lately = content, lately

    async def GetHome(self, request: pb.GetHomeRequest, _: Any) -> pb.GetHomeResponse:
        account_id = (await account_for(request.account_id)).account_id
        now = self._clock()
        state = (await self._store.load(TASKS, tasks_stream(account_id))).state
        last = await deeds.deeds_of(self._database, account_id)
        planned = await deeds.planned_since(self._database, account_id, now - self._lately)
        soon = await deeds.starting_soon(self._database, account_id, now)
        last |= _deeds_of_plans(planned)
        ahead = set(_deeds_of_plans([one for one in planned if one.start_at > now]))
        return pb.GetHomeResponse(
            checklist=map(messages.item_message, checklist(last, ahead, now, self._lately)),
            checklist_days=self._lately.days,
            tasks=map(messages.task_message, progress(state, self._content.tasks, now)),
            rewards=map(messages.reward_message, reversed(state.rewards)),
            promote=[
                pb.PromoteReminder(event_id=str(one.event_id), title=one.title, start_time=stamp(one.start_at))
                for one in soon
                if is_to_promote(one.start_at, now, promoted=one.promoted)
            ],
            guides=map(messages.summary_message, self._content.guides.values()),
        )

    async def GetGuide(self, request: pb.GetGuideRequest, _: Any) -> pb.GetGuideResponse:
        await may(System())
        slug = checks.line("slug", request.slug, 1, MAX_SLUG)
        guide = self._content.guides.get(slug)
        if guide is None:
            raise refusals.guide_not_found(slug)
        return pb.GetGuideResponse(
            guide=messages.summary_message(guide), blocks=map(messages.block_message, guide.blocks)
        )


def _deeds_of_plans(planned: Sequence[Planned]) -> dict[str, datetime]:
    """Return when each deed that planning is was done last."""
    made = [one.made_at for one in planned]
    promoted = [one.made_at for one in planned if one.promoted]
    found = {"schedule_event": made, "promote_event": promoted}
    return {deed: max(times) for deed, times in found.items() if times}
