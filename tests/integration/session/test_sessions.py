"""SessionService over gRPC: life, bag, replay, and who may."""

import asyncio
from datetime import timedelta
from functools import reduce
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from showfloor.access.actor import Role
from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1 import analytics_service_pb2 as analytics_pb
from showfloor.api.session.v1 import bag_service_pb2 as bag_pb
from showfloor.api.session.v1 import board_service_pb2 as board
from showfloor.api.session.v1 import catalogue_service_pb2 as cat
from showfloor.api.session.v1 import comment_service_pb2 as comment_pb
from showfloor.api.session.v1 import order_pb2, product_pb2, viewer_pb2
from showfloor.api.session.v1 import order_service_pb2 as order_pb
from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.api.session.v1 import session_service_pb2 as ses
from showfloor.api.session.v1.signal_service_pb2 import IngestSignalsRequest, SignalBatch
from showfloor.testing.waiting import until

SHOP, ACCOUNT, SECOND = (f"00000000-0000-0000-0000-{n:012d}" for n in (1, 2, 3))


@pytest.mark.requirement("R64", "R78", "R82", "R77", "R115", "R147")
async def test_a_session_from_open_to_end(service: Any, refused: Any) -> None:
    host = service.user()
    session = await service.opened(host)
    assert (session.title, session.state, session.currency) == ("Mugs 🏺", pb.SESSION_STATE_PREPARED, "USD")
    me = {"session_id": session.session_id}
    assert (await host.StartPractice(ses.StartPracticeRequest(request_id="p", **me))).session.state == 2
    assert (await host.EndPractice(ses.EndPracticeRequest(request_id="q", **me))).session.state == 1
    await refused(host.EndPractice(ses.EndPracticeRequest(request_id="q2", **me)), "NOT_PRACTISING")
    await refused(host.EndSession(ses.EndSessionRequest(request_id="e", **me)), "SESSION_NOT_LIVE")
    live = await host.GoLive(ses.GoLiveRequest(request_id="g", **me))
    again = await host.GoLive(ses.GoLiveRequest(request_id="g", **me))
    assert (again.position, again.session) == (live.position, live.session)
    await refused(host.StartPractice(ses.StartPracticeRequest(request_id="p2", **me)), "ALREADY_LIVE")
    await host.SetScript(ses.SetScriptRequest(request_id="s", script="Hello", **me))
    ended = await host.EndSession(ses.EndSessionRequest(request_id="e", **me))
    assert ended.session.state == pb.SESSION_STATE_ENDED
    again = await host.EndSession(ses.EndSessionRequest(request_id="e", **me))
    assert again.position == ended.position
    await refused(host.UpdateSession(ses.UpdateSessionRequest(request_id="u", title="x", **me)), "SESSION_ENDED")
    await refused(host.SetScript(ses.SetScriptRequest(request_id="s2", script="x", **me)), "SESSION_ENDED")
    await refused(host.GoLive(ses.GoLiveRequest(request_id="g2", **me)), "SESSION_ENDED")
    assert (await host.GetSession(ses.GetSessionRequest(**me))).session == ended.session


async def test_opening_again_is_the_same_session(service: Any, refused: Any) -> None:
    host = service.user()
    request = ses.OpenSessionRequest(request_id="r", account_id=ACCOUNT, title="A")
    first = await host.OpenSession(request)
    assert await host.OpenSession(request) == first
    request.title = "B"
    await refused(host.OpenSession(request), "REQUEST_ID_REUSED")


