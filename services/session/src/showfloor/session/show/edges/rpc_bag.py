"""BagService: the products of a LIVE, in order, and which of them is shown to viewers."""

from typing import Any, TypeVar
from uuid import UUID

from showfloor.api.session.v1 import bag_service_pb2 as pb
from showfloor.eventstore.store import Store
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.clock import Clock
from showfloor.kernel.decider import Rule
from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.session.catalogue.commands import Offers, products_of
from showfloor.session.catalogue.domain.searching import holds
from showfloor.session.show import commands
from showfloor.session.show.domain import bag_rules as rules
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import SESSION, Session
from showfloor.session.show.domain.session_events import AddedToBag, ProductSource
from showfloor.session.show.domain.session_rules import Command
from showfloor.session.show.edges.authorizing import session_for
from showfloor.session.show.edges.messages import PRODUCT_SOURCES, bag_items, pin_message, session_message
from showfloor.session.show.edges.reading import command_of

MAX_REFERENCES, MAX_QUERY = 100, 100
_SOURCES: dict[int, ProductSource] = {number: word for word, number in PRODUCT_SOURCES.items()}  # type: ignore[misc]

C = TypeVar("C", bound=Command)


class BagCalls:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, store: Store, offers: Offers, policy: Policy, clock: Clock) -> None:
        self._store, self._offers, self._policy, self._clock = store, offers, policy, clock

    async def AddToBag(self, request: pb.AddToBagRequest, _: Any) -> pb.AddToBagResponse:
        checks.count("references", request.references, 1, MAX_REFERENCES)
        references = tuple(
            checks.line(f"references[{number}]", text, 1, 2_000) for number, text in enumerate(request.references)
        )
        if (source := _SOURCES.get(request.source)) is None:
            raise invalid("source", "must be set, showcase, link or collab")
        fields = {"source": source, "references": references, "policy": self._policy}
        command = await self._command(rules.AddToBag, request, **fields)
        done = await commands.add_to_bag(self._store, self._offers, command, current().meta(request.request_id))
        added = (event.product_ids for event in done.events if isinstance(event, AddedToBag))
        return pb.AddToBagResponse(
            added_product_ids=[str(product_id) for ids in added for product_id in ids],
            session=session_message(done.state),
            position=done.position,
        )

    async def RemoveFromBag(self, request: pb.RemoveFromBagRequest, _: Any) -> pb.RemoveFromBagResponse:
        command = await self._command(rules.RemoveFromBag, request, product_id=_product(request))
        done = await self._execute(rules.remove_from_bag, command, request)
        return pb.RemoveFromBagResponse(session=session_message(done.state), position=done.position)

    async def MoveInBag(self, request: pb.MoveInBagRequest, _: Any) -> pb.MoveInBagResponse:
        command = await self._command(rules.MoveInBag, request, product_id=_product(request), number=request.number)
        done = await self._execute(rules.move_in_bag, command, request)
        return pb.MoveInBagResponse(session=session_message(done.state), position=done.position)

    async def PinProduct(self, request: pb.PinProductRequest, _: Any) -> pb.PinProductResponse:
        time = checks.when(request)
        command = await self._command(rules.PinProduct, request, product_id=_product(request), time=time)
        done = await self._execute(rules.pin_product, command, request)
        return pb.PinProductResponse(session=session_message(done.state), position=done.position)

    async def UnpinProduct(self, request: pb.UnpinProductRequest, _: Any) -> pb.UnpinProductResponse:
        time = checks.when(request)
        command = await self._command(rules.UnpinProduct, request, product_id=_product(request), time=time)
        done = await self._execute(rules.unpin_product, command, request)
        return pb.UnpinProductResponse(session=session_message(done.state), position=done.position)

    async def ListBag(self, request: pb.ListBagRequest, _: Any) -> pb.ListBagResponse:
        query = checks.line("query", request.query, 0, MAX_QUERY)
        session = await session_for(self._store, request.session_id)
        products = await products_of(self._store, (entry.product_id for entry in session.bag))
        items = [
            item
            for item in bag_items(session, products)
            if holds(query, item.product.title, item.product.category, item.product.reference)
        ]
        return pb.ListBagResponse(items=items, pins=[pin_message(pin) for pin in session.pins], version=session.version)

    async def _command(self, kind: type[C], request: Any, **fields: Any) -> C:
        return await command_of(self._store, self._clock(), kind, request, **fields)

    async def _execute(self, rule: Rule[Session, C], command: C, request: Any) -> Outcome[Session]:
        meta = current().meta(request.request_id)
        return await self._store.execute(SESSION, command.session_id, rule, command, meta)


def _product(request: Any) -> UUID:
    return checks.uuid("product_id", request.product_id)
