"""Follows the session service's public events: what hosts do, and which of their LIVEs count for tasks."""

from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

from showfloor.api.session.v1 import session_events_pb2 as public
from showfloor.api.session.v1.session_pb2 import SESSION_SOURCE_LIVE
from showfloor.events.home.domain.checklist import FEW
from showfloor.events.home.domain.live_task_rules import BeginLive, NoteLive, begin_live, note_live
from showfloor.events.home.domain.live_tasks import TASKS, Task, tasks_stream
from showfloor.events.home.edges import deeds
from showfloor.eventstore.statements import Statement
from showfloor.eventstore.store import Store
from showfloor.kernel.event import Meta
from showfloor.messaging.public import PublicMessage
from showfloor.messaging.subscription import Handle

NAME = "home"
_META = Meta(actor="process:live-tasks")


def noting_deeds(store: Store, tasks: tuple[Task, ...]) -> Handle[Statement]:
    """Return what a public event means for Home. Done twice it changes nothing."""

    async def handle(message: PublicMessage) -> Sequence[Statement]:
        body = message.event.message
        match message.event.type.rpartition(".")[2]:
            case "WentLive":
                return await _began(store, public.WentLive.FromString(body))
            case "SessionEnded":
                return await _ended(store, tasks, public.SessionEnded.FromString(body))
            case "BagChanged":
                bag = public.BagChanged.FromString(body)
                return [deeds.did("show_products", bag.session_id, bag.time)] if len(bag.product_ids) >= FEW else []
            case "ProductPinChanged":
                pin = public.ProductPinChanged.FromString(body)
                return [deeds.did("pin_product", pin.session_id, pin.time)] if pin.product_id else []
            case "CommentPosted":
                said = public.CommentPosted.FromString(body)
                return [] if said.viewer_ref else [deeds.did("answer_viewers", said.session_id, said.time)]
            case _:
                return []

    return handle


async def _began(store: Store, live: public.WentLive) -> Sequence[Statement]:
    if live.source != SESSION_SOURCE_LIVE:
        return []  # a recording is nobody's deed
    account_id, at = UUID(live.account_id), live.start_time.ToDatetime(tzinfo=UTC)
    command = BeginLive(account_id=account_id, session_id=UUID(live.session_id), at=at)
    await store.execute(TASKS, tasks_stream(account_id), begin_live, command, _META)
    return deeds.went_live(live)


async def _ended(store: Store, tasks: tuple[Task, ...], live: public.SessionEnded) -> Sequence[Statement]:
    account_id, at = UUID(live.account_id), live.end_time.ToDatetime(tzinfo=UTC)
    command = NoteLive(account_id=account_id, session_id=UUID(live.session_id), at=at, tasks=tasks)
    await store.execute(TASKS, tasks_stream(account_id), note_live, command, _META)
    return deeds.ended(live)