@pytest.mark.requirement("R64")
async def test_a_deleted_session_is_like_one_that_never_was(service: Any, database: str, refused: Any) -> None:
    host, viewer = service.user(), service.viewer
    session = await service.opened(host)
    me, gone = {"session_id": session.session_id}, "SESSION_NOT_FOUND"
    await host.StartPractice(ses.StartPracticeRequest(request_id="p", **me))
    await host.ReplyToComment(comment_pb.ReplyToCommentRequest(request_id="c", text="a try", **me))
    await refused(host.DeleteSession(ses.DeleteSessionRequest(request_id="d", **me)), "SESSION_NOT_PREPARED")
    await host.EndPractice(ses.EndPracticeRequest(request_id="q", **me))
    await refused(service.foreigner().DeleteSession(ses.DeleteSessionRequest(request_id="d", **me)), gone)
    await refused(service.user(Role.ASSISTANT, Role.STAFF).DeleteSession(
        ses.DeleteSessionRequest(request_id="d", **me)), "PERMISSION")  # fmt: skip
    done = await host.DeleteSession(ses.DeleteSessionRequest(request_id="d", **me))
    assert await host.DeleteSession(ses.DeleteSessionRequest(request_id="d", **me)) == done
    await refused(host.DeleteSession(ses.DeleteSessionRequest(request_id="d2", **me)), gone)

    await refused(host.GetSession(ses.GetSessionRequest(**me)), gone)
    await refused(host.GoLive(ses.GoLiveRequest(request_id="g", **me)), gone)
    await refused(host.ReplyToComment(comment_pb.ReplyToCommentRequest(request_id="c2", text="x", **me)), gone)
    await refused(host.ListComments(comment_pb.ListCommentsRequest(**me)), gone)
    await refused(host.GetBoard(board.GetBoardRequest(**me)), gone)
    await refused(viewer(session.session_id).WatchSession(ses.WatchSessionRequest(**me)), gone)
    batch = SignalBatch(
        batch_id="b", base_time=session.open_time, offset_ms=bytes(4), kind=b"\2", viewer=bytes(2), channel=b"\0",
        product=bytes(2), viewers=bytes(8), **me,
    )  # fmt: skip
    await refused(host.IngestSignals(IngestSignalsRequest(batch=batch)), gone)
    listed = await host.ListSessions(analytics_pb.ListSessionsRequest(min_position=done.position))
    assert session.session_id not in [summary.session.session_id for summary in listed.sessions]
    assert (await service.opened(host)).session_id != session.session_id

    async def forgotten() -> bool:
        async with await psycopg.AsyncConnection.connect(database) as connection:
            sql = "SELECT count(*) FROM stored_events WHERE topic LIKE 'session.signals_forgotten%'"
            return (await (await connection.execute(sql)).fetchone() or (0,))[0] == 1

    await until(forgotten)


async def test_viewers_are_told_where_the_show_is_played(service: Any, refused: Any) -> None:
    host = service.user()
    session = await service.opened(host)
    me, url = {"session_id": session.session_id}, "https://media.example.com/whep/1"
    request = ses.SetPlaybackRequest(request_id="p", kind=pb.PLAYBACK_KIND_WHEP, url=url, **me)
    done = await host.SetPlayback(request)
    assert await host.SetPlayback(request) == done
    await refused(service.foreigner().SetPlayback(request), "SESSION_NOT_FOUND")
    await refused(host.SetPlayback(ses.SetPlaybackRequest(request_id="p", **me)), "REQUEST_ID_REUSED")
    await host.GoLive(ses.GoLiveRequest(request_id="g", **me))
    watched = await service.viewer(session.session_id).WatchSession(ses.WatchSessionRequest(**me))
    assert watched.session.playback == pb.Playback(kind=pb.PLAYBACK_KIND_WHEP, url=url)
    gone = await host.SetPlayback(ses.SetPlaybackRequest(request_id="p2", **me))
    assert not gone.session.HasField("playback")


async def test_shapes(service: Any, refused: Any) -> None:
    host = service.user()
    bad = [
        (ses.OpenSessionRequest(request_id="", account_id=ACCOUNT, title="A"), "request_id"),
        (ses.OpenSessionRequest(request_id="a b", account_id=ACCOUNT, title="A"), "request_id"),
        (ses.OpenSessionRequest(request_id="r", account_id="7", title="A"), "account_id"),
        (ses.OpenSessionRequest(request_id="r", account_id=ACCOUNT, title="  "), "title"),
        (ses.OpenSessionRequest(request_id="r", account_id=ACCOUNT, title="x" * 121), "title"),
        (ses.OpenSessionRequest(request_id="r", account_id=ACCOUNT, title="a\nb"), "title"),
        (
            ses.OpenSessionRequest(request_id="r", account_id=ACCOUNT, title="A", recording=ses.Recording()),
            "recording.start_time",
        ),
    ]
    for request, field in bad:
        assert (await refused(host.OpenSession(request), "INVALID_FIELD")).metadata["field"] == field
    session = await service.opened(host)
    long = ses.SetScriptRequest(request_id="r", session_id=session.session_id, script="x" * 20_001)
    assert (await refused(host.SetScript(long), "INVALID_FIELD")).metadata["field"] == "script"


