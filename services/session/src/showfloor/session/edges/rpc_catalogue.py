"""CatalogueService, the changing half and single products. Lists are answered by rpc_catalogue_lists."""

# ruff: noqa: N802 - methods are named by the protos

from datetime import datetime, timedelta
from typing import Any

from showfloor.access import resources
from showfloor.api.session.v1 import catalogue_service_pb2 as pb
from showfloor.api.session.v1.session_pb2 import Product
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.ids import derive_id
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.rpc import checks
from showfloor.rpc.caller import current
from showfloor.session.commands import catalogue, sessions
from showfloor.session.domain import refusals
from showfloor.session.domain.catalogue_rules import SaveSet
from showfloor.session.domain.product import PRODUCT, ProductKept, product_stream
from showfloor.session.domain.product_set import product_set_stream
from showfloor.session.domain.session import SessionImported
from showfloor.session.domain.session_rules import Import
from showfloor.session.edges import shapes
from showfloor.session.edges.gate import AccountHome, ShopHome, account_for, allow, shop_for
from showfloor.session.edges.messages import product_message, product_set_message

MAX_ROWS = 500
MAX_SET = 100
MAX_DURATION_S = 604_800
MAX_COUNT = 10**12

_COUNTS = (
    "views", "peak_viewers", "average_viewers", "average_stay_s", "likes", "gifts", "new_followers",
    "products", "units_sold",
)  # fmt: skip


class CatalogueWrites:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def ImportProducts(self, request: pb.ImportProductsRequest, _: Any) -> pb.ImportProductsResponse:
        request_id = checks.request_id(request.request_id)
        shop = shop_for(request.shop_id)
        _rows("products", request.products)
        now = self._clock()
        products = [
            _product(f"products[{number}]", row, shop, now, request_id) for number, row in enumerate(request.products)
        ]
        _once("products", [kept.reference for kept in products])
        done = await catalogue.import_products(self._store, products, current().meta(request_id))
        created = sum(1 for one in done if one.events and one.version == 1)
        updated = sum(1 for one in done if one.events) - created
        return pb.ImportProductsResponse(
            created=created,
            updated=updated,
            unchanged=len(done) - created - updated,
            position=max(one.position for one in done),
            product_ids=[str(kept.product_id) for kept in products],
        )

    async def GetProduct(self, request: pb.GetProductRequest, _: Any) -> pb.GetProductResponse:
        product_id = checks.uuid("product_id", request.product_id)
        kept = (await self._store.load(PRODUCT, product_id)).state.kept
        missing = refusals.product_not_found(product_id=product_id)
        if kept is None:
            raise missing
        allow(resources.Shop(id=str(kept.shop_id)), missing)
        return pb.GetProductResponse(product=product_message(kept))

    async def SaveProductSet(self, request: pb.SaveProductSetRequest, _: Any) -> pb.SaveProductSetResponse:
        request_id = checks.request_id(request.request_id)
        shop = shop_for(request.shop_id)
        checks.count("product_ids", request.product_ids, 1, MAX_SET)
        ids = tuple(checks.uuid(f"product_ids[{number}]", text) for number, text in enumerate(request.product_ids))
        _once("product_ids", ids)
        replaces = bool(request.product_set_id)
        asked = SaveSet(
            product_set_id=checks.uuid("product_set_id", request.product_set_id)
            if replaces
            else product_set_stream(shop.shop_id, request_id),
            shop_id=shop.shop_id,
            name=shapes.line("name", request.name, 1, 80),
            product_ids=ids,
            request_id=request_id,
            now=self._clock(),
            replaces=replaces,
        )
        done = await catalogue.save_product_set(self._store, asked, current().meta(request_id))
        assert done.state.saved is not None
        return pb.SaveProductSetResponse(product_set=product_set_message(done.state.saved), position=done.position)

    async def ImportSessions(self, request: pb.ImportSessionsRequest, _: Any) -> pb.ImportSessionsResponse:
        request_id = checks.request_id(request.request_id)
        home = account_for(request.account_id)
        _rows("sessions", request.sessions)
        now = self._clock()
        rows = [_past(f"sessions[{number}]", row, home, now, request_id) for number, row in enumerate(request.sessions)]
        _once("sessions", [row.event.reference for row in rows])
        done = await sessions.import_sessions(self._store, rows, current().meta(request_id))
        created = sum(1 for one in done if one.events)
        return pb.ImportSessionsResponse(
            created=created,
            unchanged=len(done) - created,
            session_ids=[str(row.session_id) for row in rows],
            position=max(one.position for one in done),
        )


