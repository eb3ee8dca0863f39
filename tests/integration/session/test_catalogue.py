"""CatalogueService over gRPC: products, sets, imported history. All of a call or none of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import analytics_service_pb2 as board
from showfloor.api.session.v1 import catalogue_service_pb2 as cat
from showfloor.api.session.v1 import comment_service_pb2 as comment_pb
from showfloor.api.session.v1 import import_service_pb2 as import_pb
from showfloor.api.session.v1 import product_pb2, viewer_pb2
from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.api.session.v1 import session_service_pb2 as ses
from showfloor.eventstore.store import Store
from showfloor.kernel.ids import derive_id
from showfloor.kernel.refusal import Refusal
from showfloor.service.allowing import AccountHome
from showfloor.session.imports.edges import past_sessions
from showfloor.session.service import DECIDERS
from showfloor.session.show.domain.session import SESSION

SHOP, ACCOUNT, SECOND, _, FOREIGN = (f"00000000-0000-0000-0000-{n:012d}" for n in range(1, 6))
START = datetime(2025, 3, 1, 22, tzinfo=UTC)


def product(reference: str = "m-1", minor: int = 999, currency: str = "USD", **more: Any) -> product_pb2.Product:
    known: dict[str, Any] = {"title": "Mug", **more}
    return product_pb2.Product(reference=reference, price=Money(minor=minor, currency=currency), **known)


def importing(*products: product_pb2.Product, request_id: str = "") -> cat.ImportProductsRequest:
    return cat.ImportProductsRequest(request_id=request_id or uuid4().hex, shop_id=SHOP, products=products)


def past(reference: str = "7", **more: Any) -> import_pb.PastSession:
    row = import_pb.PastSession(reference=reference, title="Old LIVE", **{"duration_s": 57_600, "views": 1200, **more})
    row.start_time.FromDatetime(START)
    return row


def history(*rows: import_pb.PastSession) -> import_pb.ImportSessionsRequest:
    return import_pb.ImportSessionsRequest(request_id=uuid4().hex, account_id=ACCOUNT, sessions=rows)


@pytest.mark.requirement("R35")
async def test_products_come_in_and_change(service: Any) -> None:
    host = service.user()
    label = product_pb2.RECOMMENDATION_LABEL_BESTSELLER
    first = await host.ImportProducts(importing(product(label=label), product("m-2", category="Pots"), request_id="r1"))
    assert (first.created, first.updated, first.unchanged) == (2, 0, 0)
    second = await host.ImportProducts(importing(product(minor=1099, label=label), product("m-2", category="Pots")))
    assert (second.created, second.updated, second.unchanged) == (0, 1, 1)
    again = await host.ImportProducts(importing(product(label=label), product("m-2", category="Pots"), request_id="r1"))
    assert again == first  # sent late, it must not bring a price back
    got = (await host.GetProduct(cat.GetProductRequest(product_id=first.product_ids[0]))).product
    assert (got.price.minor, got.category, got.label) == (1099, "not known", label)


@pytest.mark.parametrize(
    ("row", "reason", "field"),
    [
        (product(reference=""), "INVALID_FIELD", "products[1].reference"),
        (product(title=" "), "INVALID_FIELD", "products[1].title"),
        (product(minor=-1), "INVALID_FIELD", "products[1].price.minor"),
        (product(currency="usd"), "INVALID_FIELD", "products[1].price.currency"),
        (product(currency="EUR"), "WRONG_CURRENCY", "products[1].price.currency"),
        (product(commission_bps=10_001), "INVALID_FIELD", "products[1].commission_bps"),
        (product(label=99), "INVALID_FIELD", "products[1].label"),
        (product(link="ftp://x"), "INVALID_FIELD", "products[1].link"),
        (product("m-0"), "INVALID_FIELD", "products[1]"),
    ],
)
async def test_one_bad_product_keeps_all_out(
    service: Any, refused: Any, row: product_pb2.Product, reason: str, field: str
) -> None:
    host = service.user()
    good = product("m-0")
    assert (await refused(host.ImportProducts(importing(good, row)), reason)).metadata["field"] == field
    assert (await host.ImportProducts(importing(good))).created == 1


async def test_catalogue_limits_and_owners(service: Any, refused: Any) -> None:
    host = service.user()
    await refused(host.ImportProducts(importing()), "INVALID_FIELD")
    await refused(host.ImportProducts(importing(*[product(f"m{n}") for n in range(501)])), "TOO_LARGE")
    await refused(service.foreigner().ImportProducts(importing(product())), "SHOP_NOT_FOUND")
    await refused(host.GetProduct(cat.GetProductRequest(product_id=str(uuid4()))), "PRODUCT_NOT_FOUND")
    (kept,) = (await host.ImportProducts(importing(product()))).product_ids
    await refused(service.foreigner().GetProduct(cat.GetProductRequest(product_id=kept)), "PRODUCT_NOT_FOUND")


async def test_product_sets(service: Any, refused: Any) -> None:
    host = service.user()
    ids = list((await host.ImportProducts(importing(product(), product("m-2")))).product_ids)
    make = cat.SaveProductSetRequest(request_id="s", shop_id=SHOP, name="Best", product_ids=ids)
    made = await host.SaveProductSet(make)
    assert await host.SaveProductSet(make) == made
    make.name = "Other"
    await refused(host.SaveProductSet(make), "REQUEST_ID_REUSED")
    change = cat.SaveProductSetRequest(
        request_id="t", shop_id=SHOP, product_set_id=made.product_set.product_set_id, name="Best", product_ids=ids[:1]
    )
    assert list((await host.SaveProductSet(change)).product_set.product_ids) == ids[:1]
    change.request_id, change.product_set_id = "u", str(uuid4())
    await refused(host.SaveProductSet(change), "PRODUCT_SET_NOT_FOUND")
    unknown = cat.SaveProductSetRequest(request_id="v", shop_id=SHOP, name="X", product_ids=[str(uuid4())])
    await refused(host.SaveProductSet(unknown), "PRODUCT_NOT_FOUND")
    twice = cat.SaveProductSetRequest(request_id="w", shop_id=SHOP, name="X", product_ids=[ids[0], ids[0]])
    await refused(host.SaveProductSet(twice), "INVALID_FIELD")


async def test_a_deleted_set_is_in_no_list(service: Any, refused: Any) -> None:
    host = service.user()
    ids = list((await host.ImportProducts(importing(product()))).product_ids)
    kept = await host.SaveProductSet(
        cat.SaveProductSetRequest(request_id="k", shop_id=SHOP, name="Best", product_ids=ids)
    )
    made = await host.SaveProductSet(cat.SaveProductSetRequest(request_id="s", shop_id=SHOP, name="B", product_ids=ids))
    gone = cat.DeleteProductSetRequest(request_id="d", shop_id=SHOP, product_set_id=made.product_set.product_set_id)
    position = (await host.DeleteProductSet(gone)).position
    assert (await host.DeleteProductSet(gone)).position == position
    listed = await host.ListProductSets(cat.ListProductSetsRequest(shop_id=SHOP, min_position=position))
    assert list(listed.product_sets) == [kept.product_set]
    gone.request_id, gone.product_set_id = "e", str(uuid4())
    await refused(host.DeleteProductSet(gone), "PRODUCT_SET_NOT_FOUND")


@pytest.mark.requirement("R35")
async def test_categories_and_labels_are_counted(service: Any, refused: Any) -> None:
    host = service.user()
    label = product_pb2.RECOMMENDATION_LABEL_NEW
    rows = [product("a", category="Pots"), product("b", category="Pots", label=label), product("c", category="Cups")]
    done = await host.ImportProducts(importing(*rows))
    ids = list(done.product_ids)
    gone = await host.ArchiveProduct(cat.ArchiveProductRequest(request_id="a", product_id=ids[2]))

    async def counted(**more: Any) -> tuple[dict[str, int], dict[int, int]]:
        asked = cat.ListProductCategoriesRequest(shop_id=SHOP, min_position=gone.position, **more)
        answer = await host.ListProductCategories(asked)
        named = {one.category: one.products for one in answer.categories}
        return named, {one.label: one.products for one in answer.labels}

    assert await counted() == ({"Pots": 2}, {label: 1})
    assert await counted(archived=True) == ({"Cups": 1}, {})
    foreign = cat.ListProductCategoriesRequest(shop_id=SHOP)
    await refused(service.foreigner().ListProductCategories(foreign), "SHOP_NOT_FOUND")


async def test_products_are_listed_by_id_and_by_invite(service: Any, refused: Any) -> None:
    host = service.user()
    done = await host.ImportProducts(importing(product("a", collab_invite="i-1"), product("b"), product("c")))

    async def listed(**more: Any) -> set[str]:
        asked = cat.ListProductsRequest(shop_id=SHOP, min_position=done.position, **more)
        return {one.product_id for one in (await host.ListProducts(asked)).products}

    assert await listed(product_ids=done.product_ids[1:]) == {*done.product_ids[1:]}
    assert await listed(invited_only=True) == {done.product_ids[0]}
    assert await listed(product_ids=[str(uuid4())]) == set()
    many = cat.ListProductsRequest(shop_id=SHOP, product_ids=[str(uuid4()) for _ in range(201)])
    await refused(host.ListProducts(many), "INVALID_FIELD")


@pytest.mark.requirement("D13", "D14")
async def test_history_comes_in_once_and_stays_as_it_is(service: Any, refused: Any) -> None:
    host = service.user()
    rows = [past(), past("8", gmv=Money(minor=123_456, currency="USD"))]
    first = await host.ImportSessions(history(*rows))
    assert (first.created, first.unchanged, len(first.session_ids)) == (2, 0, 2)
    again = await host.ImportSessions(history(*rows))
    assert (again.created, again.unchanged, again.session_ids) == (0, 2, first.session_ids)
    me = {"session_id": first.session_ids[0]}
    session = (await host.GetSession(ses.GetSessionRequest(**me))).session
    assert (session.source, session.state) == (pb.SESSION_SOURCE_IMPORT, pb.SESSION_STATE_ENDED)
    await refused(host.GoLive(ses.GoLiveRequest(request_id="g", **me)), "IMPORTED")
    await refused(host.WatchSession(ses.WatchSessionRequest(**me)), "IMPORTED")
    await refused(host.GetReplay(ses.GetReplayRequest(**me)), "IMPORTED")
    said = comment_pb.PostCommentRequest(
        request_id="c", viewer=viewer_pb2.ViewerIdentity(viewer_ref="v"), text="Hi", **me
    )
    await refused(service.connector().PostComment(said), "IMPORTED")


async def test_one_bad_row_keeps_history_out(service: Any, refused: Any) -> None:
    host = service.user()
    future = past("9")
    future.start_time.FromDatetime(datetime.now(UTC) - timedelta(hours=1))
    bad = [
        (past("9", duration_s=0), "INVALID_FIELD", "sessions[1].duration_s"),
        (past("9", duration_s=604_801), "INVALID_FIELD", "sessions[1].duration_s"),
        (past("9", views=-1), "INVALID_FIELD", "sessions[1].views"),
        (past("9", gmv=Money(minor=1, currency="EUR")), "WRONG_CURRENCY", "sessions[1].gmv.currency"),
        (past("9" * 65), "INVALID_FIELD", "sessions[1].reference"),
        (past("8"), "INVALID_FIELD", "sessions[1]"),
        (future, "IN_THE_FUTURE", "sessions[1].duration_s"),
    ]
    for row, reason, field in bad:
        refusal = await refused(host.ImportSessions(history(past("8"), row)), reason)
        assert refusal.metadata["field"] == field
    assert (await host.ImportSessions(history(past("8")))).created == 1
    other = history(past("6"), past("8", views=1))
    refusal = await refused(host.ImportSessions(other), "DIFFERENT_TOTALS")
    assert refusal.metadata == {"reference": "8", "differs": "views", "field": "sessions[1]"}
    assert (await host.ImportSessions(history(past("6")))).created == 1  # nothing of the refused call was kept
    await refused(service.foreigner().ImportSessions(history(past())), "ACCOUNT_NOT_FOUND")


@pytest.mark.requirement("D13")
async def test_a_reference_is_one_session_of_its_shop_whoever_hosts_it(service: Any, refused: Any) -> None:
    host = service.user()
    await host.ImportSessions(history(past("1"), past("2")))
    other = import_pb.ImportSessionsRequest(
        request_id="o", account_id=SECOND, sessions=[past("3"), past("2"), past("1")]
    )
    refusal = await refused(host.ImportSessions(other), "REFERENCE_TAKEN")
    assert refusal.metadata == {"reference": "2", "account_id": ACCOUNT, "field": "sessions[1]"}
    other.sessions.pop()
    other.sessions.pop()
    assert (await host.ImportSessions(other)).created == 1
    # Another shop's references are its own.
    theirs = import_pb.ImportSessionsRequest(request_id="f", account_id=FOREIGN, sessions=[past("1")])
    assert (await service.foreigner().ImportSessions(theirs)).created == 1


async def test_two_hosts_at_once_do_not_get_one_reference_twice(service: Any) -> None:
    host = service.user()
    asked = [
        import_pb.ImportSessionsRequest(
            request_id=uuid4().hex, account_id=account, sessions=[past("1"), past(account[-1:] * 2)]
        )
        for account in (ACCOUNT, SECOND)
    ]
    done = await asyncio.gather(*(host.ImportSessions(one) for one in asked), return_exceptions=True)
    refusals = [one for one in done if isinstance(one, Refusal)]
    assert [one.reason for one in refusals] == ["REFERENCE_TAKEN"]
    assert [one.created for one in done if not isinstance(one, Refusal)] == [2]


async def test_a_session_imported_under_an_older_form_stays_one(service: Any, database: str, refused: Any) -> None:
    host = service.user()
    home = AccountHome(UUID(ACCOUNT), UUID(SHOP), "USD")
    row = past_sessions.past("row", past("5"), home, datetime.now(UTC)).event
    row = msgspec.structs.replace(row, session_id=derive_id(home.account_id, "import", "5"))
    store, old = Store.postgres(database, DECIDERS), str(row.session_id)
    kept = await store.execute(SESSION, row.session_id, lambda _state, event: [event], row)
    await store.close()
    await host.ListSessions(board.ListSessionsRequest(min_position=kept.position))
    again = await host.ImportSessions(history(past("5"), past("6")))
    assert (again.created, again.unchanged, again.session_ids[0]) == (1, 1, old)
    other = import_pb.ImportSessionsRequest(request_id="o", account_id=SECOND, sessions=[past("5")])
    await refused(host.ImportSessions(other), "REFERENCE_TAKEN")