@pytest.mark.requirement("R74")
async def test_one_running_live_per_account(service: Any, refused: Any) -> None:
    host = service.user()
    sessions = [await service.opened(host) for _ in range(4)]
    other = await service.opened(host, UUID(SECOND))
    going = [host.GoLive(ses.GoLiveRequest(request_id="g", session_id=one.session_id)) for one in sessions]
    answers = await asyncio.gather(*going, return_exceptions=True)
    won = [answer.session.session_id for answer in answers if isinstance(answer, ses.GoLiveResponse)]
    lost = [answer for answer in answers if not isinstance(answer, ses.GoLiveResponse)]
    assert len(won) == 1
    assert {(one.reason, one.metadata["running_session_id"]) for one in lost} == {("ANOTHER_LIVE_RUNNING", won[0])}
    await host.GoLive(ses.GoLiveRequest(request_id="g", session_id=other.session_id))  # another account's
    await host.EndSession(ses.EndSessionRequest(request_id="e", session_id=won[0]))
    next_one = next(one.session_id for one in sessions if one.session_id != won[0])
    assert (await host.GoLive(ses.GoLiveRequest(request_id="g2", session_id=next_one))).session.state == 3


async def test_expected_version(service: Any, refused: Any) -> None:
    host = service.user()
    session = await service.opened(host)
    asked = {"session_id": session.session_id, "expected_version": session.version}
    first = await host.UpdateSession(ses.UpdateSessionRequest(request_id="a", title="B", **asked))
    assert first.session.version == session.version + 1
    late = ses.UpdateSessionRequest(request_id="b", title="C", **asked)
    assert (await refused(host.UpdateSession(late), "VERSION_CONFLICT")).metadata["version"] == "2"
    again = await host.UpdateSession(ses.UpdateSessionRequest(request_id="a", title="B", **asked))
    assert again == first


@pytest.mark.requirement("R24", "R25", "R26", "R28", "R29", "R30", "R31", "R33", "R35")
async def test_the_bag(service: Any, refused: Any) -> None:
    host = service.user()
    session, ids = await service.opened(host), await service.catalogue(host, 4)
    me = {"session_id": session.session_id}
    add = bag_pb.AddToBagRequest(request_id="1", source=product_pb2.PRODUCT_SOURCE_SHOWCASE, references=ids[:2], **me)
    added = await host.AddToBag(add)
    assert list(added.added_product_ids) == ids[:2]
    assert await host.AddToBag(add) == added
    made = cat.SaveProductSetRequest(request_id="s", shop_id=SHOP, name="Best", product_ids=ids[1:3])
    set_id = (await host.SaveProductSet(made)).product_set.product_set_id
    by_set = bag_pb.AddToBagRequest(request_id="2", source=product_pb2.PRODUCT_SOURCE_SET, references=[set_id], **me)
    assert list((await host.AddToBag(by_set)).added_product_ids) == [ids[2]]
    await host.MoveInBag(bag_pb.MoveInBagRequest(request_id="3", product_id=ids[2], number=1, **me))
    await host.RemoveFromBag(bag_pb.RemoveFromBagRequest(request_id="4", product_id=ids[0], **me))
    bag = await host.ListBag(bag_pb.ListBagRequest(**me))
    assert [(item.product.product_id, item.number) for item in bag.items] == [(ids[2], 1), (ids[1], 2)]
    found = await host.ListBag(bag_pb.ListBagRequest(query="MUG 1", **me))
    assert [item.product.product_id for item in found.items] == [ids[1]]
    pin = bag_pb.PinProductRequest(request_id="5", product_id=ids[1], **me)
    await refused(host.PinProduct(pin), "SESSION_NOT_LIVE")
    unknown = bag_pb.MoveInBagRequest(request_id="6", product_id=ids[0], number=1, **me)
    await refused(host.MoveInBag(unknown), "NOT_IN_BAG")
    await refused(
        host.MoveInBag(bag_pb.MoveInBagRequest(request_id="7", product_id=ids[1], number=3, **me)),
        "NUMBER_OUT_OF_RANGE",
    )
    for source, reference, reason in (
        (product_pb2.PRODUCT_SOURCE_SHOWCASE, str(uuid4()), "PRODUCT_NOT_FOUND"),
        (product_pb2.PRODUCT_SOURCE_SET, str(uuid4()), "PRODUCT_SET_NOT_FOUND"),
        (product_pb2.PRODUCT_SOURCE_LINK, "https://nowhere.example", "PRODUCT_NOT_FOUND"),
        (product_pb2.PRODUCT_SOURCE_COLLAB, "none", "PRODUCT_NOT_FOUND"),
        (product_pb2.PRODUCT_SOURCE_SHOWCASE, "x", "INVALID_FIELD"),
        (product_pb2.PRODUCT_SOURCE_UNSPECIFIED, "x", "INVALID_FIELD"),
    ):
        request = bag_pb.AddToBagRequest(request_id=uuid4().hex, source=source, references=[reference], **me)
        await refused(host.AddToBag(request), reason)