def _product(field: str, row: Product, shop: ShopHome, now: datetime, request_id: str) -> ProductKept:
    reference = shapes.reference(f"{field}.reference", row.reference)
    price = checks.money(f"{field}.price", row.price)
    if price.currency != shop.currency:
        raise refusals.wrong_currency(price.currency, shop.currency, f"{field}.price.currency")
    return ProductKept(
        at=now,
        product_id=product_stream(shop.shop_id, reference),
        shop_id=shop.shop_id,
        reference=reference,
        title=shapes.line(f"{field}.title", row.title, 1, 200),
        category=shapes.line(f"{field}.category", row.category, 0, 60) or shapes.NOT_KNOWN,
        price_minor=price.minor,
        currency=price.currency,
        commission_bps=checks.number(f"{field}.commission_bps", row.commission_bps, 0, 10_000),
        label=shapes.label(f"{field}.label", row.label),
        in_showcase=row.in_showcase,
        collab_invite=shapes.line(f"{field}.collab_invite", row.collab_invite, 0, 200),
        link=shapes.https(f"{field}.link", row.link) if row.link else "",
        request_id=request_id,
    )


def _past(field: str, row: pb.PastSession, home: AccountHome, now: datetime, request_id: str) -> Import:
    reference = shapes.reference(f"{field}.reference", row.reference)
    start = checks.timestamp(f"{field}.start_time", row.start_time)
    duration = checks.number(f"{field}.duration_s", row.duration_s, 1, MAX_DURATION_S)
    end = start + timedelta(seconds=duration)
    if end > now:
        raise refusals.in_the_future(f"{field}.start_time")
    totals = {
        name: checks.number(f"{field}.{name}", getattr(row, name), 0, MAX_COUNT)
        for name in _COUNTS
        if row.HasField(name)  # type: ignore[arg-type]
    }
    if row.HasField("gmv"):
        gmv = checks.money(f"{field}.gmv", row.gmv, maximum=MAX_COUNT * 1_000)
        if gmv.currency != home.currency:
            raise refusals.wrong_currency(gmv.currency, home.currency, f"{field}.gmv.currency")
        totals["gmv_minor"] = gmv.minor
    title = shapes.line(f"{field}.title", row.title, 1, 120)
    event = SessionImported(
        at=now,
        session_id=derive_id(home.account_id, "import", reference),
        account_id=home.account_id,
        shop_id=home.shop_id,
        currency=home.currency,
        request_id=reference,
        content="\x1f".join(map(str, (title, start, end, sorted(totals.items())))),
        reference=reference,
        title=title,
        started_at=start,
        ended_at=end,
        **totals,
    )
    return Import(session_id=event.session_id, now=now, request_id=request_id, event=event)


def _rows(field: str, rows: Any) -> None:
    if len(rows) > MAX_ROWS:
        text = f"{field}: at most {MAX_ROWS} in one call; send the rest in another."
        raise Refusal(RefusalKind.LIMIT, "TOO_LARGE", text, {"limit": str(MAX_ROWS), "field": field})
    checks.count(field, rows, 1, MAX_ROWS)


def _once(field: str, keys: Any) -> None:
    """Refuse a list that names one thing twice: which of the two would count?"""
    seen: set[Any] = set()
    for number, key in enumerate(keys):
        if key in seen:
            raise invalid(f"{field}[{number}]", "names the same thing as an earlier row")
        seen.add(key)
