"""What deadlines need from the edges: the numbers of a report, signs of life, and what is forgotten."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from showfloor.eventstore.deadlines import Deadline
from showfloor.service.builder import Builder
from showfloor.session.activity.edges.viewer_names import ViewerNames
from showfloor.session.analytics.edges.folding import Settle
from showfloor.session.analytics.processes.deadlines import fire
from showfloor.session.analytics.views.report_numbers import ReportNumbers
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session_rules import SignsOf
from showfloor.session.signals.views import rollups


def firing(
    base: Builder, names: ViewerNames, signs_of: SignsOf, settle: Settle, policy: Policy
) -> Callable[[Deadline], Awaitable[object]]:
    """Return what a due deadline does."""

    async def forget(session_id: UUID) -> None:
        await rollups.forget_session(base.database, session_id)
        await asyncio.to_thread(base.store.keyring.destroy, scope=str(session_id))
        await names.forget(base.clock() - timedelta(days=policy.detail_days))

    numbers = ReportNumbers(base.database, base.store, base.views, base.clock, settle)
    return fire(base.store, numbers, signs_of, forget, policy, base.clock)