@pytest.mark.requirement("R31")
async def test_by_link_and_by_invite(service: Any) -> None:
    host = service.user()
    session = await service.opened(host)
    await service.catalogue(host, 1, link="https://shop.example/mug", collab_invite="inv-7")
    await service.catalogue(host, 2)  # replaces the first without link: the newest catalogue counts
    ids = await service.catalogue(host, 1, link="https://shop.example/mug", collab_invite="inv-7")
    for request_id, source, reference in (
        ("l", product_pb2.PRODUCT_SOURCE_LINK, "https://shop.example/mug"),
        ("c", product_pb2.PRODUCT_SOURCE_COLLAB, "inv-7"),
    ):
        answer = await host.AddToBag(
            bag_pb.AddToBagRequest(
                request_id=request_id, session_id=session.session_id, source=source, references=[reference]
            )
        )
        assert list(answer.added_product_ids) == (ids if request_id == "l" else [])


@pytest.mark.requirement("R32")
async def test_a_hundred_products(service: Any, refused: Any) -> None:
    host = service.user()
    session, ids = await service.opened(host), await service.catalogue(host, 101)
    me = {"session_id": session.session_id, "source": product_pb2.PRODUCT_SOURCE_SHOWCASE}
    full = await host.AddToBag(bag_pb.AddToBagRequest(request_id="1", references=ids[:100], **me))
    assert full.session.bag_size == 100
    refusal = await refused(
        host.AddToBag(bag_pb.AddToBagRequest(request_id="2", references=ids[100:], **me)), "BAG_FULL"
    )
    assert refusal.metadata == {"limit": "100", "would_be": "101"}


@pytest.mark.requirement("R30", "R73")
async def test_pins_keep_their_intervals(service: Any) -> None:
    host = service.user()
    session, ids = await service.on_air(host)
    me = {"session_id": session.session_id}
    for number, product_id in enumerate([*ids, ids[0]]):
        answer = await host.PinProduct(bag_pb.PinProductRequest(request_id=f"p{number}", product_id=product_id, **me))
        assert answer.session.pinned_product_id == product_id
    await host.UnpinProduct(bag_pb.UnpinProductRequest(request_id="u", product_id=ids[0], **me))
    pins = (await host.ListBag(bag_pb.ListBagRequest(**me))).pins
    assert [pin.product_id for pin in pins] == [ids[0], ids[1], ids[0]]
    assert all(pin.HasField("end_time") for pin in pins)


