"""ImportService over gRPC: a whole file with every problem, then all of it or nothing."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from import_files import (
    ACCOUNT,
    CATALOGUE,
    FOREIGN_SHOP,
    HEAD,
    HISTORY,
    HOSTS,
    SECOND,
    SHOP,
    applied,
    applying,
    checked,
    goods,
    past,
    settled,
    upload,
)

from showfloor.access.actor import Role
from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import analytics_service_pb2 as board
from showfloor.api.session.v1 import catalogue_service_pb2 as cat
from showfloor.api.session.v1 import import_service_pb2 as pb
from showfloor.api.session.v1 import product_pb2 as ses
from showfloor.eventstore.keyring import Keyring
from showfloor.eventstore.query import Database
from showfloor.eventstore.sealing import Sealing
from showfloor.kernel.refusal import Refusal
from showfloor.session.imports.edges.jobs import Jobs


async def problems(caller: Any, job: Any) -> list[tuple[int, str, str]]:
    found = await caller.ListImportProblems(pb.ListImportProblemsRequest(import_id=job.import_id))
    return [(one.line, one.column, one.value) for one in found.problems]


async def sessions(caller: Any, position: int = 0) -> list[Any]:
    names = ["views", "gmv"]
    page = await caller.ListSessions(board.ListSessionsRequest(min_position=position, metrics=names, page_size=200))
    return list(page.sessions)


def counts(job: Any) -> tuple[int, ...]:
    return (job.rows, job.created, job.unchanged, job.changed, job.problems)


@pytest.mark.requirement("D13")
async def test_history_is_checked_then_kept_as_a_whole(service: Any) -> None:
    host = service.user()
    job = await checked(host, HEAD + past("1") + past("2", "Bea") + past("3", gmv="", views=""))
    assert (job.state, counts(job), list(job.new_hosts)) == (pb.IMPORT_STATE_READY, (3, 3, 0, 0, 0), [])
    assert await sessions(host) == []
    done = await applied(host, job)
    assert (done.state, counts(done)) == (pb.IMPORT_STATE_APPLIED, (3, 3, 0, 0, 0))
    rows = await sessions(host, done.position)
    assert {(row.session.account_id, row.readings[0].value, row.readings[1].value) for row in rows} == {
        (ACCOUNT, 7, 1_050), (SECOND, 7, 1_050), (ACCOUNT, 0, 0),
    }  # fmt: skip
    again = await checked(host, HEAD + past("1") + past("2", "Bea") + past("4"))
    assert counts(again) == (3, 1, 2, 0, 0)


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (HISTORY, HEAD + past("1") + past("2", gmv="x") + past("3", at="2999-01-01T00:00:00Z"),
         [(3, "gmv_usd", "x"), (4, "started_at", "2999-01-01T00:00:00Z")]),
        (HISTORY, HEAD + past("caf\u00e9") + past("cafe\u0301"), [(3, "session", "cafe\u0301")]),
        (HISTORY, HEAD + past("1", title="n" * 121), [(2, "title", "n" * 40 + "…")]),
        (HISTORY, HEAD.replace("gmv_usd", "gmv_eur") + past("1"), [(0, "gmv_eur", "")]),
        (HISTORY, HEAD + past("1", views="9007199254740993"), [(2, "views", "9007199254740993")]),
        (HISTORY, HEAD + "".join(past(f"s{n}", f"host {n}") for n in range(201)), [(0, "host", "")]),
        (CATALOGUE, goods(700, p698="-1"), [(700, "price_usd", "-1")]),
        (CATALOGUE, goods(700, p3="99999999999.99"), [(5, "price_usd", "")]),
        (CATALOGUE, "product,price_usd\nA,1\nA,2\n", [(3, "product", "A")]),
        (CATALOGUE, b"\x00\xff\x00\xff not a table", [(1, "", "")]),
    ],
)  # fmt: skip
async def test_one_bad_row_keeps_the_whole_file_out(
    service: Any, refused: Any, kind: Any, text: Any, found: Any
) -> None:
    host = service.user()
    job = await checked(host, text, kind)
    assert (job.state, job.problems) == (pb.IMPORT_STATE_REFUSED, len(found))
    assert await problems(host, job) == found
    refusal = await refused(host.ApplyImport(applying(job)), "IMPORT_WRONG_STATE")
    assert refusal.metadata["state"] == "refused"
    assert await sessions(host) == []
    assert not (await host.ListProducts(cat.ListProductsRequest(shop_id=SHOP))).products


@pytest.mark.requirement("D13")
async def test_other_totals_are_a_correction_done_on_purpose(service: Any, refused: Any) -> None:
    host = service.user()
    first = await applied(host, await checked(host, HEAD + past("1") + past("2")))
    job = await checked(host, HEAD + past("1", gmv="1000.00", title="Right") + past("2") + past("3"))
    assert (job.state, counts(job)) == (pb.IMPORT_STATE_READY, (3, 1, 1, 1, 0))
    (change,) = (await host.ListImportChanges(pb.ListImportChangesRequest(import_id=job.import_id))).changes
    assert (change.line, change.reference) == (2, "1")
    assert [(one.name, one.before, one.after) for one in change.values] == [
        ("title", "Night", "Right"), ("gmv", "10.50", "1000.00"),
    ]  # fmt: skip
    refusal = await refused(host.ApplyImport(applying(job)), "CORRECTION_NEEDED")
    assert refusal.metadata == {"import_id": job.import_id, "changed": "1"}
    assert len(await sessions(host, first.position)) == 2
    done = await applied(host, job, correct=True)
    rows = {row.session.title: row.readings[1].value for row in await sessions(host, done.position)}
    assert rows == {"Right": 100_000, "Night": 1_050}
    (told,) = await service.public("SessionCorrected")
    assert (told.before.title, told.before.gmv.minor, told.after.title, told.after.gmv.minor) == (
        "Night", 1_050, "Right", 100_000,
    )  # fmt: skip


async def test_a_reference_under_another_host_is_refused_by_line(service: Any) -> None:
    host = service.user()
    await applied(host, await checked(host, HEAD + past("1") + past("2")))
    job = await checked(host, HEAD + past("3", "Bea") + past("2", "Bea") + past("1", "Cy"))
    assert job.state == pb.IMPORT_STATE_REFUSED
    found = (await host.ListImportProblems(pb.ListImportProblemsRequest(import_id=job.import_id))).problems
    assert [(one.line, one.column, one.value, one.problem) for one in found] == [
        (3, "session", "2", "is a session of Ana, not of Bea"), (4, "session", "1", "is a session of Ana, not of Cy"),
    ]  # fmt: skip


async def test_a_host_without_an_account_is_named_and_needs_one_before(service: Any, refused: Any) -> None:
    host = service.user()
    job = await checked(host, HEAD + past("1") + past("2", "Zoe\u0301") + past("3", "Zo\u00e9"))
    (new,) = job.new_hosts
    assert new.name == "Zo\u00e9"
    await refused(host.ApplyImport(applying(job)), "IMPORT_STALE")
    assert await sessions(host) == []
    done = await applied(host, job, hosts=[*HOSTS, new])
    assert (done.state, done.created) == (pb.IMPORT_STATE_APPLIED, 3)


async def test_what_the_file_does_not_tell_of_a_product_stays(service: Any) -> None:
    host = service.user()
    row = ses.Product(
        reference="sku-0000", title="Old", category="Pots", price=Money(minor=1, currency="USD"), commission_bps=250,
        label=ses.RECOMMENDATION_LABEL_NEW, collab_invite="secret", in_showcase=False,
    )  # fmt: skip
    kept = await host.ImportProducts(cat.ImportProductsRequest(request_id="p", shop_id=SHOP, products=[row]))
    job = await checked(host, goods(2), CATALOGUE)
    assert counts(job) == (2, 1, 0, 1, 0)
    (change,) = (await host.ListImportChanges(pb.ListImportChangesRequest(import_id=job.import_id))).changes
    assert [(one.name, one.before, one.after) for one in change.values] == [
        ("title", "Old", "Item 0"), ("category", "Pots", "Home"), ("price", "0.01", "15.00"),
    ]  # fmt: skip
    await applied(host, job)
    got = (await host.GetProduct(cat.GetProductRequest(product_id=kept.product_ids[0]))).product
    assert (got.title, got.price.minor, got.commission_bps) == ("Item 0", 1_500, 250)
    assert (got.label, got.collab_invite, got.in_showcase) == (ses.RECOMMENDATION_LABEL_NEW, "secret", False)


async def test_an_archived_product_is_named_by_its_line(service: Any) -> None:
    host = service.user()
    done = await applied(host, await checked(host, goods(2), CATALOGUE))
    page = await host.ListProducts(cat.ListProductsRequest(shop_id=SHOP, min_position=done.position))
    second = page.products[1]
    await host.ArchiveProduct(cat.ArchiveProductRequest(request_id="a", product_id=second.product_id))
    job = await checked(host, goods(3), CATALOGUE)
    assert job.state == pb.IMPORT_STATE_REFUSED
    assert await problems(host, job) == [(3, "product", "sku-0001")]


SHOPIFY = (
    "Handle,Title,Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,"
    "Variant Price,Image Src\n"
    "tee,Tee,Northway,Clothing,Size,S,T-S,shopify,4,{small},https://cdn.example/tee.jpg\n"
    "tee,,,,,{second},T-{second},shopify,3,17.00,\n"
    "mug,Mug,Northway,,Title,Default Title,MUG,,,9.50,\n"
)


async def test_an_export_of_shopify_becomes_products_with_variants(service: Any) -> None:
    host = service.user()
    job = await checked(host, SHOPIFY.format(small="15.00", second="L"), CATALOGUE)
    assert (job.format, counts(job)) == (pb.IMPORT_FORMAT_SHOPIFY, (2, 2, 0, 0, 0))
    columns = {one.column: (one.field, one.sample, one.left_out) for one in job.columns}
    assert columns["Variant Price"] == ("price", "15.00", "")
    assert columns["Vendor"] == ("", "Northway", "nobody_reads_it")
    done = await applied(host, job)
    page = await host.ListProducts(cat.ListProductsRequest(shop_id=SHOP, query="t-l", min_position=done.position))
    (listed,) = page.products  # found by a variant's reference
    assert (listed.title, listed.variant_count, list(listed.variants)) == ("Tee", 2, [])
    tee = (await host.GetProduct(cat.GetProductRequest(product_id=listed.product_id))).product
    assert (tee.price.minor, tee.stock, [one.name for one in tee.options]) == (1_500, 7, ["Size"])
    assert [(one.reference, list(one.values), one.stock) for one in tee.variants] == [
        ("T-S", ["S"], 4),
        ("T-L", ["L"], 3),
    ]

    again = await checked(host, SHOPIFY.format(small="15.00", second="L"), CATALOGUE)
    assert counts(again) == (2, 0, 2, 0, 0)
    other = await checked(host, SHOPIFY.format(small="14.00", second="XL"), CATALOGUE)
    (change,) = (await host.ListImportChanges(pb.ListImportChangesRequest(import_id=other.import_id))).changes
    assert [(one.name, one.before, one.after) for one in change.values] == [("price", "15.00", "14.00")]
    assert [(one.reference, one.name, pb.VariantChange.Name(one.change)[15:]) for one in change.variants] == [
        ("T-S", "S", "CHANGED"), ("T-XL", "XL", "ADDED"), ("T-L", "L", "REMOVED"),
    ]  # fmt: skip
    assert [(one.name, one.after) for one in change.variants[1].values] == [("price", "17.00"), ("stock", "3")]


async def test_a_file_of_unknown_columns_is_read_by_a_mapping(service: Any, refused: Any) -> None:
    host, file = service.user(), "Artikel,Preis\nA1,5\n"
    job = await checked(host, file, CATALOGUE)
    assert (job.state, job.format, list(job.missing_fields)) == (
        pb.IMPORT_STATE_REFUSED, pb.IMPORT_FORMAT_OTHER, ["product", "price"],
    )  # fmt: skip
    assert [(one.column, one.sample) for one in job.columns] == [("Artikel", "A1"), ("Preis", "5")]
    mapped = await checked(host, file, CATALOGUE, mapping=["product:Artikel", "price:Preis"])
    assert (mapped.state, counts(mapped)) == (pb.IMPORT_STATE_READY, (1, 1, 0, 0, 0))
    bad = upload(file, CATALOGUE, mapping=["product:Artikel", "prise:Preis"])
    assert (await refused(host.CreateImport(bad), "INVALID_FIELD")).metadata["field"] == "mapping[1]"
    history = upload(HEAD + past("1"), mapping=["product:x"])
    assert (await refused(host.CreateImport(history), "INVALID_FIELD")).metadata["field"] == "mapping"


async def test_an_import_sent_or_applied_again_has_the_same_outcome(service: Any, refused: Any) -> None:
    host, request = service.user(), upload(HEAD + past("1"), key="k1")
    job = await settled(host, getattr(await host.CreateImport(request), "import"))
    assert getattr(await host.CreateImport(request), "import") == job
    await refused(host.CreateImport(upload(HEAD + past("2"), key="k1")), "REQUEST_ID_REUSED")
    done = await applied(host, job, key="a1")
    assert await applied(host, job, key="a1") == done
    assert await applied(host, job, key="a2") == done
    await refused(
        host.DiscardImport(pb.DiscardImportRequest(request_id="d", import_id=job.import_id)), "IMPORT_WRONG_STATE"
    )
    # Applied once, it brings nothing back that was put right later.
    await applied(host, await checked(host, HEAD + past("1", views="8")), correct=True)
    assert await applied(host, job, key="a3") == done
    (row,) = await sessions(host)
    assert row.readings[0].value == 8


async def test_a_change_since_the_check_is_shown_before_overwriting(service: Any, refused: Any) -> None:
    host = service.user()
    await applied(host, await checked(host, HEAD + past("1")))
    one = await checked(host, HEAD + past("1", views="8") + past("2"))
    two = await checked(host, HEAD + past("1", views="9") + past("2"))
    await applied(host, one, correct=True)
    await refused(host.ApplyImport(applying(two, correct=True)), "IMPORT_STALE")
    two = await settled(host, two)
    assert (two.state, counts(two)) == (pb.IMPORT_STATE_READY, (2, 0, 1, 1, 0))
    (change,) = (await host.ListImportChanges(pb.ListImportChangesRequest(import_id=two.import_id))).changes
    assert [(v.name, v.before, v.after) for v in change.values] == [("views", "8", "9")]
    assert (await applied(host, two, correct=True)).state == pb.IMPORT_STATE_APPLIED


async def test_imports_of_one_shop_take_turns_others_run_side_by_side(service: Any) -> None:
    host, other = service.user(), service.foreigner()
    asked = [host.CreateImport(upload(goods(3_000), CATALOGUE)) for _ in range(3)]
    theirs = upload(goods(3_000), CATALOGUE, hosts=[])
    theirs.shop_id = FOREIGN_SHOP
    *mine, foreign = await asyncio.gather(*asked, other.CreateImport(theirs), return_exceptions=True)
    refusals = [one for one in mine if isinstance(one, Refusal)]
    assert {one.reason for one in refusals} <= {"IMPORT_RUNNING"}
    taken = [getattr(one, "import") for one in mine if not isinstance(one, Refusal)]
    assert taken and not isinstance(foreign, Refusal)
    jobs = [await settled(host, job) for job in taken]
    ours = await applied(host, jobs[0])
    done = await applied(other, await settled(other, getattr(foreign, "import")))
    assert (ours.created, done.created) == (3_000, 3_000)


async def test_foreign_imports_are_not_there_and_rights_differ_by_kind(service: Any, refused: Any) -> None:
    host, staff, other = service.user(), service.user(Role.ANALYST, Role.STAFF), service.foreigner()
    job = await checked(host, HEAD + past("1"))
    me = {"import_id": job.import_id}
    for call in (
        other.GetImport(pb.GetImportRequest(**me)),
        other.ListImportProblems(pb.ListImportProblemsRequest(**me)),
        other.ListImportChanges(pb.ListImportChangesRequest(**me)),
        other.ApplyImport(applying(job)),
        other.DiscardImport(pb.DiscardImportRequest(request_id="d", **me)),
        host.GetImport(pb.GetImportRequest(import_id=str(uuid4()))),
    ):
        await refused(call, "IMPORT_NOT_FOUND")
    await refused(other.CreateImport(upload(HEAD + past("1"))), "SHOP_NOT_FOUND")
    await refused(other.ListImports(pb.ListImportsRequest(shop_id=SHOP)), "SHOP_NOT_FOUND")
    await refused(staff.CreateImport(upload(HEAD + past("1"))), "PERMISSION")
    await refused(staff.ApplyImport(applying(job)), "PERMISSION")
    assert (await checked(staff, goods(1), CATALOGUE)).state == pb.IMPORT_STATE_READY
    await refused(host.CreateImport(upload(b"")), "INVALID_FIELD")
    await refused(host.CreateImport(upload(b"x" * (8 * 2**20 + 1))), "TOO_LARGE")
    await refused(host.CreateImport(upload(HEAD, 9)), "INVALID_FIELD")
    assert len((await host.ListImports(pb.ListImportsRequest(shop_id=SHOP))).imports) == 2


async def test_discarded_is_forgotten_and_cannot_be_applied(service: Any, refused: Any) -> None:
    host = service.user()
    job = await checked(host, HEAD + past("1"))
    request = pb.DiscardImportRequest(request_id="d", import_id=job.import_id)
    for _ in range(2):
        gone = getattr(await host.DiscardImport(request), "import")
        assert gone.state == pb.IMPORT_STATE_DISCARDED
    await refused(host.ApplyImport(applying(job)), "IMPORT_WRONG_STATE")
    assert await sessions(host) == []


async def test_so_many_checked_imports_and_no_more(service: Any, refused: Any) -> None:
    host = service.user()
    jobs = [await checked(host, goods(1), CATALOGUE) for _ in range(20)]
    refusal = await refused(host.CreateImport(upload(goods(1), CATALOGUE)), "TOO_MANY")
    assert refusal.metadata == {"field": "checked imports", "limit": "20"}
    await host.DiscardImport(pb.DiscardImportRequest(request_id="d", import_id=jobs[0].import_id))
    assert (await checked(host, goods(1), CATALOGUE)).state == pb.IMPORT_STATE_READY


async def test_pages_of_problems(service: Any, refused: Any) -> None:
    host = service.user()
    job = await checked(host, goods(300, **{f"p{n}": "x" for n in range(300)}), CATALOGUE)
    assert job.problems == 300
    lines: list[int] = []
    request = pb.ListImportProblemsRequest(import_id=job.import_id, page_size=120)
    while True:
        page = await host.ListImportProblems(request)
        lines += [one.line for one in page.problems]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert lines == list(range(2, 302))
    request.page_token = "made-up"
    await refused(host.ListImportProblems(request), "INVALID_FIELD")


@pytest.mark.requirement("D20")
async def test_a_file_and_what_it_tells_lie_sealed(service: Any, database: str) -> None:
    host = service.user()
    bad = await checked(host, HEAD + past("canary", at="canary-time"))
    good = await checked(host, HEAD + past("canary"))
    assert "canary-time" in str(await problems(host, bad)) and good.file_name == bad.file_name != ""
    with psycopg.connect(database) as edge:
        rows = (
            edge.execute("SELECT * FROM import_job").fetchall() + edge.execute("SELECT * FROM import_entry").fetchall()
        )
    held = b"".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)
    assert good.import_id.encode() in held
    assert not [word for word in ("canary", good.file_name) if word.encode() in held]


async def test_unapplied_imports_go_after_a_day_reports_after_a_month(
    service: Any, database: str, refused: Any, tmp_path: Path
) -> None:
    host = service.user()
    ready, done = await checked(host, HEAD + past("1")), await checked(host, HEAD + past("2"))
    await applied(host, done)
    with psycopg.connect(database, autocommit=True) as edge:
        rows = edge.execute(
            "SELECT import_id::text, expires_at - now(), content, parsed IS NULL FROM import_job"
        ).fetchall()
        kept = {key: (round(left / timedelta(days=1)), content, empty) for key, left, content, empty in rows}
        assert kept == {ready.import_id: (1, None, False), done.import_id: (30, None, True)}
        edge.execute("UPDATE import_job SET expires_at = now() - interval '1 second'")
        for job in (ready, done):
            await refused(host.GetImport(pb.GetImportRequest(import_id=job.import_id)), "IMPORT_NOT_FOUND")
        pool = Database(database)
        await pool.open()
        ring = Keyring(tmp_path / "keyring.sqlite")
        await Jobs(pool, Sealing(ring), timedelta(seconds=30)).sweep()
        assert not ring.destroy(scope="import"), "no backup tells of them, either"
        ring.close()
        await pool.close()
        assert edge.execute("SELECT count(*) FROM import_job").fetchone() == (0,)
    assert len(await sessions(host)) == 1  # what was done stands in the log
