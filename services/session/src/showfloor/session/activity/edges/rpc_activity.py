"""ActivityService: follows, gifts, many facts at once, and the feed of all that happened."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from showfloor.api.session.v1 import activity_service_pb2 as pb
from showfloor.api.session.v1 import session_pb2
from showfloor.eventstore.runtime import Runtime
from showfloor.eventstore.store import Store
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.kernel.text import cut
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.rpc.fields import stamp, text
from showfloor.rpc.money import money_message
from showfloor.service import watermarks
from showfloor.session.activity import commands
from showfloor.session.activity.commands import FactCommand
from showfloor.session.activity.domain import fact_rules as rules
from showfloor.session.activity.domain.follow import FOLLOW, follow_stream
from showfloor.session.activity.domain.gift import GIFT, gift_stream
from showfloor.session.activity.edges import rpc_comments, rpc_orders
from showfloor.session.activity.edges.activity_queries import WantedLines, list_lines
from showfloor.session.activity.edges.messages import PAYMENT_SOURCES
from showfloor.session.activity.edges.reading import FactReader, Viewer, reader_for
from showfloor.session.activity.edges.viewer_names import ViewerNames
from showfloor.session.activity.views import activity_feed
from showfloor.session.activity.views.activity_feed import ActivityRow
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.edges.authorizing import detailed_session_for, is_viewer

MAX_FACTS, MAX_GIFT, MAX_GIFTS = 500, 60, 1_000_000
VIEWERS_GIFTS = 100  # of one report by a viewer, who can write any number: what a person gives at once
MAX_SUMMARY: Final = 500  # characters as people see them


class ActivityCalls:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, runtime: Runtime, names: ViewerNames, policy: Policy, clock: Clock) -> None:
        self._store, self._views, self._database = runtime.store, runtime.views, runtime.database
        self._names, self._policy, self._clock = names, policy, clock

    async def FollowAccount(self, request: pb.FollowAccountRequest, _: Any) -> pb.FollowAccountResponse:
        reader = await reader_for(self._store, request.session_id, self._clock(), self._policy)
        command, viewer = follow_account(reader, request)
        await self._names.keep(reader.session.account_id, {viewer.ref: viewer.name})
        meta, name = current().meta(command.request_id), command.remembered_as
        done = await self._store.execute(
            FOLLOW, command.subject_id, rules.follow_account, command, meta, remember_as=name
        )
        return pb.FollowAccountResponse(position=done.position)

    async def SendGift(self, request: pb.SendGiftRequest, _: Any) -> pb.SendGiftResponse:
        reader = await reader_for(self._store, request.session_id, self._clock(), self._policy)
        command, viewer = send_gift(reader, request)
        await self._names.keep(reader.session.account_id, {viewer.ref: viewer.name})
        meta, name = current().meta(command.request_id), command.remembered_as
        done = await self._store.execute(
            GIFT, command.subject_id, rules.send_gift, command, meta, new=True, remember_as=name
        )
        return pb.SendGiftResponse(gift_id=str(command.subject_id), position=done.position)

    async def RecordActivity(self, request: pb.RecordActivityRequest, _: Any) -> pb.RecordActivityResponse:
        if len(request.facts) > MAX_FACTS:
            text = f"facts: at most {MAX_FACTS} in one call; send the rest in another."
            raise Refusal(RefusalKind.LIMIT, "TOO_LARGE", text, {"limit": str(MAX_FACTS), "field": "facts"})
        checks.count("facts", request.facts, 1, MAX_FACTS)
        reader = await reader_for(self._store, request.session_id, self._clock(), self._policy)
        facts, outcomes, names = await read_facts(reader, request.facts)
        await self._names.keep(reader.session.account_id, names)
        metas: dict[int, Meta] = {number: current().meta(one.request_id) for number, one in facts.items()}
        outcomes |= await commands.record_activity(self._store, facts, metas)
        return pb.RecordActivityResponse(
            outcomes=[_outcome(outcomes[number], facts.get(number)) for number in range(len(request.facts))],
            position=max((o.position for o in outcomes.values() if isinstance(o, Outcome)), default=0),
        )

    async def ListActivity(self, request: pb.ListActivityRequest, _: Any) -> pb.ListActivityResponse:
        size = checks.page_size(request.page_size, maximum=500)
        for at, kind in enumerate(request.kinds):
            if kind not in activity_feed.KINDS:
                raise invalid(f"kinds[{at}]", f"must be one of {', '.join(activity_feed.KINDS)}")
        wanted = WantedLines(
            session_id=(await detailed_session_for(self._store, request.session_id)).session_id,
            kinds=list(request.kinds) or list(activity_feed.KINDS),
            after=checks.position(request.after_position, "after_position"),
            newest_first=request.newest_first,
            before=checks.position(request.before_position, "before_position"),
            limit=size + 1,
            with_practice=not is_viewer(),
        )
        await watermarks.reached(self._store, self._views, ("activity_feed",), request.min_position)
        mark = watermarks.watermark(self._views, ("activity_feed",))
        rows = await list_lines(self._database, wanted)
        return pb.ListActivityResponse(
            activities=await activities(self._store, self._names, rows[:size]), more=len(rows) > size, watermark=mark
        )


def follow_account(reader: FactReader, request: pb.FollowAccountRequest) -> tuple[rules.FollowAccount, Viewer]:
    """Read a follow, and whose it is."""
    viewer = reader.viewer(request.viewer)
    command = rules.FollowAccount(
        subject_id=follow_stream(reader.session.session_id, viewer.ref),
        request_id=reader.request_id(request),
        viewer_ref=viewer.ref,
        **reader.common(request),
    )
    return command, viewer


def send_gift(reader: FactReader, request: pb.SendGiftRequest) -> tuple[rules.SendGift, Viewer]:
    """Read a gift, and whose it is. What it is worth may be absent."""
    request_id, prefix = reader.request_id(request), reader.prefix
    if is_viewer() and request.HasField("value"):
        raise invalid(f"{prefix}value", "is no viewer's to say")
    value = checks.money(f"{prefix}value", request.value) if request.HasField("value") else None
    viewer = reader.viewer(request.viewer)
    command = rules.SendGift(
        subject_id=gift_stream(reader.session.session_id, request_id, viewer.namer),
        request_id=request_id,
        viewer_ref=viewer.ref,
        gift=checks.line(f"{prefix}gift", request.gift, 1, MAX_GIFT),
        count=checks.number(f"{prefix}count", request.count, 1, VIEWERS_GIFTS if is_viewer() else MAX_GIFTS),
        value_minor=value.minor if value else None,
        currency=value.currency if value else "",
        **reader.common(request),
    )
    return command, viewer


_PAYING = ("paid_order", "pay")  # facts that say something was paid

_READ: Final[dict[str, Callable[[FactReader, Any], FactCommand | tuple[FactCommand, Viewer]]]] = {
    "comment": rpc_comments.post_comment,
    "placed_order": rpc_orders.place_order,
    "paid_order": rpc_orders.place_paid_order,
    "pay": rpc_orders.pay_order,
    "cancel": rpc_orders.cancel_order,
    "refund": rpc_orders.refund_order,
    "follow": follow_account,
    "gift": send_gift,
}
"""How each kind of `ActivityFact` is read: a command, and who acts if somebody does."""


async def read_facts(
    reader: FactReader, given: Any
) -> tuple[dict[int, FactCommand], dict[int, Outcome[Any] | Refusal], dict[str, str]]:
    """Read many facts: those well-formed, the refusals of the others, and the viewers' names."""
    facts: dict[int, FactCommand] = {}
    refused: dict[int, Outcome[Any] | Refusal] = {}
    names: dict[str, str] = {}
    for number, fact in enumerate(given):
        kind = fact.WhichOneof("fact")
        try:
            if kind is None:
                raise invalid(f"facts[{number}]", "must hold one of the known facts")
            if kind in _PAYING:
                await rpc_orders.may_pay(reader.session)
            one = FactReader(reader.session, reader.now, reader.policy, f"facts[{number}].{kind}.")
            read = _READ[kind](one, getattr(fact, kind))
        except Refusal as refusal:
            refused[number] = refusal
            continue
        if isinstance(read, tuple):
            facts[number], viewer = read
            names[viewer.ref] = viewer.name
        else:
            facts[number] = read
    return facts, refused, names