@pytest.mark.requirement("R79")
async def test_practice_is_invisible_to_viewers(service: Any, refused: Any) -> None:
    host = service.user()
    session = await service.opened(host)
    viewer = service.viewer(session.session_id)
    watch = ses.WatchSessionRequest(session_id=session.session_id)
    comment = comment_pb.PostCommentRequest(request_id="c", session_id=session.session_id, text="Hi")
    for request_id in ("prepared", "practice"):
        await refused(viewer.WatchSession(watch), "SESSION_NOT_FOUND")
        await refused(viewer.PostComment(comment), "SESSION_NOT_FOUND")
        await refused(host.WatchSession(watch), "SESSION_NOT_FOUND")
        await host.StartPractice(ses.StartPracticeRequest(request_id=request_id, session_id=session.session_id))
    reply = comment_pb.ReplyToCommentRequest(request_id="r", session_id=session.session_id, text="Testing")
    practised = (await host.ReplyToComment(reply)).comment_id
    await host.PinComment(
        comment_pb.PinCommentRequest(request_id="pc", session_id=session.session_id, comment_id=practised)
    )
    await host.GoLive(ses.GoLiveRequest(request_id="g", session_id=session.session_id))
    seen = await viewer.WatchSession(watch)
    assert (seen.session.state, seen.session.script, seen.session.version) == (pb.SESSION_STATE_LIVE, "", 0)
    assert not seen.HasField("pinned_comment")
    await refused(
        host.PinComment(
            comment_pb.PinCommentRequest(request_id="p2", session_id=session.session_id, comment_id=practised)
        ),
        "COMMENT_NOT_FOUND",
    )


@pytest.mark.requirement("R114", "R146", "R172")
async def test_replay(service: Any, refused: Any) -> None:
    host = service.user()
    session, _ = await service.on_air(host)
    me = {"session_id": session.session_id}
    keep = ses.RecordReplayRequest(request_id="k", url="https://cdn.example/1.mp4", **me)
    await refused(host.RecordReplay(keep), "SESSION_RUNNING")
    await refused(host.GetReplay(ses.GetReplayRequest(**me)), "REPLAY_EXPIRED")
    ended = (await host.EndSession(ses.EndSessionRequest(request_id="e", **me))).session
    for url in ("http://cdn.example/1", "javascript:alert(1)", "https://", "https://x y"):
        bad = ses.RecordReplayRequest(request_id="b", url=url, **me)
        assert (await refused(host.RecordReplay(bad), "INVALID_FIELD")).metadata["field"] == "url"
    kept = await host.RecordReplay(keep)
    assert kept.expire_time.ToDatetime() == ended.end_time.ToDatetime() + timedelta(days=30)
    assert (await host.GetReplay(ses.GetReplayRequest(**me))).url == keep.url
    service.now.ahead = timedelta(days=30)
    await refused(host.GetReplay(ses.GetReplayRequest(**me)), "REPLAY_EXPIRED")


async def test_viewers_see_no_commission_and_no_invite(service: Any) -> None:
    host = service.user()
    await service.catalogue(host, 2, collab_invite="only-for-partners")
    session, _ = await service.on_air(host)
    await service.catalogue(host, 2, collab_invite="only-for-partners")
    me = {"session_id": session.session_id}
    seen = await service.viewer(session.session_id).WatchSession(ses.WatchSessionRequest(**me))
    assert len(seen.items) == 2
    for shown in seen.items:
        assert (shown.product.price.minor, shown.product.commission_bps, shown.product.collab_invite) == (999, 0, "")
    (kept, _) = (await host.ListBag(bag_pb.ListBagRequest(**me))).items
    assert (kept.product.commission_bps, kept.product.collab_invite) == (250, "only-for-partners")


async def test_foreign_sessions_are_missing_ones(service: Any, refused: Any) -> None:
    host, foreigner = service.user(), service.foreigner()
    session, ids = await service.on_air(host)
    me = {"session_id": session.session_id, "request_id": "x"}
    get = ses.GetSessionRequest(session_id=session.session_id)
    for caller in (foreigner, service.viewer(str(uuid4()))):
        await refused(caller.GetSession(get), "SESSION_NOT_FOUND")
        await refused(caller.EndSession(ses.EndSessionRequest(**me)), "SESSION_NOT_FOUND")
        await refused(caller.PinProduct(bag_pb.PinProductRequest(product_id=ids[0], **me)), "SESSION_NOT_FOUND")
    await refused(host.GetSession(ses.GetSessionRequest(session_id=str(uuid4()))), "SESSION_NOT_FOUND")
    moderator = service.user(Role.MODERATOR, Role.MEMBER)
    await refused(moderator.EndSession(ses.EndSessionRequest(**me)), "PERMISSION")
    request = ses.OpenSessionRequest(request_id="r", account_id=ACCOUNT, title="A")
    await refused(foreigner.OpenSession(request), "ACCOUNT_NOT_FOUND")


