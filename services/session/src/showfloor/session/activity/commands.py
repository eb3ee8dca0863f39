"""Commands that do more than decide: they look up what a rule needs to know, or keep many facts at once."""

from asyncio import gather
from collections.abc import Coroutine, Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from showfloor.eventstore.store import RECENT, Store
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.activity.domain import comment_pin_rules, fact_rules, order_rules
from showfloor.session.activity.domain.comment import COMMENT, Comment
from showfloor.session.activity.domain.comment_pin_rules import PinComment, UnpinComment
from showfloor.session.activity.domain.fact_rules import Fact, FollowAccount, PostComment, ReplyToComment, SendGift
from showfloor.session.activity.domain.follow import FOLLOW
from showfloor.session.activity.domain.gift import GIFT
from showfloor.session.activity.domain.order import ORDER, Order
from showfloor.session.activity.domain.order_rules import CancelOrder, PayOrder, PlaceOrder, RefundOrder
from showfloor.session.catalogue.commands import products_of
from showfloor.session.catalogue.domain.product import ProductDetails
from showfloor.session.show.domain.session import SESSION, Session

FactCommand = PostComment | SendGift | FollowAccount | PlaceOrder | PayOrder | CancelOrder | RefundOrder
"""Everything that can be reported of a LIVE."""


async def post_comment(store: Store, command: PostComment, meta: Meta) -> Outcome[Comment]:
    """Keep a comment. Raises what `fact_time` raises, NOT_IN_BAG, COMMENT_NOT_FOUND, REQUEST_ID_REUSED."""
    if command.reply_to is not None:
        command = msgspec.structs.replace(command, replied=(await store.load(COMMENT, command.reply_to)).state)
    return await store.execute(COMMENT, command.subject_id, fact_rules.post_comment, command, meta, new=True)


async def reply_to_comment(store: Store, command: ReplyToComment, meta: Meta) -> Outcome[Comment]:
    """Keep what the host's side says. Raises what `fact_time` raises, COMMENT_NOT_FOUND, REQUEST_ID_REUSED."""
    if command.reply_to is not None:
        command = msgspec.structs.replace(command, replied=(await store.load(COMMENT, command.reply_to)).state)
    return await store.execute(COMMENT, command.subject_id, fact_rules.reply_to_comment, command, meta, new=True)


async def place_order(store: Store, command: PlaceOrder, meta: Meta) -> Outcome[Order]:
    """Keep an order. Raises what `fact_time` raises, PRODUCT_NOT_FOUND, OUT_OF_STOCK, WRONG_CURRENCY,
    REQUEST_ID_REUSED."""
    products = await products_of(store, (line.product_id for line in command.lines), RECENT)
    command = msgspec.structs.replace(command, products=products)
    name = command.remembered_as
    return await store.execute(
        ORDER, command.subject_id, order_rules.place_order, command, meta, new=True, remember_as=name
    )


async def record_activity(
    store: Store, told: Mapping[int, FactCommand], metas: Mapping[int, Meta]
) -> dict[int, Outcome[Any] | Refusal]:
    """Keep many facts of one session, each with its own outcome, in as few commits as possible.

    Facts on one order are decided in the order given. A reply to a comment of the same call waits for it.
    Raises Refusal UNAVAILABLE when one of them could be neither kept nor refused: send all of them again.
    """
    products = await products_of(
        store, (line.product_id for one in told.values() if isinstance(one, PlaceOrder) for line in one.lines), RECENT
    )
    outcomes: dict[int, Outcome[Any] | Refusal] = {}
    waiting = dict(told)
    while waiting:
        coming = {one.subject_id for one in waiting.values() if isinstance(one, PostComment)}
        wave = {
            number: one
            for number, one in waiting.items()
            if not (isinstance(one, PostComment) and one.reply_to in coming - {one.subject_id})
        } or waiting  # comments that answer one another in a circle are refused by the rule
        ready = await _with_replied(store, wave)
        asks = [
            (number, ask)
            for number, one in ready.items()
            for ask in _asks(store, _priced(one, products), metas[number])
        ]
        answers: dict[int, list[Outcome[Any] | BaseException]] = {}
        told_all = await gather(*(ask for _, ask in asks), return_exceptions=True)
        for (number, _), answer in zip(asks, told_all, strict=True):
            answers.setdefault(number, []).append(answer)
        for number, given in answers.items():
            answer = _settled(*given)
            # An outage says nothing of the fact and is the whole call's: sent again, what was kept is already so.
            if isinstance(answer, BaseException) and not isinstance(answer, Refusal):
                raise answer
            if isinstance(answer, Refusal) and answer.kind is RefusalKind.UNAVAILABLE:
                raise answer
            outcomes[number] = answer
        waiting = {number: one for number, one in waiting.items() if number not in wave}
    return outcomes


