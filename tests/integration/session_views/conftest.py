"""A session service's views on a real PostgreSQL, and short ways to write its events."""

import random
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

import showfloor.session
from showfloor.access.actor import Actor, Role
from showfloor.access.membership.members import Members
from showfloor.access.membership.tables import DDL, SCHEMA
from showfloor.eventstore.beside import ensure_schema
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.runtime import Runtime, open_store
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.rpc.caller import Call, enter
from showfloor.session.activity.domain.comment import COMMENT, CommentPosted
from showfloor.session.activity.domain.follow import FOLLOW, AccountFollowed
from showfloor.session.activity.domain.gift import GIFT, GiftGrown, GiftSent
from showfloor.session.activity.domain.order import (
    ORDER,
    Item,
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
)
from showfloor.session.activity.edges.viewer_names import ViewerNames
from showfloor.session.analytics.domain.report import REPORT, Reading, SessionReported, SessionRestated, report_stream
from showfloor.session.analytics.edges.reads import Reads
from showfloor.session.catalogue.domain.product import (
    PRODUCT,
    ProductArchived,
    ProductImported,
    ProductRestored,
    ProductUpdated,
)
from showfloor.session.catalogue.domain.product_set import PRODUCT_SET, ProductSetDeleted, ProductSetSaved
from showfloor.session.service import DECIDERS, VIEWS
from showfloor.session.show.domain.session import SESSION
from showfloor.session.show.domain.session_events import (
    AddedToBag,
    CommentPinned,
    CommentUnpinned,
    MovedInBag,
    PracticeEnded,
    PracticeStarted,
    ProductPinned,
    ProductUnpinned,
    RemovedFromBag,
    ReplayRecorded,
    ScriptSet,
    SessionCorrected,
    SessionDeleted,
    SessionDetailsExpired,
    SessionEnded,
    SessionImported,
    SessionOpened,
    SessionRescheduled,
    SessionUpdated,
    SignalsForgotten,
    WentLive,
)
from showfloor.testing.members import Home, Somebody, somebody, write_members
from showfloor.testing.waiting import PATIENCE

sys.path.insert(0, str(Path(__file__).parents[2] / "property" / "session_signals"))

START = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
ACCOUNT, SHOP, OTHER_ACCOUNT, OTHER_SHOP = (UUID(int=at) for at in (101, 102, 103, 104))
HOST = somebody(
    "user:host",
    accounts={str(ACCOUNT): Role.HOST},
    homes={str(ACCOUNT): Home(shop=str(SHOP), currency="USD")},
    shops={str(SHOP): Role.OWNER},
    currencies={str(SHOP): "USD"},
)
STRANGER = somebody("user:stranger", accounts={str(OTHER_ACCOUNT): Role.HOST})


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def product(number: int) -> UUID:
    return UUID(int=1_000 + number)