async def test_a_foreign_id_answers_word_for_word_like_an_unknown_one(service: Any, rid: Any) -> None:
    host, foreigner = service.user(), service.foreigner()
    session, ids = await service.on_air(host)
    order = order_pb.PlaceOrderRequest(
        request_id="o", session_id=session.session_id, reference="o", viewer=viewer_pb2.ViewerIdentity(viewer_ref="v1"),
        items=[order_pb2.OrderItem(product_id=ids[0], quantity=1, unit_price=Money(minor=999, currency="USD"))],
    )  # fmt: skip
    order_id = (await host.PlaceOrder(order)).order.order_id

    async def answer(caller: Any, session_id: str, order_id: str, product_id: str) -> list[str]:
        me = {"session_id": session_id}
        signals = SignalBatch(
            batch_id="b", base_time=session.start_time, offset_ms=bytes(4), kind=b"\2", viewer=bytes(2), channel=b"\0",
            product=bytes(2), viewers=bytes(8), **me,
        )  # fmt: skip
        calls = [
            caller.GetSession(ses.GetSessionRequest(**me)),
            caller.GetBoard(board.GetBoardRequest(**me)),
            caller.PayOrder(order_pb.PayOrderRequest(request_id=rid(), order_id=order_id, **me)),
            caller.GetProduct(cat.GetProductRequest(product_id=product_id)),
            caller.IngestSignals(IngestSignalsRequest(batch=signals)),
        ]
        found = await asyncio.gather(*calls, return_exceptions=True)
        words = {session_id: "<session>", order_id: "<order>", product_id: "<product>"}
        return [reduce(lambda text, word: text.replace(word, words[word]), words, repr(one)) for one in found]

    foreign = await answer(foreigner, session.session_id, order_id, ids[0])
    assert all("NOT_FOUND" in text for text in foreign), foreign
    assert foreign == await answer(foreigner, *(str(uuid4()) for _ in range(3)))


@pytest.mark.requirement("D13")
async def test_a_recording_plays_in_its_own_time(service: Any, refused: Any) -> None:
    host = service.user()
    ids = await service.catalogue(host, 2)
    start = service.now() - timedelta(days=40)
    request = ses.OpenSessionRequest(request_id="r", account_id=ACCOUNT, title="Old")
    request.recording.start_time.FromDatetime(start)
    request.recording.simulated = True
    session = (await host.OpenSession(request)).session
    me = {"session_id": session.session_id}
    await host.AddToBag(
        bag_pb.AddToBagRequest(request_id="b", source=product_pb2.PRODUCT_SOURCE_SHOWCASE, references=ids, **me)
    )
    live = (await host.GoLive(ses.GoLiveRequest(request_id="g", **me))).session
    assert (live.start_time.ToDatetime(), live.simulated, live.source) == (start.replace(tzinfo=None), True, 2)
    pin = bag_pb.PinProductRequest(request_id="p", product_id=ids[0], **me)
    pin.time.FromDatetime(start + timedelta(minutes=5))
    await host.PinProduct(pin)
    end = ses.EndSessionRequest(request_id="e", **me)
    end.end_time.FromDatetime(start + timedelta(minutes=4))
    await refused(host.EndSession(end), "OUTSIDE_SESSION")
    end.end_time.FromDatetime(start + timedelta(hours=16))
    assert (await host.EndSession(end)).session.state == pb.SESSION_STATE_ENDED
    (kept,) = (await host.ListBag(bag_pb.ListBagRequest(**me))).pins
    assert kept.end_time == end.end_time