def _outcome(outcome: Outcome[Any] | Refusal, fact: FactCommand | None) -> pb.FactOutcome:
    if isinstance(outcome, Refusal):
        return pb.FactOutcome(refused_reason=outcome.reason, refused_message=outcome.message)
    assert fact is not None
    return pb.FactOutcome(subject_id=str(fact.subject_id))


async def activities(store: Store, names: ViewerNames, rows: Sequence[ActivityRow]) -> list[session_pb2.Activity]:
    """Return lines of the feed with the names to show. One query per account in them."""
    refs: dict[UUID, set[str]] = {}
    for row in rows:
        refs.setdefault(row.account_id, set()).add(row.viewer_ref)
    shown = {account_id: await names.authors(account_id, found) for account_id, found in refs.items()}
    said = iter(await store.clear([row.summary for row in rows if row.kind == "comment"]))
    summaries = [next(said) if row.kind == "comment" else row.summary for row in rows]
    return [
        _activity(row, shown[row.account_id][row.viewer_ref], cut(summary, MAX_SUMMARY))
        for row, summary in zip(rows, summaries, strict=True)
    ]


def _activity(row: ActivityRow, name: str, summary: str) -> session_pb2.Activity:
    amount = None if row.amount_minor is None else money_message(row.amount_minor, row.currency)
    return session_pb2.Activity(
        position=row.position,
        kind=row.kind,
        subject_id=str(row.subject_id),
        time=stamp(row.at),
        viewer_name=name,
        summary=summary,
        amount=amount,
        product_id=text(row.product_id),
        state=row.state,
        from_host=row.from_host,
        reply_to=text(row.reply_to),
        practice=row.practice,
        payment_source=PAYMENT_SOURCES[row.payment],
    )