def _asks(store: Store, one: FactCommand, meta: Meta) -> Iterator[Coroutine[Any, Any, Outcome[Any]]]:
    """Yield what keeps a fact. An order that comes with its payment may have been placed before, by another request:
    then the payment is what is new. It follows at once, before what else the same call tells of the order."""
    yield _keep(store, one, meta, one.remembered_as)
    if isinstance(one, PlaceOrder) and one.pays:
        yield store.execute(ORDER, one.subject_id, order_rules.pay_placed, one, meta, remember_as="")


def _settled(
    kept: Outcome[Any] | BaseException, paid: Outcome[Any] | BaseException | None = None
) -> Outcome[Any] | BaseException:
    """Return what became of a fact. A payment after an order that was placed and paid has found nothing to do."""
    if paid is None or isinstance(kept, BaseException) or kept.state.paid_at is not None:
        return kept
    return paid


def _keep(store: Store, one: FactCommand, meta: Meta, name: str | None) -> Coroutine[Any, Any, Outcome[Any]]:
    decider, rule = _RULES[type(one)]
    return store.execute(decider, one.subject_id, rule, one, meta, remember_as=name)


def _priced(one: FactCommand, products: Mapping[UUID, ProductDetails]) -> FactCommand:
    return msgspec.structs.replace(one, products=products) if isinstance(one, PlaceOrder) else one


async def _with_replied(store: Store, wave: Mapping[int, FactCommand]) -> dict[int, FactCommand]:
    ids = (one.reply_to for one in wave.values() if isinstance(one, PostComment) and one.reply_to)
    comments = await store.load_many(COMMENT, ids)
    return {
        number: msgspec.structs.replace(one, replied=comments[one.reply_to].state)
        if isinstance(one, PostComment) and one.reply_to
        else one
        for number, one in wave.items()
    }


_RULES: dict[type[Fact], tuple[Any, Any]] = {
    PostComment: (COMMENT, fact_rules.post_comment),
    SendGift: (GIFT, fact_rules.send_gift),
    FollowAccount: (FOLLOW, fact_rules.follow_account),
    PlaceOrder: (ORDER, order_rules.place_order),
    PayOrder: (ORDER, order_rules.pay_order),
    CancelOrder: (ORDER, order_rules.cancel_order),
    RefundOrder: (ORDER, order_rules.refund_order),
}


async def pin_comment(store: Store, command: PinComment, meta: Meta) -> Outcome[Session]:
    """Put a comment at the top. Raises COMMENT_NOT_FOUND, SESSION_ENDED."""
    command = msgspec.structs.replace(command, comment=(await store.load(COMMENT, command.comment_id)).state)
    return await store.execute(SESSION, command.session_id, comment_pin_rules.pin_comment, command, meta)


async def unpin_comment(store: Store, command: UnpinComment, meta: Meta) -> Outcome[Session]:
    """Take a comment down. Raises COMMENT_NOT_FOUND, SESSION_ENDED."""
    command = msgspec.structs.replace(command, comment=(await store.load(COMMENT, command.comment_id)).state)
    return await store.execute(SESSION, command.session_id, comment_pin_rules.unpin_comment, command, meta)