class World:
    """Writes events past the rules: views must take whatever lies in the log."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime, self.now = runtime, at(600)
        self.names = ViewerNames(runtime.database, runtime.sealing)
        self.reads = Reads(runtime.store, runtime.views, runtime.database, lambda: self.now)
        self.position, self.stranger = 0, STRANGER

    async def write(self, decider: Decider[Any], stream: UUID, *events: Event) -> None:
        outcome = await self.runtime.store.execute(decider, stream, lambda _s, _f: list(events), None)
        self.position = outcome.position

    async def settle(self) -> None:
        await self.runtime.views.wait_for([view.name for view in VIEWS], self.position, timeout=PATIENCE)

    def owner(self, session: UUID, account: UUID = ACCOUNT) -> dict[str, Any]:
        shop = SHOP if account == ACCOUNT else OTHER_SHOP
        return {"session_id": session, "account_id": account, "shop_id": shop}

    async def live(self, session: UUID, title: str = "Spring sale", start: datetime = START, **more: Any) -> None:
        base = self.owner(session, more.pop("account", ACCOUNT)) | {"currency": "USD"}
        source, simulated = more.pop("source", "live"), more.pop("simulated", False)
        affiliate = more.pop("affiliate", None)
        await self.write(
            SESSION, session,
            SessionOpened(at=start - timedelta(minutes=5), title=title, source=source, affiliate=affiliate, **base),
            WentLive(at=start, title=title, source=source, simulated=simulated, **base),
        )  # fmt: skip

    async def end(self, session: UUID, when: datetime, **more: Any) -> None:
        base = self.owner(session, more.pop("account", ACCOUNT)) | {"currency": "USD"}
        ended = SessionEnded(at=when, title="", source="live", started_at=START, recorded_at=when, **base)
        await self.write(SESSION, session, ended)

    async def reported(self, session: UUID, **values: float | None) -> None:
        await self.write(REPORT, report_stream(session), self.report(session, **values))

    def report(self, session: UUID, **values: float | None) -> SessionReported:
        readings = tuple(
            Reading(name, value, "" if value is not None else "not_known") for name, value in values.items()
        )
        return SessionReported(at=at(700), readings=readings, **self.owner(session))

    def restated(self, session: UUID, **values: float | None) -> SessionRestated:
        before = self.report(session, gmv=session.int, views=None).readings
        return SessionRestated(
            at=at(800), currency="USD", started_at=at(0), revision=1, readings=self.report(session, **values).readings,
            before=before, simulated_before=False, simulated=bool(session.int % 2), **self.owner(session),
        )  # fmt: skip

    async def expire(self, session: UUID) -> None:
        base = self.owner(session) | {"currency": "USD"}
        await self.write(SESSION, session, SessionDetailsExpired(at=at(9_000_000), **base))

    def paid(
        self, session: UUID, number: int, when: float, viewer: str, items: list[tuple[int, int, int]], **more: Any
    ) -> list[Event]:
        """items: (product, quantity, unit price)."""
        lines = tuple(Item(product(p), q, u, 1_000, q * u // 10, f"Product {p}") for p, q, u in items)
        total = sum(item.total_minor for item in lines)
        base = self.owner(session, more.pop("account", ACCOUNT)) | {
            "order_id": UUID(int=session.int * 10_000 + number), "viewer_ref": viewer, "currency": "USD",
            "reference": f"o{number}",
        }  # fmt: skip
        values: dict[str, Any] = {
            "items": lines, "total_minor": total, "commission_minor": total // 10, "affiliate_minor": total,
            "direct": more.pop("direct", True),
        } | more  # fmt: skip
        return [
            OrderPlaced(at=at(when), **base, **values),
            OrderPaid(at=at(when + 1), placed_at=at(when), **base, **values),
        ]

    async def order(
        self, session: UUID, number: int, when: float, viewer: str, items: list[tuple[int, int, int]], **more: Any
    ) -> None:
        events = self.paid(session, number, when, viewer, items, **more)
        await self.write(ORDER, events[0].order_id, *events)  # type: ignore[attr-defined]

    async def comment(self, session: UUID, number: int, when: float, **more: Any) -> UUID:
        comment_id = UUID(int=session.int * 10_000 + 5_000 + number)
        values: dict[str, Any] = {"viewer_ref": "v1", "text": f"comment {number}"} | more
        posted = CommentPosted(at=at(when), comment_id=comment_id, **self.owner(session), **values)
        await self.write(COMMENT, comment_id, posted)
        return comment_id

    async def follow(self, session: UUID, number: int, when: float) -> None:
        follow_id = UUID(int=session.int * 10_000 + 6_000 + number)
        event = AccountFollowed(at=at(when), follow_id=follow_id, viewer_ref=f"v{number}", **self.owner(session))
        await self.write(FOLLOW, follow_id, event)

    async def gift(self, session: UUID, number: int, when: float, count: int) -> None:
        gift_id = UUID(int=session.int * 10_000 + 7_000 + number)
        event = GiftSent(
            at=at(when), gift_id=gift_id, viewer_ref="v1", gift="rose", count=count, currency="USD",
            **self.owner(session),
        )  # fmt: skip
        await self.write(GIFT, gift_id, event)

    async def keep(self, number: int, title: str = "", **more: Any) -> None:
        values: dict[str, Any] = {"category": "home", "price_minor": 500, "currency": "USD"} | more
        kept = ProductImported(
            at=START, product_id=product(number), shop_id=SHOP, reference=f"sku-{number}",
            title=title or f"Product {number}", **values,
        )  # fmt: skip
        await self.write(PRODUCT, product(number), kept)

    async def bag(self, session: UUID, *numbers: int) -> None:
        ids = tuple(product(number) for number in numbers)
        base = self.owner(session) | {"currency": "USD"}
        await self.write(SESSION, session, AddedToBag(at=at(1), source="set", product_ids=ids, bag=ids, **base))

    async def some_history(self, seed: int, sessions: int = 6) -> None:
        """Every kind of event, interleaved over sessions."""
        rng = random.Random(seed)
        stories = [self._story(UUID(int=50 + n), rng) for n in range(sessions)]
        for number in range(4):
            await self.keep(number)
        while stories:
            story = rng.choice(stories)
            decider, stream, events = story[0]
            await self.write(decider, stream, *events)
            if len(story) == 1:
                stories.remove(story)
            del story[0]
        await self.keep(1, "Product one", label="new", link="https://x.example/1")
        named: dict[str, Any] = {"at": START, "product_id": product(2), "shop_id": SHOP}
        dearer = ProductUpdated(
            **named, reference="sku-2", title="Two", category="home", price_minor=9, currency="USD", stock=4
        )
        await self.write(PRODUCT, product(2), ProductArchived(**named), ProductRestored(**named), dearer)
        await self.write(PRODUCT, product(3), ProductArchived(**(named | {"product_id": product(3)})))
        saved = ProductSetSaved(
            at=START, product_set_id=UUID(int=9), shop_id=SHOP, name="Set", product_ids=(product(1), product(0))
        )
        await self.write(PRODUCT_SET, UUID(int=9), saved)
        other = ProductSetSaved(
            at=START, product_set_id=UUID(int=10), shop_id=SHOP, name="Gone", product_ids=(product(1),)
        )
        gone = ProductSetDeleted(at=START, product_set_id=UUID(int=10), shop_id=SHOP)
        await self.write(PRODUCT_SET, UUID(int=10), other, gone)

    def _story(self, session: UUID, rng: random.Random) -> list[tuple[Decider[Any], UUID, list[Event]]]:
        base: dict[str, Any] = self.owner(session) | {"currency": "USD"}
        ids = tuple(product(n) for n in range(3))
        comment_id = UUID(int=session.int * 10_000 + 5_001)
        steps: list[tuple[Decider[Any], UUID, list[Event]]] = [
            (SESSION, session, [SessionOpened(at=at(-9), title="Old", source="live", **base)]),
            (SESSION, session, [PracticeStarted(at=at(-8), **base), PracticeEnded(at=at(-7), **base)]),
            (SESSION, session, [SessionUpdated(at=at(-6), title=f"Şhow {session.int}", **base),
                                ScriptSet(at=at(-5), script="hi", **base)]),
            (SESSION, session, [WentLive(at=at(0), title="t", source="live", **base)]),
            (SESSION, session, [AddedToBag(at=at(1), source="set", product_ids=ids, bag=ids, **base)]),
            (SESSION, session, [MovedInBag(at=at(2), product_id=ids[2], number=1, bag=ids[::-1], **base)]),
            (SESSION, session, [ProductPinned(at=at(3), product_id=ids[0], **base)]),
            (COMMENT, comment_id, [CommentPosted(at=at(4), comment_id=comment_id, viewer_ref="v1", text="é 你好",
                                                 product_id=ids[0], **self.owner(session))]),
            (SESSION, session, [CommentPinned(at=at(5), comment_id=comment_id, **base)]),
        ]  # fmt: skip
        for number in range(rng.randint(2, 6)):
            items = [(rng.randint(0, 2), rng.randint(1, 3), rng.randint(1, 900)) for _ in range(rng.randint(1, 3))]
            events = self.paid(session, number, rng.randint(5, 300), f"v{rng.randint(1, 4)}", items, gender="female")
            placed = events[0]
            assert isinstance(placed, OrderPlaced)
            order: dict[str, Any] = {
                name: getattr(placed, name)
                for name in ("order_id", "session_id", "account_id", "shop_id", "viewer_ref", "currency", "reference")
            }
            fate = rng.randint(0, 6)
            expired = OrderExpired(at=at(900), total_minor=placed.total_minor, **order)
            if fate == 0:
                events = [placed, OrderCancelled(at=at(400), total_minor=placed.total_minor, **order)]
            elif fate == 1:
                events.append(OrderRefunded(at=at(500), amount_minor=1, refunded_minor=1,
                                            total_minor=placed.total_minor, **order))  # fmt: skip
            elif fate == 2:
                events = [placed, expired]
            elif fate == 3:
                revived = msgspec.structs.replace(events[1], at=at(1000), revived=True, source="checkout", late=True)
                events = [placed, expired, revived]
            elif fate == 4:
                events = [placed, msgspec.structs.replace(events[1], source="simulated")]
            steps.append((ORDER, placed.order_id, events))
        for number in range(rng.randint(0, 4)):
            follow_id, gift_id = (UUID(int=session.int * 10_000 + at + number) for at in (6_000, 7_000))
            steps.append((FOLLOW, follow_id, [AccountFollowed(at=at(9), follow_id=follow_id, viewer_ref=f"v{number}",
                                                              **self.owner(session))]))  # fmt: skip
            steps.append((GIFT, gift_id, [GiftSent(at=at(10), gift_id=gift_id, viewer_ref="v1", gift="rose",
                                                   count=number + 1, value_minor=5, **base),
                                          GiftGrown(at=at(70), gift_id=gift_id, viewer_ref="v1", gift="rose",
                                                    count=number + 3, more=2, value_minor=9, **base)]))  # fmt: skip
        steps += [
            (SESSION, session, [ProductUnpinned(at=at(50), product_id=ids[0], pinned_at=at(3), **base),
                                ProductPinned(at=at(50), product_id=ids[1], **base)]),
            (SESSION, session, [RemovedFromBag(at=at(60), product_id=ids[2], bag=ids[:2], **base)]),
            (SESSION, session, [CommentUnpinned(at=at(61), comment_id=comment_id, **base),
                                ProductUnpinned(at=at(62), product_id=ids[1], pinned_at=at(50), **base),
                                SessionEnded(at=at(62), title="t", source="live", started_at=at(0),
                                             recorded_at=at(62), **base)]),
            (SESSION, session, [ReplayRecorded(at=at(90), url="https://r.example", expires_at=at(99), **base)]),
            (REPORT, report_stream(session), [self.report(session, gmv=session.int, views=None)]),
            (REPORT, report_stream(session), [self.restated(session, gmv=session.int + 7, views=3)]),
        ]  # fmt: skip
        if rng.random() < 0.5:
            steps.append((SESSION, session, [SessionDetailsExpired(at=at(9_000_000), **base)]))
            steps.append((SESSION, session, [SignalsForgotten(at=at(9_000_001), **base)]))
        return steps + self._unused(UUID(int=session.int * 10_000 + 9_000), rng)

    def _unused(self, session: UUID, rng: random.Random) -> list[tuple[Decider[Any], UUID, list[Event]]]:
        """A session of a LIVE event that was never on air."""
        about: dict[str, Any] = self.owner(session) | {"currency": "USD"}
        planned = SessionOpened(at=at(0), title="u", source="live", event_id=UUID(int=9), not_before=at(1), **about)
        moved = SessionRescheduled(at=at(0), title="u", not_before=at(2), event_sequence=1, **about)
        steps: list[tuple[Decider[Any], UUID, list[Event]]] = [(SESSION, session, [planned, moved])]
        return steps + [(SESSION, session, [SessionDeleted(at=at(1), **about)])] * (rng.random() < 0.5)

    async def imported(self, session: UUID, **totals: Any) -> None:
        base = self.owner(session) | {"currency": totals.pop("currency", "USD")}
        past = SessionImported(
            at=at(0), reference=str(session.int), title="Past", started_at=at(-90_000), ended_at=at(-86_400), **base,
            **totals,
        )  # fmt: skip
        await self.write(SESSION, session, past)

    async def corrected(self, session: UUID, **totals: Any) -> None:
        """Put the totals of an imported session right."""
        before = (await self.runtime.store.load(SESSION, session)).state.totals
        base = self.owner(session) | {"currency": "USD"}
        right = SessionCorrected(
            at=at(5), reference=str(session.int), before=before, after=msgspec.structs.replace(before, **totals), **base
        )
        await self.write(SESSION, session, right)


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    migrate(database, Path(showfloor.session.__file__).parent / "migrations")
    ensure_schema(database, SCHEMA, DDL)
    async with open_store(database, DECIDERS, VIEWS, beside=[SCHEMA]) as runtime:
        yield World(runtime)


@pytest.fixture
def acting(world: World, database: str) -> Callable[[str, Actor | Somebody], None]:
    """Make somebody the caller of the RPC named."""

    def act(method: str, who: Actor | Somebody = HOST) -> None:
        if isinstance(who, Somebody):
            write_members(database, [who])
        actor = who.actor if isinstance(who, Somebody) else who
        enter(Call(method, actor, "", Members(world.runtime.database)))

    return act
